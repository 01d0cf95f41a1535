"""Where django-allauth asks what this city allows."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from antigone.errors import TooManyTries


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are given by an operator, so that agents are agents."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse with 429, before the password is looked at, whoever was wrong too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise TooManyTries(
                "too_many_sign_ins",
                gettext_noop(
                    "There were too many wrong passwords. Wait five minutes, then try again; "
                    "if you forgot it, ask for a new one."
                ),
            ) from error
