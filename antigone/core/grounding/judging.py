"""The rules: what makes a sentence cited, supported, or neither, and why.

*Cited*: the sentence, or what it quotes after an introduction that says nothing else, is one or more
whole sentences of a source, word for word. A quote that starts or stops inside a sentence is never
cited: what was cut may turn its meaning.

*Supported*: one to three adjacent sentences of one source say the same, item for item and in the same
order (see `clauses`), so that neither a word, nor a number, nor a condition was added, dropped,
exchanged or moved to another noun.

An introduction (“Selon le règlement,”) is only made of words that introduce, and of words and article
numbers of the source's own title and headings.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from antigone.core.grounding.answers import Citation, Mark, Reason
from antigone.core.grounding.clauses import (
    NEGATION_KEYS,
    Item,
    agrees,
    is_frame_word,
    list_clauses,
    list_items,
)
from antigone.core.grounding.evidence import Evidence, Unit
from antigone.core.grounding.folding import fold_needle
from antigone.core.grounding.tokens import Kind
from antigone.core.grounding.words import NEUTRAL_OPENINGS

MIN_CITED_ITEMS = 2
MIN_SUPPORTED_ITEMS = 3
MAX_ITEMS = 250  # a longer sentence is only compared word for word
LONGEST_FRAME = 160
QUOTED = re.compile(r"«([^«»]{1,3000})»|“([^“”]{1,3000})”|\"([^\"]{1,3000})\"")
HEAD_ENDS = re.compile(r"[:,]\s|\bque\s|\bqu['’]")
TAIL_STARTS = re.compile(r",\s|\s\(")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The mark of a sentence, with where it stands in the sources or why it does not."""

    mark: Mark
    citations: tuple[Citation, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a sentence: an introduction, and what it introduces."""

    frame: str
    body: str


def judge(text: str, evidence: Sequence[Evidence], lead: str = "") -> Verdict:
    """Judge one sentence without markup. ``evidence`` comes likeliest first; ``lead`` introduces its list."""
    quotes = [next(filter(None, groups)).strip() for groups in QUOTED.findall(text)]
    if text.endswith("?"):
        return Verdict(Mark.UNVERIFIED)
    if cited := _cite(text, quotes, evidence, lead):
        return cited
    if is_neutral(text):
        return Verdict(Mark.UNVERIFIED)
    if not evidence:
        return Verdict(Mark.UNVERIFIED, (), (Reason("no_source"),))
    items = list_items(text)
    if len(items) < MIN_CITED_ITEMS and not lead:
        return Verdict(Mark.UNVERIFIED, (), (Reason("too_little_support"),))
    found = _support(text, items, quotes, evidence, lead)
    return found or Verdict(Mark.UNVERIFIED, (), _explain(text, items, quotes, evidence, lead))


def is_neutral(text: str) -> bool:
    """Tell whether a sentence states nothing to verify: a question, a greeting, a refusal, “Voici :”."""
    stripped = text.strip()
    if not stripped or stripped.endswith("?"):
        return True
    items = list_items(stripped[:1000])
    if any(item.kind is Kind.FACT for item in items) or len(items) > 25:
        return False
    if stripped.lower().replace("’", "'").startswith(NEUTRAL_OPENINGS):
        return True
    return stripped.endswith(":") and all(is_frame_word(item) for item in items)


def turns_meaning(heading: str) -> bool:
    """Tell whether a heading says more than a topic: “Interdit”, “Le dimanche”, “Tarifs 2024”."""
    return any(item.is_qualifier or item.kind is Kind.NAME for item in list_items(heading))


def _readings(text: str) -> Iterator[Reading]:
    yield Reading("", text)
    for match in list(HEAD_ENDS.finditer(text, 0, LONGEST_FRAME))[:4]:
        yield Reading(text[: match.end()], text[match.end() :])
    for match in list(TAIL_STARTS.finditer(text, max(0, len(text) - LONGEST_FRAME)))[-2:]:
        yield Reading(text[match.start() :], text[: match.start()])


def _frame_fits(frame: str, evidence: Evidence, position: int) -> bool:
    """Tell whether ``frame`` only introduces what stands at ``position`` of this source."""
    if not frame:
        return True
    facts = evidence.facts_at(position)
    for item in list_items(frame):
        if item.kind is Kind.FACT:
            fits = item.key in facts
        else:
            in_title = not item.is_qualifier and any(item.agrees(other) for other in evidence.title_items)
            fits = in_title or is_frame_word(item)
        if not fits:
            return False
    return True


def _lead_fits(lead: str, evidence: Evidence, unit: Unit) -> bool:
    """Tell whether the line that introduces a list in the answer agrees with the source's own."""
    if unit.lead is not None:
        return _same_words(lead, unit.lead.text)
    if not lead:
        return True
    known = [*unit.items, *evidence.title_items]
    return all(is_frame_word(item) or any(item.agrees(k) for k in known) for item in list_items(lead))


def _same_words(one: str, other: str) -> bool:
    first, second = fold_needle(one), fold_needle(other)
    return first[:1].lower() + first[1:] == second[:1].lower() + second[1:] != ""


def _cite(text: str, quotes: list[str], evidence: Sequence[Evidence], lead: str) -> Verdict | None:
    readings = list(_readings(text))
    for one in evidence:
        for reading in readings:
            if citation := _cite_whole(reading, one, lead):
                return Verdict(Mark.CITED, (citation,))
        if quotes and (citations := _cite_quotes(text, quotes, one, lead)):
            return Verdict(Mark.CITED, citations)
    return None


def _cite_whole(reading: Reading, one: Evidence, lead: str) -> Citation | None:
    for start, end, unit in one.find_whole(reading.body):
        enough = bool(lead and unit.lead) or len(list_items(reading.body)) >= MIN_CITED_ITEMS
        if enough and _frame_fits(reading.frame, one, start) and _lead_fits(lead, one, unit):
            return _citation(one, start, end)
    return None


def _cite_quotes(text: str, quotes: list[str], one: Evidence, lead: str) -> tuple[Citation, ...]:
    """Cite a sentence that only introduces its quotes."""
    frame = QUOTED.sub(" ", text)
    cited = [_cite_whole(Reading(frame, quote), one, lead) for quote in quotes]
    return tuple(c for c in cited if c) if all(cited) and len(frame) <= 2 * LONGEST_FRAME else ()


def _citation(one: Evidence, start: int, end: int) -> Citation:
    return Citation(one.source.key, start, end, one.source.text[start:end])


def _support(
    text: str, items: list[Item], quotes: list[str], evidence: Sequence[Evidence], lead: str
) -> Verdict | None:
    if len(items) > MAX_ITEMS:
        return None
    lead_clauses = list_clauses(lead)
    for one in evidence:
        if not all(any(True for _ in one.find(quote)) for quote in quotes):
            continue
        for reading in _readings(text):
            claim = list_clauses(reading.body)
            for _, index in one.candidates(items):
                for units, clauses in one.windows(index):
                    fits = _lead_fits(lead, one, units[0]) if not units[0].lead else False
                    said = claim if fits else [*lead_clauses, *claim]
                    if sum(len(c.items) for c in said) < MIN_SUPPORTED_ITEMS or not agrees(said, clauses):
                        continue
                    if _frame_fits(reading.frame, one, units[0].start):
                        return _supported(one, units)
    return None


def _supported(one: Evidence, units: Sequence[Unit]) -> Verdict:
    return Verdict(Mark.SUPPORTED, (_citation(one, units[0].start, units[-1].end),))


def _explain(
    text: str, items: list[Item], quotes: list[str], evidence: Sequence[Evidence], lead: str
) -> tuple[Reason, ...]:
    """Name what the likeliest source sentence disagrees about."""
    if len(items) > MAX_ITEMS:
        return (Reason("too_little_support"),)
    reasons: list[Reason] = []
    for quote in quotes:
        if not any(True for one in evidence for _ in one.find(quote)):
            reasons.append(Reason("quote_absent", {"quote": quote}))
    if any(True for one in evidence for _ in one.find(text)):
        code = (
            "lead_differs"
            if lead and any(True for one in evidence for _ in one.find_whole(text))
            else "quote_partial"
        )
        return (Reason(code, {"lead": lead} if code == "lead_differs" else {"quote": text}),)
    ranked = [
        (count, -order, index)
        for order, one in enumerate(evidence)
        for count, index in one.candidates(items)[:1]
    ]
    best = max(ranked, default=(0, 0, 0))
    if best[0] * 2 < len({item.key for item in items}):
        return (*reasons, Reason("too_little_support"))
    one = evidence[-best[1]]
    return (*reasons, *_compare(items, one.units[best[2]].items))


def _compare(claim: Sequence[Item], source: Sequence[Item]) -> tuple[Reason, ...]:
    added = [item for item in claim if not any(item.agrees(other) for other in source)]
    dropped = [item for item in source if not any(item.agrees(other) for other in claim)]
    turned = Counter(i.key for i in claim if i.key in NEGATION_KEYS)
    turned.subtract(i.key for i in source if i.key in NEGATION_KEYS)
    reasons = [Reason("negation_differs", {"word": key}) for key, count in turned.items() if count]
    for item in added:
        if item.key not in NEGATION_KEYS:
            reasons.append(_absent(item))
    reasons += [Reason("left_out", {"word": item.text}) for item in dropped if item.key not in NEGATION_KEYS][
        :3
    ]
    return tuple(reasons[:6]) or (Reason("order_differs"),)


def _absent(item: Item) -> Reason:
    if item.kind in (Kind.FACT, Kind.UNIT):
        return Reason("number_absent", {"number": item.text})
    if item.kind is Kind.NAME:
        return Reason("name_absent", {"name": item.text})
    return Reason("word_absent", {"word": item.text})
