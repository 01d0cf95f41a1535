from django.apps import AppConfig


class ConventionConfig(AppConfig):
    name = "antigone.convention"

    def ready(self) -> None:
        """Keep its guarantors in accounts, have draws heed its freezes and statements know who cites them."""
        from antigone.accounts.rules import KEEPERS  # noqa: PLC0415 (once models are loaded)
        from antigone.consultation.rules import CITERS  # noqa: PLC0415
        from antigone.convention.provenance import list_citing_proposals  # noqa: PLC0415
        from antigone.convention.rules import is_draw_stopped, is_kept  # noqa: PLC0415
        from antigone.selection.rules import STOPPERS  # noqa: PLC0415

        if is_kept not in KEEPERS:
            KEEPERS.append(is_kept)
        if is_draw_stopped not in STOPPERS:
            STOPPERS.append(is_draw_stopped)
        if list_citing_proposals not in CITERS:
            CITERS.append(list_citing_proposals)
