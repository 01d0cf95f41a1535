"""What an operator types about a person."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from antigone.accounts import rules
from antigone.accounts.models import Person, Role


class PersonForm(forms.ModelForm[Person]):
    """A person, their roles and, when it must be replaced, their password; `by` is the operator."""

    by: Person

    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    new_password = forms.CharField(
        label=_("new password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        required=False,
        strip=False,
        help_text=_(
            "Leave it empty to keep the one that the person has. A new one ends the person’s sessions."
        ),
    )

    class Meta:
        model = Person
        fields = ["name", "email", "organisation", "groups", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self._held())

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_new_password(self) -> str:
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.instance)
        return password

    def clean_is_active(self) -> bool:
        """Refuse to close the account of whoever nobody may send away."""
        is_active = bool(self.cleaned_data["is_active"])
        if not is_active and self.instance.pk and rules.is_kept(self.instance):
            raise forms.ValidationError(
                _("The account of a guarantor stays open until their convention is closed or they step down.")
            )
        return is_active

    def clean_roles(self) -> list[str]:
        """Refuse what the operator may not give or take, and roles that exclude each other."""
        roles = set(self.cleaned_data["roles"])
        held = self._held()
        if Role.OPERATOR in roles and roles & rules.NEVER_AN_OPERATORS:
            raise forms.ValidationError(
                _("An operator cannot also be a guarantor, a facilitator or an elected official.")
            )
        may_change = all(
            rules.may_change_role(self.by, self.instance) and (role in roles or role != Role.GUARANTOR)
            for role in roles ^ held
        )
        if not may_change:
            raise forms.ValidationError(
                _("Nobody changes their own roles, and no operator takes a guarantor’s role away.")
            )
        return sorted(roles)

    def _held(self) -> set[str]:
        return {held.role for held in self.instance.roles.all()} if self.instance.pk else set()
