"""Sources made ready: folded once, cut into units, indexed by what they say."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from antigone.core.grounding.answers import Source
from antigone.core.grounding.clauses import Clause, Item, list_clauses, list_items
from antigone.core.grounding.errors import DuplicateSourceError
from antigone.core.grounding.folding import FoldedText, find_spans, fold_needle, fold_text
from antigone.core.grounding.markup import article_codes
from antigone.core.grounding.references import ARTICLE, NAMED
from antigone.core.grounding.sentences import LIST_MARK, split_sentences

CANDIDATE_UNITS = 8
_HEADING = re.compile(rf"(?:{ARTICLE.pattern})\s?[:.–—-]+\s", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """A sentence of a source, ``source.text[start:end]``. ``lead`` introduces it: “Sont interdits :”."""

    text: str
    start: int
    end: int
    is_complete: bool
    is_item: bool
    lead: "Unit | None"

    @cached_property
    def clauses(self) -> list[Clause]:
        return [*(self.lead.clauses if self.lead else ()), *list_clauses(self.text)]

    @cached_property
    def items(self) -> list[Item]:
        return [item for clause in self.clauses for item in clause.items]


@dataclass(frozen=True)
class Evidence:
    """One source, ready to be compared with sentences."""

    source: Source
    units: list[Unit] = field(default_factory=list)

    @cached_property
    def starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def title_items(self) -> list[Item]:
        return list_items(self.source.title)

    @cached_property
    def articles(self) -> list[tuple[int, frozenset[str]]]:
        """List the headings “Article 6”, each with its offset and the facts it holds."""
        headings = [unit for unit in self.units if ARTICLE.match(self.source.text, unit.start, unit.end)]
        headings += [u for u in self.units if _HEADING.match(self.source.text, self._line_start(u))]
        return sorted(
            (u.start, _fact_keys(match.group()))
            for u in headings
            if (match := ARTICLE.match(self.source.text, self._line_start(u)))
        )

    def _line_start(self, unit: Unit) -> int:
        return self.source.text.rfind("\n", 0, unit.start) + 1

    def facts_at(self, position: int) -> frozenset[str]:
        """Return the facts of the article heading above ``position``, or of the title if there is none."""
        index = bisect_right(self.articles, position, key=lambda heading: heading[0])
        if index:
            return self.articles[index - 1][1]
        return _fact_keys(self.source.title)

    def find_whole(self, quote: str) -> Iterator[tuple[int, int, Unit]]:
        """Yield where ``quote`` stands in the source as whole sentences, with the first of them."""
        for start, end in self.find(quote):
            first, last = self.unit_at(start), self.unit_at(end - 1)
            if first is None or last is None or not last.is_complete:
                continue
            if _is_blank(self.source.text[first.start : start]) and _is_blank(
                self.source.text[end : last.end]
            ):
                yield start, end, first

    def find(self, quote: str) -> Iterator[tuple[int, int]]:
        """Yield where ``quote`` stands in the source, in the source's own offsets."""
        for start, end in find_spans(fold_needle(quote), self._folded.text):
            yield self._folded.starts[start], self._folded.ends[end - 1]

    @cached_property
    def _folded(self) -> FoldedText:
        return fold_text(self.source.text, join_hyphens=True)

    def unit_at(self, position: int) -> Unit | None:
        index = bisect_right(self.starts, position) - 1
        return self.units[index] if index >= 0 else None

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for index, unit in enumerate(self.units):
            for key in {item.key for item in unit.items}:
                found[key].append(index)
        return found

    def candidates(self, items: Iterable[Item]) -> list[tuple[int, int]]:
        """Return the units that share most with ``items``: (how many, index), best first."""
        hits: Counter[int] = Counter()
        for key in {item.key for item in items}:
            hits.update(self.postings.get(key, ()))
        best = sorted(hits.items(), key=lambda pair: (-pair[1], pair[0]))[:CANDIDATE_UNITS]
        return [(count, index) for index, count in best]

    def windows(self, index: int) -> Iterator[tuple[Sequence[Unit], list[Clause]]]:
        """Yield the unit, then with the one after and the one before; a unit that runs on is never alone."""
        last = index
        while not self.units[last].is_complete and last + 1 < len(self.units) and last < index + 3:
            last += 1
        for low, high in ((index, last), (index, last + 1), (index - 1, last)):
            if low >= 0 and high < len(self.units):
                group = self.units[low : high + 1]
                if group[-1].is_complete:
                    yield group, [clause for unit in group for clause in unit.clauses]


def prepare_sources(sources: Sequence[Source]) -> list[Evidence]:
    """Cut each source into units. Raises DuplicateSourceError where two have one key."""
    seen: set[str] = set()
    for source in sources:
        if source.key in seen:
            raise DuplicateSourceError(source.key)
        seen.add(source.key)
    return [Evidence(source, list(_list_units(source.text))) for source in sources]


def known_references(sources: Sequence[Source]) -> frozenset[str]:
    """Collect the laws, articles, addresses and files the sources name."""
    found: set[str] = set()
    for source in sources:
        for text in (source.title, source.text, source.key):
            for pattern in NAMED:
                for match in pattern.finditer(text):
                    found.update(reference_keys(match.group()))
    return frozenset(found)


def reference_keys(reference: str) -> list[str]:
    """Write a named reference one way: each article number, or the facts of a law, or the address."""
    codes = article_codes(reference)
    if codes:
        return [f"article {code}" for code in codes]
    facts = [item.key for item in list_items(reference)]
    return [" ".join(facts)] if facts else [reference.lower()]


def _list_units(text: str) -> Iterator[Unit]:
    lead: Unit | None = None
    opens_list = False
    for sentence in split_sentences(text):
        start = sentence.start
        mark = LIST_MARK.match(text, start, sentence.end) if sentence.is_line_start else None
        heading = None if mark else _HEADING.match(text, start, sentence.end)
        if skipped := mark or heading:
            start = skipped.end()
        is_item = mark is not None
        body = text[start : sentence.end]
        if not (is_item or opens_list):
            lead = None
        unit = Unit(body, start, sentence.end, sentence.is_complete, is_item, lead)
        yield unit
        opens_list = body.rstrip().endswith((";", ",")) and lead is not None
        if body.rstrip().endswith(":"):
            lead, opens_list = unit, True


def _fact_keys(text: str) -> frozenset[str]:
    return frozenset(item.key for item in list_items(text) if item.key[:2] in ("n:", "c:", "o:"))


def _is_blank(text: str) -> bool:
    return not any(character.isalnum() or character in "€%" for character in text)
