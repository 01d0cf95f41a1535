"""Cut French text into sentences, as offsets in the text itself: a quote stays verbatim."""

import re


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# A full stop after these never ends a sentence.
_ABBREVIATIONS = _words(
    "m mm mr mme mmes mlle mgr dr drs pr me mes st ste cie cf av ap bd bld pl imm bât app appt env tél fax",
    "approx c.-à-d p.ex éd ed coll trad angl lat syn litt",
)
# These are abbreviations before a number or a legal code only: "l'art. Puis", but "art. 3", "art. L. 1".
_NUMBERED = _words(
    "art arts al chap sect fig tab p pp n no nos vol t réf ref ann arr ch ex par parag rte r décr circ rég",
    "janv févr fév avr juil sept oct nov déc lun mar mer jeu ven sam dim min max",
)
# After an initial or an acronym ("vitamine C.", "av. J.-C."), only these words open a sentence.
_STARTERS = _words(
    "le la les un une des ce cet cette ces il elle ils elles on nous vous je en dans à au aux pour par sur",
    "si lorsque quand mais et or son sa ses leur leurs cela ceci toutefois cependant ainsi après avant",
    "depuis tout toute tous toutes selon sous c' l' d' s' n' j' qu'",
)
# Bounded and without way back: a page of "!!!!" costs its length, not its square.
_END = re.compile(
    r"(?:(?<![.])[.]{1,3}(?![.])|[!?…])[!?….]{0,20}+(?:[)\]”\"’']|\s?»){0,20}+(?=\s)|;(?=\s{1,20}\d{1,2}°\s)"
)
_OPENING = re.compile(r"^\s*[«“\"‘'(\[–—-]*\s*")
_NUMBER = re.compile(r"\d|[LRDA]\.|n°|[IVX]+\b")
_LAST_WORD = re.compile(r"[^\s(\[«\"“'’]+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")
_ENUMERATOR = re.compile(r"[\s(#*•-]*(?:\d{1,2}|[a-zA-Z]|[IVXivx]{1,5})(?:\.\d{1,2})*")

# What starts a line of its own.
_BULLET = re.compile(
    r"\s*(?:[•▪◦‣·●○■□➢➤✓✔*–—-]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\d{1,2}°\)?\s|#{1,6}\s"
    r"|(?:Article|ARTICLE|Art\.|Chapitre|CHAPITRE|Titre|TITRE|Section|Annexe|ANNEXE)\s+[\dLRDAIVXp])"
)
_TABLE = re.compile(r"\||\t|\S {3,}\S|\.{4,}|(?:\. ){4,}|…{2,}")
_ROW = re.compile(r"\s*[\w'’°/ -]{1,60}?\s?:\s")
_LINKING = re.compile(
    r"(?:,|-|\b(?:de|du|des|d'|d’|la|le|les|l'|l’|un|une|et|ou|à|au|aux|en|par|pour|sur|dans|avec|sans|que|qui"
    r"|M\.|Mme|article|art\.|n°))\s*$",
    re.IGNORECASE,
)
_WORD_CHARACTERS = 40  # more than any abbreviation has; without a limit, "A. A. A. …" costs its square
_SHORT_LINE = 42  # characters: below this, a line without a full stop is a heading or a row, not wrapped text


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans `(start, end)` of the sentences of `text`, in order, never overlapping.

    Every character that is not blank belongs to exactly one span and no span starts or ends with a blank.
    A sentence ends at `.`, `!`, `?` or `…` followed by a capital, a digit or an opening quote, unless the
    full stop belongs to an abbreviation, an initial, a legal code (`L. 2121-29`) or an enumeration (`1.`).
    A line break inside a sentence is not an end (text of PDF files); a blank line, a bullet, a numbered
    item, an article heading, a row of a table or a short line without punctuation starts a span of its own.

    >>> text = "M. Martin siège (art. L. 2121-29). Le tarif est de 3.50 € ! Tél. 01 02 03 04 05."
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['M. Martin siège (art. L. 2121-29).', 'Le tarif est de 3.50 € !', 'Tél. 01 02 03 04 05.']
    """
    spans: list[tuple[int, int]] = []
    for start, end in _split_blocks(text):
        spans += _split_block(text, start, end)
    return spans


def _split_blocks(text: str) -> list[tuple[int, int]]:
    """Group the lines that wrap one another; a block never holds a blank line."""
    lines = [
        (line.start(), line.end()) for line in re.finditer(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+", text)
    ]
    width = max((end - start for start, end in lines), default=0)
    blocks: list[tuple[int, int]] = []
    previous = ""
    previous_end = 0
    for start, end in lines:
        line = text[start:end]
        if not line.strip():
            previous = ""
            continue
        wraps = bool(previous) and text.count("\n", previous_end, start) < 2 and _wraps(previous, line, width)
        if wraps:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
        previous, previous_end = line, end
    return blocks


def _wraps(previous: str, line: str, width: int) -> bool:
    """Tell whether `line` continues the sentence or paragraph of the line before it."""
    if _BULLET.match(line) or _TABLE.search(line) or _TABLE.search(previous):
        return False
    previous = previous.rstrip()
    if previous.endswith(":"):
        return False
    if _ROW.match(line) and (len(previous) < _SHORT_LINE or _ROW.match(previous)):
        return False
    first = _first_letter(line, 0)
    if previous.endswith("€") and not first.islower():
        return False
    if first.islower() or _LINKING.search(previous):
        return True
    return len(previous) >= max(_SHORT_LINE, 0.6 * min(width, 120))


def _split_block(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if _is_end(text, begin, match):
            spans.append(_trim(text, begin, match.end()))
            begin = match.end()
    if text[begin:end].strip():
        spans.append(_trim(text, begin, end))
    return spans


def _is_end(text: str, begin: int, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark.startswith(";"):
        return True
    if _ENUMERATOR.fullmatch(text, begin, match.start()):
        return False
    first = _first_letter(text, match.end())
    if not (first.isupper() or first.isdigit()):
        return False
    word = _LAST_WORD.search(text, max(begin, match.start() - _WORD_CHARACTERS), match.start())
    if mark[0] != "." or mark[:2] == ".." or word is None:
        return True
    return _ends_word(word.group().lower(), _OPENING.sub("", text[match.end() : match.end() + 40], count=1))


def _ends_word(word: str, following: str) -> bool:
    """Tell whether the full stop between `word` and `following` ends a sentence."""
    if _NUMBER.match(following) and (word in _NUMBERED or _INITIALS.fullmatch(word)):
        return False
    if _INITIALS.fullmatch(word) or word == "j.-c":
        opener = re.match(r"\w+['’]?", following)
        return opener is not None and opener.group().lower().replace("’", "'") in _STARTERS
    return word not in _ABBREVIATIONS


def _first_letter(text: str, position: int) -> str:
    """Return the first character after blanks, opening quotes, brackets and dashes, or a blank."""
    return _OPENING.sub("", text[position : position + 20], count=1)[:1] or " "


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
