"""Text cut into tokens whose keys are equal when they mean the same: numbers, dates, times, codes, words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from antigone.core.grounding.folding import fold_text
from antigone.core.grounding.references import EMAIL, URL
from antigone.core.grounding.words import MONTHS, MULTIPLIERS, NUMBER_WORDS, ORDINALS, UNITS

MAX_DIGITS = 30


class Kind(Enum):
    """What a token is to a comparison."""

    WORD = auto()
    NAME = auto()  # a word with a capital, not at the start of its sentence
    OPENING = auto()  # a word with a capital that may only open the sentence
    FACT = auto()  # number, date, time, code, address
    UNIT = auto()
    MARK = auto()  # punctuation


@dataclass(frozen=True, slots=True)
class Token:
    """``key`` compares, ``text`` is what to show people."""

    key: str
    kind: Kind
    text: str


_YEAR = r"(?:1[0-9]|20|21)\d{2}"
LEXER = re.compile(
    rf"(?P<url>{URL.pattern})|(?P<email>{EMAIL.pattern})"
    r"|(?P<iso>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?P<date>\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b|\b\d{1,2}-\d{1,2}-\d{4}\b)"
    r"|(?P<phone>(?<![\d,.])(?:\+33 ?(?:\(0\) ?)?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d))"
    r"|(?P<code>\b[LRD](?:\.\s?\*?\s?|\*\s?)\d{1,5}(?:-\d{1,5}){0,4}|\b[LRD] ?\d{1,5}(?:-\d{1,5}){1,4})"
    r"|(?P<clock>\b\d{1,2}(?::| ?h(?:eures?)? ?)[0-5]\d\b)"
    r"|(?P<ordinal>\b\d{1,4} ?(?:ers?|ères?|ème|èmes|emes?|nde?s?|res?|e|°)(?![\w]))"
    r"|(?P<number>(?:(?<![\w)])[-+])?(?:\d{1,3}(?:[ .]\d{3})+(?!\d)|\d+)(?:[.,]\d+)?)"
    r"|(?P<unit>%|€|\$|£|°|[^\W\d_]{1,2}[²³])"
    r"|(?P<word>[^\W\d_]+(?:[^\W_]*\d[^\W_]*)?|[^\W\d_]+)"
    r"|(?P<mark>[,;:()\[\].!?…])",
    re.IGNORECASE,
)


def fold_word(word: str) -> str:
    """Lower ``word`` and take its accents off, keeping “où”, “dès” and “à” apart from “ou”, “des” and “a”.

    >>> fold_word("Été"), fold_word("où")
    ('ete', 'ou_lieu')
    """
    lowered = word.lower()
    if lowered in ("où", "dès"):
        return "ou_lieu" if lowered == "où" else "des_que"
    if lowered == "à" or word == "A":
        return "à"
    decomposed = unicodedata.normalize("NFD", lowered.replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokenise(text: str) -> list[Token]:
    """Cut ``text`` into tokens, numbers and dates already understood.

    >>> [t.key for t in tokenise("1 250,50 € le 1er juillet 2025 à 9 h 30")]
    ['n:1250.5', '€', 'le', 'd:2025-07-01', 'à', 't:9:30']
    >>> [t.key for t in tokenise("vingt et un euros le 01/07/2025 à 9h30")]
    ['n:21', '€', 'le', 'd:2025-07-01', 'à', 't:9:30']
    """
    tokens = list(_scan(fold_text(text).text))
    for step in (_join_number_words, _join_multipliers, _join_times, _join_dates):
        tokens = list(step(tokens))
    return tokens


def _scan(text: str) -> Iterator[Token]:
    opens = True
    for match in LEXER.finditer(text):
        found, group = match.group(), match.lastgroup or ""
        if group == "word":
            yield _word(found, opens=opens)
        elif group == "mark":
            yield Token(found, Kind.MARK, found)
        elif group == "unit":
            yield Token(UNITS.get(found.lower(), found.lower()), Kind.UNIT, found)
        else:
            yield Token(_fact_key(group, found), Kind.FACT, found)
        opens = group == "mark" and found in ".!?…:"


def _word(found: str, *, opens: bool) -> Token:
    folded = fold_word(found)
    if folded in ORDINALS:
        return Token(f"o:{ORDINALS[folded]}", Kind.FACT, found)
    if found[0].isupper() and not (len(found) == 1 and folded in "ldnscjmtay"):
        return Token(folded, Kind.OPENING if opens else Kind.NAME, found)
    return Token(folded, Kind.WORD, found)


def _fact_key(group: str, found: str) -> str:
    digits = re.findall(r"\d+", found)
    match group:
        case "url" | "email":
            return f"a:{found.lower().rstrip('.,;:!?)')}"
        case "iso":
            return _date_key(int(digits[0]), int(digits[1]), int(digits[2]))
        case "date":
            return _date_key(int(digits[2]), int(digits[1]), int(digits[0]))
        case "phone":
            return f"p:{''.join(digits)[-9:]}"
        case "code":
            return f"c:{found[0].lower()}{'-'.join(digits)}"
        case "clock":
            return f"t:{int(digits[0])}:{digits[1]}"
        case "ordinal":
            return f"o:{int(digits[0])}"
    return f"n:{_number_key(found)}"


def _number_key(found: str) -> str:
    """Write a number one way: no grouping, a point, no useless zero.

    >>> _number_key("1.250,50"), _number_key("4.60"), _number_key("007")
    ('1250.5', '4.6', '7')
    """
    sign = "-" if found.startswith("-") else ""
    body = re.sub(r"(?<=\d)[ .](?=\d{3}(?!\d))", "", found.lstrip("+-"))
    whole, _, fraction = body.replace(",", ".").partition(".")
    fraction = fraction.rstrip("0")
    return sign + (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def _date_key(year: int | None, month: int, day: int | None) -> str:
    return f"d:{year if year else '-'}-{month:02d}" + (f"-{day:02d}" if day else "")


def _join_number_words(tokens: Iterable[Token]) -> Iterator[Token]:
    """Read “quatre-vingt-dix-sept” as 97; “un” alone stays an article."""
    group: list[Token] = []
    previous = ""
    for token in [*tokens, Token("", Kind.MARK, "")]:
        follows = group and (token.key in ("et", "un", "une") or token.key in NUMBER_WORDS)
        if token.key == "cent" and previous == "pour":
            yield Token("%", Kind.UNIT, token.text)
            continue
        previous = token.key
        if token.kind is not Kind.NAME and (follows or token.key in NUMBER_WORDS):
            group.append(token)
            continue
        if group:
            yield from _read_number_words(group)
            group = []
        if token.text:
            yield token


def _read_number_words(group: list[Token]) -> Iterator[Token]:
    tail: list[Token] = []
    while group[-1].key not in NUMBER_WORDS and not _is_tens_and_one(group):
        tail.insert(0, group.pop())
    total = current = 0
    for token in group:
        value = NUMBER_WORDS.get(token.key, int(token.key in ("un", "une")))
        if value == 1000:
            total, current = total + max(1, current) * 1000, 0
        elif value == 100 or (value == 20 and current % 100 == 4):
            current = max(1, current) * 100 if value == 100 else current + 76
        else:
            current += value
    yield Token(f"n:{total + current}", Kind.FACT, " ".join(token.text for token in group))
    yield from tail


def _is_tens_and_one(group: list[Token]) -> bool:
    if group[-1].key not in ("un", "une") or len(group) < 2:
        return False
    before = group[-2] if group[-2].key != "et" or len(group) == 2 else group[-3]
    return NUMBER_WORDS.get(before.key, 0) >= 20


def _join_multipliers(tokens: list[Token]) -> Iterator[Token]:
    """Read “14,2 milliards d'euros” as 14200000000 €, “2 M€” as 2000000 €; name the units one way."""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        factor = MULTIPLIERS.get(following.key) if following and following.key.isalpha() else None
        is_amount = token.key.startswith("n:") and len(token.key) <= MAX_DIGITS
        is_factor = factor and (
            len(_key_at(tokens, position + 1)) > 2 or _key_at(tokens, position + 2) == "€"
        )
        if following and factor and is_amount and is_factor:
            value = Decimal(token.key[2:]) * factor
            yield Token(f"n:{_number_key(f'{value:f}')}", Kind.FACT, f"{token.text} {following.text}")
            position += 2
            continue
        is_word = token.kind in (Kind.WORD, Kind.NAME)
        if is_word and token.key in UNITS and position and tokens[position - 1].key != "l":
            token = Token(UNITS[token.key], Kind.UNIT, token.text)
        yield token
        position += 1


