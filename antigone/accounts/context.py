"""What the base template knows of the installation."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from antigone.accounts.models import Installation


def demonstration(request: HttpRequest) -> dict[str, object]:
    """Return whether the city, its people and its documents are invented."""
    return {"demo": SimpleLazyObject(Installation.objects.is_demo)}
