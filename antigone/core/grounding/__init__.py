"""Answer + passages → verified citations.

Whatever engine wrote an answer, each of its sentences is compared with the retrieved passages: *cited*
when it is in one of them word for word, *supported* when one of them says the same, *unverified*
otherwise, with the reasons. An invented citation is never presented as a true one; an honest paraphrase
may stay unverified.
"""

from antigone.core.grounding.answers import (
    Citation,
    GroundedAnswer,
    GroundedSentence,
    Mark,
    Reason,
    Source,
)
from antigone.core.grounding.errors import DuplicateSourceError, GroundingError, StreamClosedError
from antigone.core.grounding.folding import find_quote
from antigone.core.grounding.stream import SentenceStream, ground_answer

__all__ = [
    "Citation",
    "DuplicateSourceError",
    "GroundedAnswer",
    "GroundedSentence",
    "GroundingError",
    "Mark",
    "Reason",
    "SentenceStream",
    "Source",
    "StreamClosedError",
    "find_quote",
    "ground_answer",
]
