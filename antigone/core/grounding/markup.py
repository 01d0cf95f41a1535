"""What an engine wrote, taken out of its markup: Markdown, HTML, references, addresses."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from antigone.core.grounding.references import ARTICLE, NAMED, REFERENCE, URL, reference_numbers
from antigone.core.grounding.sentences import LIST_MARK

OMITTED = "[…]"
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\(\s?([^()\s]{0,600})(?:\s\"[^\"\n]{0,200}\")?\s?\)")
_EMPHASIS = re.compile(r"\*{1,3}|`{1,3}|~~|(?<![\w])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\w])")
_SPACED_REFERENCE = re.compile(rf"[ \xa0\u202f]?(?:{REFERENCE.pattern})", re.IGNORECASE)
_SAYS = re.compile(r"[^\W_]")
_LINE_MARK = re.compile(r"\s{0,12}(?:>\s?){1,5}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A sentence without markup; ``hints``: the sources it names, ``removed``: what it invents."""

    text: str
    hints: tuple[int, ...]
    removed: tuple[str, ...]
    invented: tuple[str, ...]  # among ``removed``, what the sentence itself states: laws, addresses, files
    is_item: bool
    is_heading: bool


def clean_sentence(
    raw: str, *, source_count: int, is_known: Callable[[str], bool], is_line_start: bool
) -> Cleaned:
    """Clean one sentence. ``is_known`` tells whether a source names this law, address or file.

    >>> raw = "- **Le parc** ferme. [1][9]"
    >>> cleaned = clean_sentence(raw, source_count=2, is_known=lambda _: False, is_line_start=True)
    >>> cleaned.text, cleaned.hints, cleaned.removed, cleaned.is_item
    ('Le parc ferme.', (1,), ('[9]',), True)
    """
    text = _LINE_MARK.sub("", raw, count=1) if is_line_start and raw.lstrip().startswith(">") else raw
    mark = LIST_MARK.match(text) if is_line_start else None
    is_heading = bool(mark and "#" in mark.group())
    text = text[mark.end() :] if mark else text
    removed: list[str] = []
    invented: list[str] = []
    hints: list[int] = []

    def take_link(match: re.Match[str]) -> str:
        if URL.match(match[2]) and not is_known(match[2]):
            removed.append(match[2])
        return f"[{match[1]}]" if match[1].isdigit() else match[1]

    def take_reference(match: re.Match[str]) -> str:
        numbers = reference_numbers(match.group())
        hints.extend(number for number in numbers if 1 <= number <= source_count)
        if not all(1 <= number <= source_count for number in numbers):
            removed.append(match.group())
        return ""

    def take_named(match: re.Match[str]) -> str:
        if is_known(match.group()):
            return match.group()
        invented.append(match.group())
        return OMITTED

    text = _TAG.sub(" ", _LINK.sub(take_link, text))
    text = _SPACED_REFERENCE.sub(take_reference, text)
    for pattern in NAMED:
        text = pattern.sub(take_named, text)
    text = _EMPHASIS.sub("", text) if _SAYS.search(text) else ""
    text = re.sub(r"\s+", " ", text).strip(" |")
    text = re.sub(r" ([.,])(?=\s|$)", r"\1", text)
    removed.extend(invented)
    return Cleaned(
        text, tuple(hints), tuple(removed), tuple(invented), bool(mark) and not is_heading, is_heading
    )


def article_codes(reference: str) -> list[str]:
    """List the article numbers in “articles 6 et 7”, written one way.

    >>> article_codes("articles L. 2121-29 et 7")
    ['l2121-29', '7']
    """
    match = ARTICLE.match(reference)
    codes = re.split(r"\s?(?:,|et|à|ou)\s?", match["codes"]) if match else []
    return [re.sub(r"[\s.*]", "", code).lower() for code in codes if code]
