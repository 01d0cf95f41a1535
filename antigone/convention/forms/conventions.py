"""What the team types: the mandate, who is appointed, reasons, where things are published, which draw."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.convention.actions.mandate import MANDATE
from antigone.convention.checklist import RECORDED
from antigone.convention.models import Appointment, Convention, Publication
from antigone.selection.models import Draw
from antigone.web.forms import DayInput


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MandateForm(forms.ModelForm[Convention]):
    """The whole mandate, with the version that was read; anything but the title may still be missing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    seats = forms.IntegerField(label=_("Members"), min_value=1, max_value=10_000, initial=40)
    budget = forms.DecimalField(
        label=_("Budget in euros"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    indemnity = forms.DecimalField(
        label=_("Indemnity of a member for a day, in euros"),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        initial=0,
    )
    vote_threshold = forms.IntegerField(
        label=_("Threshold: a text is kept above this share of “Good” and “Very good”, in %"),
        min_value=1,
        max_value=99,
        initial=50,
    )
    vote_quorum = forms.IntegerField(
        label=_("Quorum: a vote counts from this share of the members on, in %"),
        min_value=1,
        max_value=100,
        initial=50,
    )
    language = forms.ChoiceField(
        label=_("Language of the convention"), choices=settings.LANGUAGES, initial=settings.LANGUAGE_CODE
    )

    class Meta:
        model = Convention
        fields = MANDATE
        labels = {
            "question": _("The question put to the members"),
            "commissioner": _("Who puts it"),
            "context": _("Why this convention"),
            "commitment": _("What the elected officials commit to"),
            "criteria": _("Criteria of the panel"),
            "funding": _("Who pays"),
            "answers_due_date": _("Each proposal is answered in public by"),
        }
        help_texts = {
            "question": _("In plain words: it is the first thing that everybody reads."),
            "commissioner": _("“The city council”, with who speaks for it."),
            "commitment": _("What will be done with each proposal, and by whom."),
            "criteria": _("Age, gender, district… and where the figures come from."),
            "answers_due_date": _(
                "Shown in red to everybody from the day after, while a proposal has no answer."
            ),
        }
        widgets = {
            "question": _area(3),
            "context": _area(6),
            "commitment": _area(4),
            "criteria": _area(4),
            "funding": _area(3),
            "starts_date": DayInput(),
            "ends_date": DayInput(),
            "answers_due_date": DayInput(),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("question", "commissioner"):
            self.fields[name].required = False
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_date"), cleaned.get("ends_date")
        due = cleaned.get("answers_due_date")
        if first and last and last < first:
            self.add_error("ends_date", _("The last day is before the first."))
        if last and due and due < last:
            self.add_error("answers_due_date", _("The answers cannot be due before the last day."))
        return cleaned

    def get_mandate(self) -> dict[str, Any]:
        """Return the mandate as it was typed, without the version."""
        return {name: self.cleaned_data[name] for name in MANDATE}


class CorrectionForm(MandateForm):
    """The published mandate, and why it is changed."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=2_000,
        widget=_area(3),
        help_text=_("Everybody reads it, beside what the mandate said before."),
    )


class AppointForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of their account"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Appointment.Role.choices)
    title = forms.CharField(
        label=_("Function, as the public reads it"),
        max_length=200,
        required=False,
        help_text=_(
            "“Deputy mayor for digital affairs”, “lawyer, guarantor named by the national commission”."
        ),
    )


class ReasonForm(forms.Form):
    """A reason that everybody reads."""

    reason = forms.CharField(
        label=_("Why"), max_length=2_000, widget=_area(4), help_text=_("Everybody reads it.")
    )


class QuietReasonForm(ReasonForm):
    """The same, where nobody reads it yet."""

    reason = forms.CharField(label=_("Why"), max_length=2_000, widget=_area(2), required=False)


class AddressForm(forms.Form):
    """Where something is published."""

    kind = forms.ChoiceField(
        label=_("What is published"),
        choices=[(kind.value, kind.label) for kind in Publication.Kind if kind in RECORDED],
    )
    address = forms.CharField(
        label=_("Address of the page"),
        max_length=500,
        help_text=_("https://… elsewhere, or /… on this site."),
    )


class DrawForm(forms.Form):
    """One of the organisation's draws that no other convention has; its own again, to ask newer guarantors to sign."""

    draw = forms.ModelChoiceField(queryset=Draw.objects.none(), label=_("The draw"))

    def __init__(self, data: Any = None, *, convention: Convention) -> None:
        super().__init__(data)
        is_free = Q(convention=None) | Q(convention=convention)
        free = Draw.objects.filter(is_free, organisation=convention.organisation_id)
        self.fields["draw"].queryset = free  # type: ignore[attr-defined]
