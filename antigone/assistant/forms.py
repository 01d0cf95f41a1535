"""What people type to the assistant."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from antigone.assistant.answers import Answer
from antigone.assistant.models import Feedback
from antigone.library.models import Collection, Document

_ANSWER_SALT = "antigone.assistant.answer"
_EARLIER_SALT = "antigone.assistant.earlier"
EARLIER_QUESTIONS = 5


def seal_answer(answer: Answer) -> str:
    """Return the answer as a signed text that a page may carry, so that nothing of a visitor is stored here."""
    return signing.dumps(answer.as_json(), salt=_ANSWER_SALT, compress=True)


def seal_earlier(questions: list[str]) -> str:
    """Return the questions asked so far, signed, for the next form of the page."""
    return signing.dumps(questions[-EARLIER_QUESTIONS:], salt=_EARLIER_SALT, compress=True)


class AskForm(forms.Form):
    question = forms.CharField(
        label=_("Your question about the city"),
        strip=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    collection = forms.ModelChoiceField(
        Collection.objects.none(),
        required=False,
        label=_("Where to look"),
        empty_label=_("All documents"),
        to_field_name="slug",
    )
    engine = forms.ChoiceField(required=False, label=_("Who answers"))
    earlier = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, collections: Any, engines: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = collections  # type: ignore[attr-defined]
        self.fields["engine"].choices = engines  # type: ignore[attr-defined]

    def clean_earlier(self) -> list[str]:
        """Read the questions asked so far; a page kept too long or altered starts afresh."""
        try:
            earlier = signing.loads(self.cleaned_data["earlier"], salt=_EARLIER_SALT, max_age=86_400)
        except signing.BadSignature:
            return []
        return [str(question) for question in earlier]


class SealedAnswerForm(forms.Form):
    """A form that brings back an answer which this server made."""

    answer = forms.CharField(widget=forms.HiddenInput)

    def clean_answer(self) -> Answer:
        try:
            value = signing.loads(self.cleaned_data["answer"], salt=_ANSWER_SALT, max_age=7 * 86_400)
        except signing.BadSignature:
            raise forms.ValidationError(
                _("This page is too old or was altered. Ask the question again."), code="answer_altered"
            ) from None
        return Answer.from_json(value)


class FeedbackForm(SealedAnswerForm):
    verdict = forms.ChoiceField(choices=Feedback.Verdict)
    comment = forms.CharField(required=False, max_length=2_000, label=_("What is wrong or missing?"))


class ExportForm(SealedAnswerForm):
    layout = forms.ChoiceField(choices=[("text", _("Text")), ("odt", "ODT")])


class SuggestForm(forms.Form):
    document = forms.ModelChoiceField(Document.objects.none(), label=_("Document that answers"))
    question = forms.CharField(label=_("Question"), max_length=200)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]
