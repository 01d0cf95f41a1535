from django.apps import AppConfig


class ConventionConfig(AppConfig):
    name = "antigone.convention"

    def ready(self) -> None:
        """Have accounts keep the guarantors of this room."""
        from antigone.accounts.rules import KEEPERS  # noqa: PLC0415 (once models are loaded)
        from antigone.convention.rules import is_kept  # noqa: PLC0415

        if is_kept not in KEEPERS:
            KEEPERS.append(is_kept)
