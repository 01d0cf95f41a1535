"""Cut a passage into the pieces that can be quoted alone: a sentence, or an introduction with its list."""

import re
from dataclasses import dataclass

from antigone.core.retrieval.sentences import split_sentences

LONGEST_QUOTE = 400  # characters that joined pieces may reach; a longer sentence is quoted whole
_FRAGMENT = 25  # characters: a shorter sentence ("Oui.", "Que faire ?") says nothing alone
_HEADING = 80  # characters
_TERMINAL = re.compile(r"[.!?…;,][)\]»”\"’'\s]*$")
_ITEM = re.compile(
    r"\s*(?:[•▪◦‣·●○■□➢➤✓✔*–—-]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\d{1,2}°\)?\s)|.*[|\t]"
)
# A line without punctuation is a row when it holds a value, unless it numbers a part of the text.
_VALUE = re.compile(
    r"^(?!article|chapitre|section|titre|annexe|partie).*(?:\d|\s:\s)", re.IGNORECASE | re.DOTALL
)
_MIDAIR = re.compile(
    r"(?:Il|Ils|Elle|Elles|Ce|Cet|Cette|Ces|C['’]|Cela|Ceci|Celui|Celle|Ceux|Celles|Son|Sa|Ses|Leur|Leurs|Lui|"
    r"Dès lors|Ainsi|De plus|En effet|Toutefois|Cependant|Mais|Or|Et|Par ailleurs|Ensuite|Puis|Enfin|Alors)\b"
)


@dataclass(frozen=True, slots=True)
class QuotableSpan:
    """Hold a piece `text[start:end]` and the span of the heading it stands under, if any."""

    start: int
    end: int
    heading: tuple[int, int] | None


def split_quotable(text: str) -> list[QuotableSpan]:
    """Return the pieces of `text` that can be quoted, in order, never overlapping, covering every sentence.

    A heading, a question or a fragment is joined to what follows, a heading or an introduction (“:”) to the
    items of its list, as long as the whole stays within `LONGEST_QUOTE`; a longer list gives several pieces
    that keep their heading as `heading`.

    >>> text = "Pièces à fournir :\\n- un passeport\\n- une photo\\nLe dépôt se fait en mairie."
    >>> [text[span.start : span.end] for span in split_quotable(text)]
    ['Pièces à fournir :\\n- un passeport\\n- une photo', 'Le dépôt se fait en mairie.']
    """
    pieces: list[QuotableSpan] = []
    heading: tuple[int, int] | None = None
    last = ""  # the role of the sentence before
    for start, end in split_sentences(text):
        role = _read_role(text, start, end)
        joins = last in ("lead", "heading") or (last == role == "item")
        if joins and end - pieces[-1].start <= LONGEST_QUOTE:
            pieces[-1] = QuotableSpan(pieces[-1].start, end, pieces[-1].heading)
        else:
            pieces.append(QuotableSpan(start, end, heading))
        if role == "heading":
            heading = (start, end)
        stands = role == "lead" and text[end - 1] != "?" and end - pieces[-1].start >= _FRAGMENT
        last = "prose" if stands else role
    return _join_last_fragment(pieces)


def begins_in_midair(sentence: str) -> bool:
    """Tell whether a sentence leans on the one before it: a pronoun or a linking word opens it.

    >>> begins_in_midair("Elle ferme à midi."), begins_in_midair("La mairie ferme à midi.")
    (True, False)
    """
    return _MIDAIR.match(sentence) is not None


def _read_role(text: str, start: int, end: int) -> str:
    sentence = text[start:end]
    if sentence.endswith(":"):
        return "heading"
    if _ITEM.match(sentence):
        return "item"
    if not _TERMINAL.search(sentence) and end - start <= _HEADING and _is_line(text, start, end):
        return "item" if _VALUE.search(sentence) else "heading"
    return "lead" if end - start < _FRAGMENT or sentence.endswith("?") else "prose"


def _is_line(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence stands alone on its line."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    return not (text[line_start:start].strip() or text[end : line_end if line_end >= 0 else None].strip())


def _join_last_fragment(pieces: list[QuotableSpan]) -> list[QuotableSpan]:
    if len(pieces) > 1 and pieces[-1].end - pieces[-1].start < _FRAGMENT:
        *kept, before, fragment = pieces
        if fragment.end - before.start <= LONGEST_QUOTE:
            return [*kept, QuotableSpan(before.start, fragment.end, before.heading)]
    return pieces
