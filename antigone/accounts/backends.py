"""Whom a session stands for."""

from allauth.account.auth_backends import AuthenticationBackend

from antigone.accounts.models import Installation, Person


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Load people with their roles, and shut invented people out of a real city's database."""

    def user_can_authenticate(self, user: Person) -> bool:
        return user.is_active and (not user.is_demo or Installation.objects.is_demo())

    def get_user(self, user_id: int) -> Person | None:
        person = Person.objects.prefetch_related("roles").filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None

    async def aget_user(self, user_id: int) -> Person | None:
        person = await Person.objects.prefetch_related("roles").filter(pk=user_id).afirst()
        if person is None or not person.is_active:
            return None
        return (
            person
            if not person.is_demo or await Installation.objects.filter(is_demo=True).aexists()
            else None
        )
