"""What operators manage: people, organisations, groups and roles. No conversation is ever shown here."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from antigone.accounts import actions
from antigone.accounts.forms import PersonForm
from antigone.accounts.models import Group, Organisation, Person

admin.site.site_header = admin.site.site_title = "Antigone"


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin[Person]):
    form = PersonForm
    list_display = ["name", "email", "organisation", "is_active", "last_login"]
    list_filter = ["is_active", "roles__role", "organisation"]
    search_fields = ["name", "email"]
    filter_horizontal = ["groups"]
    list_select_related = ["organisation"]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tell the form which operator fills it in."""
        return type("OperatorsForm", (super().get_form(request, *args, **kwargs),), {"by": request.user})

    @transaction.atomic
    def save_model(self, request: HttpRequest, person: Person, form: PersonForm, change: bool) -> None:
        """Save the person by the same actions as everywhere else."""
        assert isinstance(request.user, Person)
        if not change:
            person.set_unusable_password()
        person.save()
        actions.change_roles(person=person, roles=form.cleaned_data["roles"], by=request.user)
        if password := form.cleaned_data["new_password"]:
            actions.set_password(person=person, password=password)
        if not person.is_active:
            actions.end_sessions(person=person)

    def has_delete_permission(self, request: HttpRequest, person: Person | None = None) -> bool:
        """Refuse: an account is closed, so that what it signed keeps its name."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    list_display = ["name", "kind"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin[Group]):
    list_display = ["name", "organisation"]
    list_filter = ["organisation"]
