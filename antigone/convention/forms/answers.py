"""What officials, facilitators and members type about answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.convention.actions.answers import AnswerText
from antigone.convention.models import Milestone, OfficialAnswer
from antigone.convention.wording import GRADES
from antigone.web.forms import DayInput


class AnswerForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Answer"), choices=OfficialAnswer.Status.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Why this answer. The members and the whole city read it."),
    )
    commitment = forms.CharField(
        label=_("What is committed to"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Obligatory where the proposal is accepted, with or without changes."),
    )
    commitment_due_date = forms.DateField(
        label=_("By which day"), required=False, widget=DayInput(), help_text=_("The date of the commitment.")
    )
    answerer = forms.CharField(
        label=_("Who answers"),
        max_length=300,
        help_text=_("A name and a function, as everybody will read them."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def get_text(self) -> AnswerText:
        given: dict[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if name not in ("version", "why")
        }
        return AnswerText(**given)


class CorrectionForm(AnswerForm):
    why = forms.CharField(
        label=_("Why it is corrected"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The former text stays on the page, with this reason."),
    )


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("Step"), max_length=300)
    due_date = forms.DateField(
        label=_("By which day"),
        widget=DayInput(),
        help_text=_("This date does not move afterwards: a step that is late is shown late."),
    )


class ReportForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=Milestone.State.choices, widget=forms.RadioSelect)
    report = forms.CharField(
        label=_("Report"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What shows that the step is reached, or why it is given up."),
    )
    address = forms.URLField(
        label=_("Address of the proof"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("A deliberation, an opening, a published document."),
    )


class GradeForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("How far does this answer take up your proposal?"),
        coerce=int,
        choices=list(GRADES.items()),
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Published without your name, once five members have graded."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
