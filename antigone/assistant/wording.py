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


_REASONS = {
    "no_source": gettext_noop("No document was found."),
    "number_absent": gettext_noop("The number “%(number)s” is not in the document, or not about this."),
    "name_absent": gettext_noop("The name “%(name)s” is not in the document."),
    "word_absent": gettext_noop("The document does not say “%(word)s”."),
    "negation_differs": gettext_noop("The document says the contrary, or does not say “%(word)s” so."),
    "left_out": gettext_noop("The document adds “%(word)s”, which changes the meaning."),
    "order_differs": gettext_noop("The document does not say it in this order."),
    "quote_absent": gettext_noop("These words are in no document: “%(quote)s”."),
    "quote_partial": gettext_noop("The quote is cut in a way that may change its meaning: “%(quote)s”."),
    "lead_differs": gettext_noop("The document does not say this of “%(lead)s”."),
    "reference_invented": gettext_noop("An invented reference was removed: %(reference)s."),
    "too_little_support": gettext_noop("No document says it."),
    "document_withdrawn": gettext_noop(
        "This sentence came from a document that was withdrawn or closed since."
    ),
}


def explain_reason(reason: Reason) -> str:
    return _(_REASONS[reason.code]) % reason.params
