"""What those who lead a consultation type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.consultation.actions.consultations import WRITTEN
from antigone.consultation.models import Consultation
from antigone.web.forms import DayInput


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ConsultationForm(forms.ModelForm[Consultation]):
    """The whole of it, with the version that was read; anything but the title may still be missing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    statement_length = forms.IntegerField(
        label=_("Characters of a statement, at most"), min_value=40, max_value=280, initial=140
    )
    statements_each = forms.IntegerField(
        label=_("Statements that one participant may send"), min_value=1, max_value=100, initial=10
    )
    visit_cap = forms.IntegerField(
        label=_("Statements asked in one visit"),
        min_value=0,
        max_value=1_000,
        initial=30,
        help_text=_("Then one is thanked, and may go on. 0: no rest is proposed."),
    )

    class Meta:
        model = Consultation
        fields = list(WRITTEN)
        labels = {
            "question": _("The question"),
            "context": _("What one should know"),
            "asked_by": _("Who is asking"),
            "use": _("What will be done with it"),
            "moderation": _("Statements of participants are"),
            "door": _("Who may vote"),
        }
        help_texts = {
            "question": _("In plain words: it is the first thing that everybody reads."),
            "asked_by": _("“The city council”, with who speaks for it."),
            "use": _("Who answers, by when, and what may change because of it."),
        }
        widgets = {
            "question": _area(2),
            "context": _area(6),
            "use": _area(4),
            "opens_date": DayInput(),
            "closes_date": DayInput(),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("question", "asked_by"):
            self.fields[name].required = False
        self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("opens_date"), cleaned.get("closes_date")
        if first and last and last < first:
            self.add_error("closes_date", _("The last day is before the first."))
        return cleaned

    def get_texts(self) -> dict[str, Any]:
        """Return what was typed, without the version."""
        return {name: self.cleaned_data[name] for name in WRITTEN}


class ChangeForm(ConsultationForm):
    """The published consultation, and why it is changed."""

    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=2_000,
        widget=_area(3),
        help_text=_("Everybody reads it, beside what was there before."),
    )


class ReasonForm(forms.Form):
    """A reason that everybody reads."""

    reason = forms.CharField(
        label=_("Why"), max_length=2_000, widget=_area(3), help_text=_("Everybody reads it.")
    )


class MatrixForm(ReasonForm):
    """What is wanted, so that a form sent twice wants the same."""

    publishes = forms.TypedChoiceField(
        choices=[("yes", ""), ("no", "")], coerce=lambda answer: answer == "yes", widget=forms.HiddenInput
    )


class ReopenForm(ReasonForm):
    closes_date = forms.DateField(label=_("New last day"), widget=DayInput())


class ModeratorForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of their account"), max_length=254)
