"""What guarantors sign, what seats answer, who replaces whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.selection.models import Draw, Replacement, Seat
from antigone.selection.people import list_guarantors


class CosignersForm(forms.Form):
    """The guarantors who may be asked to sign and are not yet."""

    def __init__(self, data: Any = None, *, draw: Draw) -> None:
        super().__init__(data)
        self.fields["people"] = forms.ModelMultipleChoiceField(
            list_guarantors().exclude(draws_to_cosign=draw),
            label=_("Guarantors to ask"),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("The signature of one of them is enough. Once asked, only they can step down."),
        )


class SignForm(forms.Form):
    root = forms.CharField(widget=forms.HiddenInput, max_length=64)
    sentence = forms.CharField(
        label=_("A sentence to go with your signature"),
        max_length=500,
        required=False,
        help_text=_("Everybody will read it, with your name and the hour."),
    )


class RefuseForm(forms.Form):
    root = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label=_("Why"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody will read it, with your name."),
    )


class SeatAnswerForm(forms.Form):
    holder = forms.IntegerField(min_value=1)
    state = forms.ChoiceField(choices=Seat.State.choices)


class LettersForm(forms.Form):
    for_all = forms.TypedChoiceField(
        label=_("Codes for"),
        choices=[
            ("no", _("those who have none yet")),
            ("yes", _("everybody who has not answered: the codes sent before become worthless")),
        ],
        coerce=lambda choice: choice == "yes",
        initial="no",
        widget=forms.RadioSelect,
    )


class ReplaceForm(forms.Form):
    newcomer = forms.CharField(widget=forms.HiddenInput, max_length=20)
    reason = forms.ChoiceField(
        label=_("The holder of the seat"), choices=Replacement.Reason.choices, widget=forms.RadioSelect
    )
    decided_because = forms.CharField(
        label=_("Why this person is called"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody will read it. Name nobody."),
    )

    def __init__(self, data: Any = None, *, needs_reason: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if not needs_reason:
            del self.fields["decided_because"]


class SeatCodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code of your letter"),
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        ),
        help_text=_("Twelve signs, such as 0A1B-2C3D-4E5F. Hyphens and capitals make no difference."),
    )


class MembershipForm(forms.Form):
    person = forms.CharField(
        label=_("Pseudonym"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Such as r0042: the team gave it to you, or the page of your code did."),
    )
