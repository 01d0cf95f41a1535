"""Statements reduced to what they say: a sequence of items, cut into clauses.

Two statements agree when their sequences are equal, but for the place of a movable clause, the clauses
that may be left out, and words of the same meaning. Since the order counts, swapped numbers and names
never agree; since every item counts, neither do a dropped “sauf”, an added “ne … pas” or another unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from antigone.core.grounding.tokens import Kind, Token, tokenise
from antigone.core.grounding.words import (
    APPOSITIONS,
    FRAME_WORDS,
    FUNCTION_WORDS,
    MOVABLE,
    NEGATIONS,
    PHRASES,
    PRICE_WORDS,
    QUALIFIERS,
    SYNONYMS_BY_MEANING,
)


def fold_stem(word: str) -> str:
    """Take plural, feminine and the commonest verb endings off a folded word.

    Light on purpose: tenses stay apart, because “fermera” is not “ferme”.

    >>> fold_stem("municipales"), fold_stem("travaux"), fold_stem("payer"), fold_stem("payent")
    ('municipal', 'traval', 'pay', 'pay')
    """
    if len(word) <= 3:
        return word
    if word.endswith("aux") and len(word) > 4:
        return word[:-3].rstrip("i") + "al" if not word.endswith("eaux") else word[:-1]
    stem = word[:-1] if word[-1] in "sx" else word
    for ending in ("ent", "ee", "er", "e"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            stem = stem[: -len(ending)]
            break
    if len(stem) > 4 and stem[-1] == stem[-2]:
        stem = stem[:-1]
    return stem


_MEANINGS = {
    fold_stem(word): meaning for meaning, words in SYNONYMS_BY_MEANING.items() for word in words.split()
}


def canonical(word: str) -> str:
    """Return the key of a folded word: its meaning where it has synonyms, else its stem."""
    stem = fold_stem(word)
    return _MEANINGS.get(stem, stem)


_MOVABLE = {canonical(word) for word in MOVABLE}
_APPOSITIONS = {canonical(word) for word in APPOSITIONS}
_FRAME = {canonical(word) for word in FRAME_WORDS}
_QUALIFIERS = {canonical(word) for word in QUALIFIERS}
WORDS = (Kind.WORD, Kind.OPENING, Kind.NAME)
NEGATION_KEYS = frozenset(canonical(word) for word in NEGATIONS)
_LONGEST_PHRASE = max(phrase.count(" ") + 1 for phrase in PHRASES)


@dataclass(frozen=True, slots=True)
class Item:
    """Something a statement says. ``key`` compares words by meaning, ``fold`` letter by letter."""

    key: str
    fold: str
    kind: Kind
    text: str

    def agrees(self, other: "Item") -> bool:
        """Tell whether both say the same; names agree only letter by letter."""
        kinds = {self.kind, other.kind}
        if Kind.NAME in kinds:
            return self.fold == other.fold
        if kinds == {Kind.OPENING}:
            return self.key == other.key and self.fold.rstrip("sx") == other.fold.rstrip("sx")
        return self.key == other.key

    @property
    def is_qualifier(self) -> bool:
        return self.kind in (Kind.FACT, Kind.UNIT) or self.key in _QUALIFIERS


END = Item("", "", Kind.MARK, "")


@dataclass(frozen=True, slots=True)
class Clause:
    """Items of one clause. ``mark`` is the punctuation before it."""

    items: tuple[Item, ...]
    mark: str
    is_optional: bool
    is_movable: bool


def list_items(text: str) -> list[Item]:
    """List what ``text`` says, in its order.

    >>> [item.key for item in list_items("Le repas coûte 4,60 € à partir du 1er juillet.")]
    ['repa', 'n:4.6', '€', 'des_qu', 'd:--07-01']
    """
    return [item for item in _read_once(text) if item.kind is not Kind.MARK]


def list_clauses(text: str) -> list[Clause]:
    """Cut what ``text`` says into clauses, at punctuation and before words such as “si”, “pour”, “depuis”."""
    clauses: list[Clause] = []
    items: list[Item] = []
    mark = ""
    for item in [*_read_once(text), END]:
        ends = item.kind is Kind.MARK
        if items and (ends or item.key in _MOVABLE):
            clauses.append(_clause(items, mark, is_first=not clauses))
            items, mark = [], ""
        if ends:
            mark = item.text or mark
        else:
            items.append(item)
    return _frame_first(clauses)


@lru_cache(4_096)
def _read_once(text: str) -> tuple[Item, ...]:
    """Read a text; each sentence of a passage is compared with each of an answer."""
    return tuple(_read(tokenise(text)))


def _clause(items: list[Item], mark: str, *, is_first: bool) -> Clause:
    plain = not any(item.is_qualifier for item in items[1:]) and items[0].kind is not Kind.FACT
    apposition = mark == "," and items[0].key in _APPOSITIONS
    parenthesis = mark == "(" and not items[0].is_qualifier
    return Clause(tuple(items), mark, plain and (apposition or parenthesis), items[0].key in _MOVABLE)


def _frame_first(clauses: list[Clause]) -> list[Clause]:
    """Let an answer leave out “Conformément à l'article 6,” or “De plus,” at the head of a sentence."""
    if len(clauses) > 1 and clauses[1].mark == ",":
        head = clauses[0]
        names_source = head.items[0].key == "selon" and len(head.items) > 1
        frames = names_source and all(i.kind is Kind.FACT or is_frame_word(i) for i in head.items)
        if frames or [item.fold for item in head.items] == ["plus"]:
            return [Clause(head.items, head.mark, True, head.is_movable), *clauses[1:]]
    return clauses


