from django.apps import AppConfig


class ConventionConfig(AppConfig):
    name = "antigone.convention"

    def ready(self) -> None:
        """Have accounts keep the guarantors of this room, and draws heed its freezes."""
        from antigone.accounts.rules import KEEPERS  # noqa: PLC0415 (once models are loaded)
        from antigone.convention.rules import is_draw_stopped, is_kept  # noqa: PLC0415
        from antigone.selection.rules import STOPPERS  # noqa: PLC0415

        if is_kept not in KEEPERS:
            KEEPERS.append(is_kept)
        if is_draw_stopped not in STOPPERS:
            STOPPERS.append(is_draw_stopped)
