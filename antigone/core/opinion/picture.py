"""The opinion picture: everything that a page or a file says of a consultation, from the votes that hold."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from antigone.core.opinion.choosing import (
    Representative,
    Sides,
    choose_consensus,
    choose_divisive,
    choose_representative,
    choose_shared,
    find_shared,
)
from antigone.core.opinion.groups import Groups, History, find_groups, take_groups
from antigone.core.opinion.map import OpinionMap, choose_clustered, draw_map
from antigone.core.opinion.opinion import Opinion
from antigone.core.opinion.phrases import Say, fill, gettext_noop
from antigone.core.opinion.routing import measure_priority
from antigone.core.opinion.rules import Rules
from antigone.core.opinion.statistics import (
    Tally,
    count_votes,
    measure_consensus,
    measure_gap,
    measure_split,
)
from antigone.core.opinion.votes import Flags, Floats, Votes


@dataclass(frozen=True, slots=True)
class Participation:
    """Who took part: `grouped` participants are in a group; `filled` is the share of the possible votes cast."""

    participants: int
    grouped: int
    statements: int
    votes: int
    agrees: int
    disagrees: int
    passes: int
    median_votes: float
    filled: float


@dataclass(frozen=True, slots=True)
class StatementFigures:
    """What a picture says of one statement; `groups` counts (agrees, disagrees, passes) of each group.

    `consensus_agree` and `consensus_disagree` are group-aware; `is_shared_agree` and `is_shared_disagree` say that a
    majority of every group, each with votes enough, agrees or disagrees. `gap` is None where fewer than two groups
    have votes enough.
    """

    statement: int
    is_out: bool
    agrees: int
    disagrees: int
    passes: int
    groups: Mapping[int, tuple[int, int, int]]
    consensus_agree: float
    consensus_disagree: float
    is_shared_agree: bool
    is_shared_disagree: bool
    gap: float | None
    split: float
    extremity: float
    priority: float
    position: tuple[float, float]

    @property
    def votes(self) -> int:
        """All the votes that hold."""
        return self.agrees + self.disagrees + self.passes


@dataclass(frozen=True, eq=False)
class Picture:
    """A consultation at one moment. Arrays (C,) follow `votes.statements`, arrays (N,) `votes.participants`.

    `tally` counts all participants, `by_group` (K, C) those of each of `groups.names`.
    """

    votes: Votes
    is_out: Flags
    map: OpinionMap
    groups: Groups
    tally: Tally
    by_group: Tally
    consensus_agree: Floats
    consensus_disagree: Floats
    is_shared_agree: Flags
    is_shared_disagree: Flags
    gap: Floats
    split: Floats
    priority: Floats
    consensus: Sides
    shared: Sides
    divisive: tuple[int, ...]
    representative: Mapping[int, tuple[Representative, ...]]
    participation: Participation

    @property
    def history(self) -> History:
        """What the next picture is to be given, so that names and axes stay."""
        people = self.groups.labels >= 0
        return History(
            participants=self.votes.participants[people],
            labels=self.groups.labels[people],
            shown=len(self.groups.names) if self.groups.are_clear else 1,
            wanted=self.groups.wanted,
            times=self.groups.times,
            statements=self.votes.statements,
            components=self.map.components,
        )

    def describe_statement(self, statement: int) -> StatementFigures:
        """Give the figures of one statement; raise KeyError where it is not among those known."""
        column = int(np.searchsorted(self.votes.statements, statement))
        if column == len(self.votes.statements) or self.votes.statements[column] != statement:
            raise KeyError(statement)
        return self.describe_column(column)

    def describe_column(self, column: int) -> StatementFigures:
        """Give the figures of the statement of one column."""
        agrees, disagrees, passes = self.tally.read(column)
        gap = float(self.gap[column])
        x, y = self.map.positions[column].tolist()
        return StatementFigures(
            statement=int(self.votes.statements[column]),
            is_out=bool(self.is_out[column]),
            agrees=agrees,
            disagrees=disagrees,
            passes=passes,
            groups={
                name: self.by_group.read((number, column)) for number, name in enumerate(self.groups.names)
            },
            consensus_agree=float(self.consensus_agree[column]),
            consensus_disagree=float(self.consensus_disagree[column]),
            is_shared_agree=bool(self.is_shared_agree[column]),
            is_shared_disagree=bool(self.is_shared_disagree[column]),
            gap=None if np.isnan(gap) else gap,
            split=float(self.split[column]),
            extremity=float(self.map.extremity[column]),
            priority=float(self.priority[column]),
            position=(x, y),
        )

    def explain(self, say: Say = str) -> str:
        """Say in one sentence whether there are groups, in the language of `say`."""
        sizes = list(self.groups.sizes.values())
        if not self.votes.participants.size:
            return say(gettext_noop("Nobody has voted yet."))
        if not self.groups.are_clear:
            template = gettext_noop("No clear groups among the {people} participants who voted enough.")
            return fill(template, {"people": sum(sizes)}, say)
        template = gettext_noop("{count} groups, of {sizes} participants.")
        return fill(template, {"count": len(sizes), "sizes": ", ".join(map(str, sizes))}, say)


def draw_picture(
    opinion: Opinion,
    *,
    rejected: Collection[int] = (),
    meta: Collection[int] = (),
    groups: Mapping[int, int] | None = None,
    before: History | None = None,
    rules: Rules | None = None,
) -> Picture:
    """Draw the picture of the votes that hold; it depends on them and on the arguments alone, bit for bit.

    Statements `rejected` by moderation and those about the consultation itself (`meta`) weigh on nothing and are in
    no list. `groups` (participant → group) replace those that would be found, others being in none. With the history
    of the picture `before`, groups keep their names, axes their sense, and another number of groups waits.

    >>> opinion = Opinion()
    >>> opinion.record_many([1, 2, 3, 1, 2, 3], [7, 7, 7, 8, 8, 8], [1, 1, 1, 1, -1, 0])
    >>> picture = draw_picture(opinion)
    >>> picture.explain(), picture.consensus.agree
    ('No clear groups among the 3 participants who voted enough.', (7,))
    """
    rules = rules or Rules()
    votes = opinion.votes
    is_meta = np.isin(votes.statements, sorted(meta))
    is_out = is_meta | np.isin(votes.statements, sorted(rejected))
    drawn = draw_map(votes, opinion.gram, is_out, _follow(before, votes))
    voted = int((np.diagonal(opinion.gram.products)[len(votes.statements) :] > 0).sum())
    if groups is None:
        found = find_groups(votes, drawn, choose_clustered(votes, voted), rules, before)
    else:
        found = take_groups(votes, drawn.participants, groups)
    return _assemble(votes, drawn, found, is_out, is_meta, rules)


def _assemble(
    votes: Votes, drawn: OpinionMap, found: Groups, is_out: Flags, is_meta: Flags, rules: Rules
) -> Picture:
    everybody = np.zeros(len(votes.participants), dtype=np.int64)
    tally = count_votes(votes, everybody, 1).sum_up()
    by_group = count_votes(votes, found.numbers, len(found.names))
    consensus_agree, consensus_disagree = measure_consensus(by_group)
    shared_agree, shared_disagree = find_shared(by_group, is_out, rules.least_votes)
    statements = votes.statements
    representative = choose_representative(statements, by_group, is_out, rules)
    return Picture(
        votes=votes,
        is_out=is_out,
        map=drawn,
        groups=found,
        tally=tally,
        by_group=by_group,
        consensus_agree=consensus_agree,
        consensus_disagree=consensus_disagree,
        is_shared_agree=shared_agree,
        is_shared_disagree=shared_disagree,
        gap=measure_gap(by_group, rules.least_votes),
        split=measure_split(tally),
        priority=measure_priority(by_group.sum_up(), drawn.extremity, is_meta),
        consensus=choose_consensus(statements, tally, is_out, rules),
        shared=choose_shared(statements, by_group, is_out, rules),
        divisive=choose_divisive(statements, tally, by_group, is_out, rules),
        representative=dict(zip(found.names, representative, strict=True)),
        participation=_count_participation(votes, tally, found),
    )


def _count_participation(votes: Votes, tally: Tally, found: Groups) -> Participation:
    cast, people, statements = len(votes.columns), len(votes.participants), len(votes.statements)
    return Participation(
        participants=people,
        grouped=int((found.labels >= 0).sum()),
        statements=statements,
        votes=cast,
        agrees=int(tally.agrees.sum()),
        disagrees=int(tally.disagrees.sum()),
        passes=int(tally.passes.sum()),
        median_votes=float(np.median(votes.lengths)) if people else 0.0,
        filled=cast / (people * statements) if cast else 0.0,
    )


def _follow(before: History | None, votes: Votes) -> Floats | None:
    """Give the axes of the picture before for the statements of now; 0 for new ones."""
    if before is None:
        return None
    _, now, then = np.intersect1d(votes.statements, before.statements, return_indices=True)
    components = np.zeros((len(votes.statements), 2))
    components[now] = before.components[then]
    return components
