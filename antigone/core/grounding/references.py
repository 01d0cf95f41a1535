"""References an engine writes ([1], [2, 3], 【2†…】, (source 1), ^1) and names (laws, addresses, files)."""

import re

REFERENCE_REACH = 60  # no reference is longer; a stream never waits for more
OPENERS = "[(【^"

_LIST = r"n?[°o]?\s{0,2}\d{1,4}(?:\s{0,2}(?:,|;|-|–|et|and|&)\s{0,2}\d{1,4}){0,12}"
_WORD = r"(?:sources?|docs?|documents?|passages?|extraits?|réf(?:érence)?s?|refs?)\.?"
REFERENCE = re.compile(
    rf"\[\^?\s{{0,2}}(?:{_WORD}\s{{0,2}})?{_LIST}\s{{0,2}}\]"
    rf"|【\s{{0,2}}(?:{_WORD}\s{{0,2}})?{_LIST}(?:†[^】\n]{{0,40}})?\s{{0,2}}】"
    rf"|\(\s{{0,2}}(?:cf\.?\s)?{_WORD}\s{{0,2}}{_LIST}\s{{0,2}}\)"
    r"|\^\d{1,3}(?!\d)",
    re.IGNORECASE,
)

URL = re.compile(r"(?:https?|ftp)://[^\s<>«»\"]{1,400}|\bwww\.[^\s<>«»\"]{1,400}", re.IGNORECASE)
EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b")
FILE = re.compile(
    r"\b[\w-]{1,80}(?:\.[\w-]{1,40}){0,3}\.(?:pdf|docx?|odt|ods|odp|xlsx?|pptx?|csv|txt|html?|md|zip|png|jpe?g)\b",
    re.IGNORECASE,
)
# A law, or an article of one: the kind of text, then its number or its date.
_CODE = r"(?:[LRDA]\.?\s?\*?\s?)?\d{1,5}(?:[-/.]\d{1,5}){0,4}"
ARTICLE = re.compile(
    rf"\b(?:articles?|art\.)\s{{1,2}}(?P<codes>{_CODE}(?:\s?(?:,|et|à|ou)\s?{_CODE}){{0,8}})", re.IGNORECASE
)
LAW = re.compile(
    r"\b(?P<kind>lois?|décrets?|arrêtés?|délibérations?|ordonnances?|directives?|règlements?|circulaires?)"
    r"(?:\s(?:\(?(?:UE|CE)\)?|organique|ministériel|municipal|préfectoral)){0,2}"
    r"\s(?:n[°o]\s?\d{1,6}(?:[-/.]\d{1,6}){0,3}"
    r"|\(?\d{4}[-/]\d{1,5}"
    r"|du\s\d{1,2}(?:er)?\s[^\W\d_]{3,9}\s\d{4})",
    re.IGNORECASE,
)
NAMED = (URL, EMAIL, FILE, LAW, ARTICLE)


def reference_numbers(reference: str) -> list[int]:
    """List the source numbers a reference names, ranges opened.

    >>> reference_numbers("[2, 4-6]")
    [2, 4, 5, 6]
    """
    body = re.sub(r"†.*", "", reference)
    numbers: list[int] = []
    for first, last in re.findall(r"(\d{1,4})(?:\s{0,2}[-–]\s{0,2}(\d{1,4}))?", body):
        low, high = int(first), int(last or first)
        numbers.extend(range(low, high + 1) if low <= high <= low + 50 else [low, high])
    return numbers


def reference_end(text: str, start: int, *, final: bool) -> int | None:
    """Return where the reference at ``start`` ends: ``start`` if there is none, None if it is too soon."""
    if start >= len(text):
        return start if final else None
    if text[start] not in OPENERS:
        return start
    reach = text[start : start + REFERENCE_REACH]
    match = REFERENCE.match(reach)
    if match and (match.end() < len(reach) or final or len(reach) == REFERENCE_REACH):
        return start + match.end()
    closed = any(mark in reach[1:] for mark in "])】\n")
    if match is None and (final or closed or len(reach) == REFERENCE_REACH):
        return start
    return None