def _key_at(tokens: list[Token], position: int) -> str:
    return tokens[position].key if position < len(tokens) else ""


def _join_times(tokens: list[Token]) -> Iterator[Token]:
    """Read “9 h 30”, “9h30” and “9 heures 30” as 9:30, “9 h” as 9:00."""
    position = 0
    while position < len(tokens):
        token = tokens[position]
        hour = token.key[2:] if token.key.startswith("n:") else ""
        if hour.isdigit() and int(hour[:4]) <= 24 and _key_at(tokens, position + 1) == "h":
            minutes = _key_at(tokens, position + 2)
            has_minutes = re.fullmatch(r"n:[0-5]?\d", minutes) and len(tokens[position + 2].text) == 2
            yield Token(
                f"t:{hour}:{int(minutes[2:]) if has_minutes else 0:02d}", Kind.FACT, f"{token.text} h"
            )
            position += 3 if has_minutes else 2
            continue
        yield token
        position += 1


def _join_dates(tokens: list[Token]) -> Iterator[Token]:
    """Read “1er juillet 2025”, “1 juillet 2025” and “juillet 2025” as dates."""
    position = 0
    while position < len(tokens):
        day = re.fullmatch(r"[no]:([12]?\d|3[01])", tokens[position].key)
        at = position + 1 if day else position
        month = MONTHS.get(_key_at(tokens, at))
        year = re.fullmatch(rf"n:({_YEAR})", _key_at(tokens, at + 1))
        if month and (day or year):
            end = at + (2 if year else 1)
            key = _date_key(int(year[1]) if year else None, month, int(day[1]) if day else None)
            yield Token(key, Kind.FACT, " ".join(token.text for token in tokens[position:end]))
            position = end
        else:
            yield tokens[position]
            position += 1
