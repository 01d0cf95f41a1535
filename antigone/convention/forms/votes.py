"""What people type to vote and to dissent."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from antigone.convention.actions.minorities import TEXT_LENGTH, TITLE_LENGTH
from antigone.convention.models import Ballot, Convention, Paragraph, Proposal
from antigone.convention.wording import LEVELS


class ParagraphsField(forms.ModelMultipleChoiceField[Paragraph]):
    """Paragraphs to tick, each by its first words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Paragraph) -> str:
        return Truncator(obj.text).words(25)


class OpenBallotsForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("How to vote"),
        choices=Ballot.Mode.choices,
        widget=forms.RadioSelect,
        initial=Ballot.Mode.HANDS,
    )

    def __init__(self, *args: Any, proposal: Proposal, **options: Any) -> None:
        super().__init__(*args, **options)
        to_vote = [
            each.pk for each in Paragraph.objects.current().filter(proposal=proposal) if not each.is_kept
        ]
        self.fields["paragraphs"] = ParagraphsField(
            Paragraph.objects.filter(pk__in=to_vote),
            label=_("Paragraphs, each by itself"),
            required=False,
            help_text=_("With none, the proposal is voted on whole."),
        )


class JudgmentForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("What is this text?"),
        coerce=int,
        choices=[(level, label) for level, label in reversed(LEVELS.items())],
        widget=forms.RadioSelect,
    )


class HandsForm(forms.Form):
    """How many hands were raised at each level."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for level, label in LEVELS.items():
            self.fields[f"level_{level}"] = forms.IntegerField(
                label=label,
                min_value=0,
                max_value=10_000,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def get_hands(self) -> list[int]:
        return [self.cleaned_data[f"level_{level}"] for level in LEVELS]


class OpinionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    text = forms.CharField(label=_("Text"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 10}))

    def __init__(self, *args: Any, convention: Convention, is_new: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            self.fields["proposal"] = forms.ModelChoiceField(
                convention.proposals.all(),
                label=_("On what"),
                required=False,
                empty_label=_("The avis as a whole"),
            )
            self.order_fields(["proposal"])


class PaperForm(forms.Form):
    number = forms.IntegerField(label=_("Signatures on paper"), min_value=0, max_value=10_000)
