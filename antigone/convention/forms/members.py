"""What is typed about members, and by them."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from antigone.convention.actions.members import NewMember
from antigone.convention.forms.people_files import MOST_BYTES, read_people
from antigone.convention.models import Convention, Identity, Note, Payment


class PeopleForm(forms.Form):
    """A file, or lines that were pasted."""

    file = forms.FileField(label=_("File (CSV)"), required=False, allow_empty_file=True)
    lines = forms.CharField(
        label=_("Or lines pasted from a table"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "The first line names the columns: name;contact;needs;age;gender… All but name, contact and needs are "
            "features, shown to the public in totals only."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, lines = cleaned.get("file"), cleaned.get("lines")
        if file is None and not lines:
            raise ValidationError(_("Choose a file, or paste lines."))
        data = file.read(MOST_BYTES + 1) if file is not None else str(lines).encode()
        cleaned["people"] = read_people(data, file.name if file is not None else "")
        return cleaned

    def get_people(self) -> list[NewMember]:
        people: list[NewMember] = self.cleaned_data["people"]
        return people


class IdentityForm(forms.ModelForm[Identity]):
    class Meta:
        model = Identity
        fields: ClassVar[list[str]] = ["name", "contact", "needs"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"needs": forms.Textarea(attrs={"rows": 3})}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your personal code"),
        max_length=100,
        help_text=_("Twelve signs, on the sheet that the team gave you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class JoinForm(CodeForm):
    """The code, and the account that it opens."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("A password"),
        max_length=500,
        strip=False,
        help_text=_("12 characters at least: a few words that nobody would guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class PseudonymForm(forms.Form):
    pseudonym = forms.CharField(
        label=_("Your name in public"),
        max_length=60,
        help_text=_("A given name that does not let people find you."),
    )


class NoteForm(forms.ModelForm[Note]):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Note
        fields: ClassVar[list[str]] = ["text"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"text": forms.Textarea(attrs={"rows": 6})}


class PaymentForm(forms.ModelForm[Payment]):
    """Costs of one member, named by the number of their seat."""

    number = forms.TypedChoiceField(label=_("Member"), coerce=int)

    class Meta:
        model = Payment
        fields: ClassVar[list[str]] = ["kind", "label", "amount"]

    field_order = ["number", "kind", "label", "amount"]

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["number"]
        assert isinstance(number, forms.TypedChoiceField)
        number.choices = [
            (member.number, f"{member.number} · {member.identity.name}")
            for member in convention.members.select_related("identity")
            if hasattr(member, "identity")
        ]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.TypedChoiceField)
        kind.choices = [choice for choice in Payment.Kind.choices if choice[0] != Payment.Kind.INDEMNITY]
        self.fields["amount"].min_value = 0  # type: ignore[attr-defined]
