"""The command line: `antigone …`."""


def main() -> None:
    """Run a command."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line()
