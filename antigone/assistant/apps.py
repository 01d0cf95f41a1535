from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "antigone.assistant"

    def ready(self) -> None:
        """Offer the built-in engine to programmes, so that a machine without any weights answers them too."""
        from antigone.assistant.asking import EXTRACTIVE_MODEL  # noqa: PLC0415 (once models are loaded)
        from antigone.assistant.extractive import answer_programme  # noqa: PLC0415
        from antigone.gateway.snapshot import BUILT_IN  # noqa: PLC0415

        BUILT_IN[EXTRACTIVE_MODEL.name] = (EXTRACTIVE_MODEL, answer_programme)
