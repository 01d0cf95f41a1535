"""What the base template knows of the installation."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from antigone.accounts.models import Installation


def demonstration(request: HttpRequest) -> dict[str, object]:
    """Return whether the city, its people and its documents are invented, and whether mail can leave."""
    return {
        "demo": SimpleLazyObject(Installation.objects.is_demo),
        "can_send_mail": bool(settings.MAIL_RELAY),
    }
