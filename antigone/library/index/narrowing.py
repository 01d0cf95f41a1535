"""Which passages are worth ranking: a Boolean expression over stems, in the words of either database."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a database writes “both” and “either”, and the mark around a word."""

    both: str
    either: str
    mark: str

    def quote(self, term: str) -> str:
        """Write a term so that it is read as one word, whatever it holds."""
        return f"{self.mark}{term.replace(self.mark, self.mark * 2)}{self.mark}"

    def join(self, terms: Mapping[str, int]) -> str:
        """Write that a passage holds at least one of the terms."""
        return f"({self.either.join(map(self.quote, terms))})"


def match_enough(stems: Mapping[str, int], most: float, syntax: Syntax) -> str:
    """Write that a passage holds a rare stem, or two of the others.

    `stems` gives for each stem the number of passages that hold it, rarest first. Stems are rare as long as
    at most `most` passages hold them, all together. Ranking reads every passage that matches, so its time
    follows their number, and a passage that holds nothing but one common word is hardly ever among the best.

    >>> syntax = Syntax(" AND ", " OR ", '"')
    >>> match_enough({"piscin": 3, "tarif": 40, "enfant": 50, "vill": 60}, 10, syntax)
    '("piscin" OR "enfant" AND ("tarif") OR "vill" AND ("tarif" OR "enfant"))'
    >>> match_enough({"tarif": 40}, 10, syntax)
    '("tarif")'
    """
    choices: list[str] = []
    common: dict[str, int] = {}
    total = 0
    for stem, passages in stems.items():
        total += passages
        if total <= most:
            choices.append(syntax.quote(stem))
            continue
        if common:
            choices.append(syntax.quote(stem) + syntax.both + syntax.join(common))
        common[stem] = passages
    return f"({syntax.either.join(choices)})" if choices else syntax.join(stems)
