"""What participants say of themselves: each question with its answers, and the right to say nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.consultation.models import Consultation, Participant, ProfileOption


class ProfileForm(forms.Form):
    """One choice a question, none of them required."""

    def __init__(self, data: Any, *, consultation: Consultation, participant: Participant | None) -> None:
        super().__init__(data)
        said = {}
        if participant is not None:
            said = dict(participant.profile.values_list("question", "option"))
        for question in consultation.profile_questions.prefetch_related("options"):
            self.fields[f"question-{question.pk}"] = forms.ModelChoiceField(
                label=question.text,
                queryset=question.options.all(),
                required=False,
                empty_label=_("I prefer not to say"),
                initial=said.get(question.pk),
                widget=forms.RadioSelect,
                blank=True,
            )

    def get_answers(self) -> dict[int, ProfileOption | None]:
        """Return what was said, by the row of each question."""
        return {int(name.partition("-")[2]): option for name, option in self.cleaned_data.items()}
