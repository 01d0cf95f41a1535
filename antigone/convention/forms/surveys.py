"""What is typed of a survey: its questions by the facilitators, its answers by the members."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from antigone.convention.models import Survey, SurveyQuestion
from antigone.convention.wording import SURVEY_LEVELS

MOST_QUESTIONS = 10
Kind = SurveyQuestion.Kind
# Offered to begin with; facilitators change them as they like.
OFFERED = (
    (gettext_lazy("Were the facilitators impartial?"), Kind.LEVEL),
    (gettext_lazy("Was there time enough?"), Kind.LEVEL),
    (gettext_lazy("Was the information complete and balanced?"), Kind.LEVEL),
    (gettext_lazy("Were you heard as much as the others?"), Kind.LEVEL),
    (gettext_lazy("Would you do it again?"), Kind.LEVEL),
    (gettext_lazy("What should be done differently next time?"), Kind.WORDS),
)


class SurveyForm(forms.Form):
    """A title and up to ten questions; an empty line is no question."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)

    def __init__(self, data: Any = None, *, survey: Survey | None = None) -> None:
        super().__init__(data)
        offered = (
            [(question.text, question.kind) for question in survey.questions.all()] if survey else OFFERED
        )
        self.fields["title"].initial = survey.title if survey else _("Evaluation by the members")
        for number in range(1, MOST_QUESTIONS + 1):
            text, kind = offered[number - 1] if number <= len(offered) else ("", Kind.LEVEL)
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Question %(number)d") % {"number": number},
                max_length=300,
                required=False,
                initial=str(text),
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Kind of answer to question %(number)d") % {"number": number},
                choices=Kind.choices,
                initial=kind,
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Give the two fields of each question."""
        return [(self[f"text_{n}"], self[f"kind_{n}"]) for n in range(1, MOST_QUESTIONS + 1)]

    def get_questions(self) -> list[tuple[str, str]]:
        """Return the questions that have words."""
        given = self.cleaned_data
        pairs = [(given[f"text_{n}"], given[f"kind_{n}"]) for n in range(1, MOST_QUESTIONS + 1)]
        return [(text, kind) for text, kind in pairs if text]


class SheetForm(forms.Form):
    """One member's answers; each question may be left."""

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        super().__init__(data)
        self.questions = list(survey.questions.all())
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = (
                forms.TypedChoiceField(
                    label=question.text,
                    choices=list(SURVEY_LEVELS.items()),
                    coerce=int,
                    empty_value=None,
                    required=False,
                    widget=forms.RadioSelect,
                )
                if question.kind == Kind.LEVEL
                else forms.CharField(
                    label=question.text,
                    required=False,
                    max_length=2_000,
                    widget=forms.Textarea(attrs={"rows": 4}),
                    help_text=_("Name nobody, yourself included: everybody may read it."),
                )
            )

    def get_answers(self) -> dict[int, int | str]:
        """Return what was answered, question by question."""
        given = {question.pk: self.cleaned_data[f"question_{question.pk}"] for question in self.questions}
        return {pk: answer for pk, answer in given.items() if answer not in (None, "")}
