"""What codes say to people: marks, outcomes, reasons."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from antigone.assistant.answers import Outcome, Reason
from antigone.core.grounding import Mark

_MARKS = {
    Mark.CITED: gettext_noop("quoted"),
    Mark.SUPPORTED: gettext_noop("supported"),
    Mark.UNVERIFIED: gettext_noop("not verified"),
}
_OUTCOMES = {
    Outcome.ANSWERED: gettext_noop("Answered with the documents."),
    Outcome.NOT_FOUND: gettext_noop("I have not found the answer in the documents that I may read for you."),
    Outcome.UNCLEAR: gettext_noop("I do not know what to look for. Could you say what it is about?"),
}


def name_mark(mark: Mark) -> str:
    return _(_MARKS[mark])


def explain_outcome(outcome: Outcome) -> str:
    return _(_OUTCOMES[outcome])
