"""Where django-allauth asks what this city allows."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are given by an operator, so that agents are agents."""
        return False
