"""The web app, and the check of its navigation."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.urls import NoReverseMatch, reverse


class WebConfig(AppConfig):
    name = "antigone.web"

    def ready(self) -> None:
        register(check_navigation)


def check_navigation(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each entry of the navigation that leads nowhere."""
    missing = []
    for name in [
        *(name for _label, name in settings.NAVIGATION + settings.FOOTER_NAVIGATION),
        settings.MY_DATA,
    ]:
        try:
            reverse(name)
        except NoReverseMatch:
            missing.append(name)
    return [
        Warning(
            f"The navigation names “{name}”, which no urls.py has.",
            hint="Correct NAVIGATION, FOOTER_NAVIGATION or MY_DATA in the settings.",
            id="web.W001",
        )
        for name in missing
    ]
