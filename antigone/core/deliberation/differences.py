"""Two versions of a paragraph → what was kept, removed and added, as a person would mark it by hand.

Sentences are compared, then words, never letters. What is the same between two changes and shorter than they are is
given as changed too: a reader wants phrases, not confetti. The work is bounded whatever the texts: where they are too
repetitive to be compared, what cannot be told is given as removed and added.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Literal

TOKEN = re.compile(r"[\w\u0300-\u036f]+['’]?|\s+|[^\w\s]")  # « l’eau » is two words: l’ and eau
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*|[.!?\n]+")
BUDGET = 2_000_000  # pairs of equal words looked at, in all
LONGEST_ISLAND = 5  # words

Kind = Literal["same", "removed", "added"]
Change = tuple[int, int, int, int]  # tokens from, to in the old text; from, to in the new one


@dataclass(frozen=True)
class Piece:
    """A run of text that both versions share, or that only the old or only the new one has."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """Tell what changed from `old` to `new`, in the order of reading; what is removed stands before what replaces it.

    The texts of the pieces `same` and `removed` make up `old` exactly, those of `same` and `added` make up `new`.
    No piece is empty; two pieces of one kind never follow each other.

    >>> for piece in compare("La Ville publie l’avis.", "La Ville répond à l’avis."):
    ...     print(piece.kind, repr(piece.text))
    same 'La Ville '
    removed 'publie'
    added 'répond à'
    same ' l’avis.'
    """
    sentences, new_sentences = SENTENCE.findall(old), SENTENCE.findall(new)
    coarse, budget = _search(sentences, new_sentences, [(0, len(sentences), 0, len(new_sentences))], BUDGET)
    before, places = _cut_words(sentences)
    after, new_places = _cut_words(new_sentences)
    regions = [(places[a], places[b], new_places[c], new_places[d]) for a, b, c, d in coarse]
    changes, _ = _search(before, after, regions, budget)
    return tuple(piece for piece in _cut(_drown_islands(changes, before, after), before, after) if piece.text)


def _cut_words(sentences: Sequence[str]) -> tuple[list[str], list[int]]:
    """Cut sentences into tokens; also give how many stand before each sentence."""
    cut = [TOKEN.findall(sentence) for sentence in sentences]
    return [token for tokens in cut for token in tokens], [0, *accumulate(map(len, cut))]


def _search(
    before: Sequence[str], after: Sequence[str], start: Sequence[Change], budget: int
) -> tuple[list[Change], int]:
    """Give what differs within regions, as difflib finds it (longest common run first), and the budget that is left.

    Spaces and punctuation never start a run, they lengthen it. A search costs, for each word of the old text, as many
    steps as the new text has that word: where the budget does not allow it, the region differs as a whole.
    """
    matcher = SequenceMatcher(_is_no_word, before, after, autojunk=False)
    uses = Counter(after)
    steps = [0, *accumulate(1 if _is_no_word(token) else 1 + uses[token] for token in before)]
    regions = deque(_trim(region, before, after) for region in start)
    changes: list[Change] = []
    while regions:
        region = regions.popleft()
        from_old, to_old, from_new, to_new = region
        cost = steps[to_old] - steps[from_old]
        match = None
        if from_old < to_old and from_new < to_new and cost <= budget:
            budget -= cost
            match = matcher.find_longest_match(*region)
        if match and match.size:
            regions.append((from_old, match.a, from_new, match.b))
            regions.append((match.a + match.size, to_old, match.b + match.size, to_new))
        elif from_old < to_old or from_new < to_new:
            changes.append(region)
    return sorted(changes), budget


def _drown_islands(changes: list[Change], before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Join two changes where what is the same between them is short, and no longer than either of them."""
    old_words = [0, *accumulate(not _is_no_word(token) for token in before)]
    new_words = [0, *accumulate(not _is_no_word(token) for token in after)]

    def count_words(change: Change) -> int:
        from_old, to_old, from_new, to_new = change
        return max(old_words[to_old] - old_words[from_old], new_words[to_new] - new_words[from_new])

    joined: list[Change] = []
    for change in changes:
        while joined:
            earlier = joined[-1]
            island = old_words[change[0]] - old_words[earlier[1]]
            if island > min(LONGEST_ISLAND, count_words(earlier), count_words(change)):
                break
            change = (earlier[0], change[1], earlier[2], change[3])
            joined.pop()
        joined.append(change)
    return joined


def _trim(region: Change, before: Sequence[str], after: Sequence[str]) -> Change:
    """Leave out what both sides of a region start with, then what they end with."""
    from_old, to_old, from_new, to_new = region
    while from_old < to_old and from_new < to_new and before[from_old] == after[from_new]:
        from_old, from_new = from_old + 1, from_new + 1
    while from_old < to_old and from_new < to_new and before[to_old - 1] == after[to_new - 1]:
        to_old, to_new = to_old - 1, to_new - 1
    return from_old, to_old, from_new, to_new


def _cut(changes: list[Change], before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """Cut both texts at the changes."""
    done = 0
    for from_old, to_old, from_new, to_new in changes:
        yield Piece("same", "".join(before[done:from_old]))
        yield Piece("removed", "".join(before[from_old:to_old]))
        yield Piece("added", "".join(after[from_new:to_new]))
        done = to_old
    yield Piece("same", "".join(before[done:]))


def _is_no_word(token: str) -> bool:
    return not any(map(str.isalnum, token))
