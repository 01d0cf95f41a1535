"""Text made comparable, with the way back to the original offsets.

Two spellings of one text must fold alike: kinds of spaces, quotes and dashes, ligatures, composed and
decomposed accents, words cut at the end of a line. Accents and case are kept: they carry meaning.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

MAX_OCCURRENCES = 200
SINGLE_QUOTES = frozenset("'’‘‛ʼ`´′")
DASHES = frozenset("-‐‑‒–—―−﹣－")
# Double quotes and layout marks fold to a space: they frame words, they are not part of them.
BLANKS = frozenset('"«»“”„‟″＂‹›*|#•▪●◦■□➢✓\ufffc')
LIGATURES = {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae"}
CLUSTER = re.compile(r".[\u0300-\u036f]{0,8}", re.DOTALL)
TIGHT = frozenset(",.;:!?%€)]…")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """Folded ``text``; its character i comes from ``original[starts[i]:ends[i]]``."""

    text: str
    starts: list[int]
    ends: list[int]


def fold_text(original: str, *, join_hyphens: bool = False) -> FoldedText:
    """Fold ``original`` for comparison, keeping offsets.

    With ``join_hyphens`` hyphens inside words disappear, so that “docu-\\nment”, “document” and a
    true hyphen that fell at the end of a line all compare equal.

    >>> fold_text("« L’œuvre »\\xa0: 50 %").text
    "L'oeuvre: 50%"
    """
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    skip_until = 0
    for match in CLUSTER.finditer(original):
        start, end = match.span()
        if start < skip_until:
            continue
        folded = _fold_cluster(match.group())
        if folded == "-" and (cut := _word_cut(original, start, end, join_hyphens)):
            skip_until = cut
            continue
        if folded in TIGHT and characters and characters[-1] == " ":
            characters.pop(), starts.pop(), ends.pop()
        for character in folded:
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            starts.append(start)
            ends.append(end)
    if characters and characters[-1] == " ":
        characters.pop(), starts.pop(), ends.pop()
    return FoldedText("".join(characters), starts, ends)


def _fold_cluster(cluster: str) -> str:
    if cluster.isascii() and cluster.isalnum():
        return cluster
    first = cluster[0]
    if first in SINGLE_QUOTES:
        return "'"
    if first in DASHES:
        return "-"
    if first in BLANKS or first.isspace():
        return " "
    category = unicodedata.category(first)
    if category in ("Cf", "Cc", "Mn"):  # soft hyphens, zero-width characters, stray accents
        return ""
    if category == "No":  # “4²” must not become “42”
        return first
    composed = unicodedata.normalize("NFKC", cluster)
    return "".join(" " if c.isspace() else LIGATURES.get(c, c) for c in composed)


def _word_cut(original: str, start: int, end: int, join_hyphens: bool) -> int:
    """Return where the word goes on after a hyphen that only cuts it, 0 if the hyphen stays."""
    if start == 0 or not original[start - 1].isalpha():
        return 0
    tail = original[end : end + 40]
    word = tail.lstrip(" \t\r\n\xa0\xad")
    if not word or not word[0].isalpha():
        return 0
    gap = tail[: len(tail) - len(word)]
    if "\n" in gap:
        return end + len(gap) if join_hyphens or word[0].islower() else 0
    return end if join_hyphens and not gap else 0


@lru_cache(maxsize=256)
def fold_needle(quote: str) -> str:
    """Fold a quote to look for, without the punctuation around it, which a new sentence may change."""
    return fold_text(quote, join_hyphens=True).text.strip(" .,;:!?…'-")


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Find ``quote`` in ``text`` whole word for whole word, and return its offsets in ``text``.

    The comparison is exact but for spaces, quotes, dashes, ligatures, Unicode forms, soft hyphens,
    words cut at a line end, and the case of the first letter.

    >>> text = "Article 6. Le docu-\\nment est remis à l’agent."
    >>> start, end = find_quote("le document est remis à l'agent", text)
    >>> text[start:end]
    'Le docu-\\nment est remis à l’agent'
    >>> find_quote("remis à l'agen", text) is None
    True
    """
    folded = fold_text(text, join_hyphens=True)
    for start, end in find_spans(fold_needle(quote), folded.text):
        return folded.starts[start], folded.ends[end - 1]
    return None


def find_spans(needle: str, haystack: str) -> Iterator[tuple[int, int]]:
    """Yield where ``needle`` stands in ``haystack`` as whole words, the case of its first letter aside."""
    if not needle:
        return
    variants = {needle, needle[0].swapcase() + needle[1:]}
    for variant in sorted(variants):
        for start in islice(_occurrences(variant, haystack), MAX_OCCURRENCES):
            end = start + len(variant)
            if _is_edge(haystack, start - 1, -1, haystack[start]) and _is_edge(haystack, end, 1, variant[-1]):
                yield start, end


def _occurrences(needle: str, haystack: str) -> Iterator[int]:
    start = haystack.find(needle)
    while start >= 0:
        yield start
        start = haystack.find(needle, start + 1)


def _is_edge(text: str, outside: int, step: int, inside: str) -> bool:
    """Tell whether a word ends here: “60” is not a word of “4,60”, nor “2121” of “2121-29”."""
    if not 0 <= outside < len(text) or not inside.isalnum():
        return True
    if text[outside].isalnum() or text[outside] in "²³":
        return False
    beyond = outside + step
    if not inside.isdigit() or not 0 <= beyond < len(text):
        return True
    return not (text[outside] in ".,-/ " and text[beyond].isdigit())