def is_frame_word(item: Item) -> bool:
    """Tell whether a word only introduces what a source says."""
    return item.kind is not Kind.FACT and item.key in _FRAME


def _read(tokens: Sequence[Token]) -> Iterator[Item]:
    merged = [item for item in _merge_phrases(tokens) if not _is_function_word(item)]
    has_price = any(item.key == "€" for item in merged)
    for item, following in zip(merged, [*merged, END][1:], strict=True):
        if item.kind is Kind.MARK and item.text not in ",;:()":
            continue
        before_fact = following.kind is Kind.FACT or (has_price and following.fold in PRICE_WORDS)
        if item.key == "à" and before_fact:
            continue
        if has_price and (item.fold in PRICE_WORDS or (item.key == "etre" and before_fact)):
            continue
        yield item


def _is_function_word(item: Item) -> bool:
    return item.fold in FUNCTION_WORDS and item.kind in WORDS


def _merge_phrases(tokens: Sequence[Token]) -> Iterator[Item]:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        for length in range(min(_LONGEST_PHRASE, len(tokens) - position), 1, -1):
            group = tokens[position : position + length]
            if meaning := PHRASES.get(" ".join(t.key for t in group)):
                yield Item(canonical(meaning), meaning, Kind.WORD, " ".join(t.text for t in group))
                position += length
                break
        else:
            yield Item(
                canonical(token.key) if token.kind in WORDS else token.key, token.key, token.kind, token.text
            )
            position += 1


def agrees(claim: Sequence[Clause], source: Sequence[Clause]) -> bool:
    """Tell whether ``claim`` says all that ``source`` says, and no more.

    >>> source = list_clauses("Le parc ferme à 20 h, sauf le dimanche.")
    >>> agrees(list_clauses("Sauf le dimanche, le parc ferme à 20h."), source)
    True
    >>> agrees(list_clauses("Le parc ferme à 20 h le dimanche."), source)
    False
    """
    said = [item for clause in claim for item in clause.items]
    pauses = {sum(len(c.items) for c in claim[:index]) for index, c in enumerate(claim) if c.mark}
    return any(
        _follows(said, order) and (not front or sum(len(c.items) for c in order[:front]) in pauses)
        for order, front in _orders(source)
    )


def _orders(clauses: Sequence[Clause]) -> Iterator[tuple[Sequence[Clause], int]]:
    """Yield the clauses in their order, then with what one movable clause opens sent to the other end.

    The number says how many clauses came to the front, where a comma must follow them: “Avant 9 h, …”.
    Nothing moves round punctuation: in
    “adultes : 5 €, enfants : 3 €” it would pair each price with the other age.
    """
    yield clauses, 0
    marked = [index for index, clause in enumerate(clauses) if index and clause.mark]
    if marked and clauses[0].is_movable and len(marked) == 1 and clauses[marked[0]].mark == ",":
        yield [*clauses[marked[0] :], *clauses[: marked[0]]], 0
    for index in range(1, len(clauses)):
        if clauses[index].is_movable and (not marked or marked == [index]):
            yield [*clauses[index:], *clauses[:index]], len(clauses) - index


def _follows(claim: Sequence[Item], clauses: Sequence[Clause]) -> bool:
    position = 0
    for clause in clauses:
        end = position + len(clause.items)
        if end <= len(claim) and all(map(Item.agrees, claim[position:end], clause.items)):
            position = end
        elif not clause.is_optional:
            return False
    return position == len(claim)
