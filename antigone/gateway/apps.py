from typing import Any

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "antigone.gateway"

    def ready(self) -> None:
        """Count the changes of whatever the processes of the gateway hold in memory."""
        from django.db.models.signals import post_delete, post_save  # noqa: PLC0415 (once models are loaded)

        from antigone.accounts.models import Organisation, Person  # noqa: PLC0415
        from antigone.gateway.models import DeclaredEngine, Key, Limit, Passport  # noqa: PLC0415
        from antigone.register.models import Use  # noqa: PLC0415

        for model in (Use, Key, Limit, Passport, DeclaredEngine, Person, Organisation):
            post_save.connect(count_change, sender=model)
            post_delete.connect(count_change, sender=model)


def count_change(sender: Any, update_fields: frozenset[str] | None = None, **kwargs: Any) -> None:
    """Count a change, in its transaction. Signing in, and choosing a language, change nothing here."""
    from antigone.gateway.models import Revision  # noqa: PLC0415

    if update_fields is not None and update_fields <= {"last_login", "language", "password"}:
        return
    Revision.objects.advance()
