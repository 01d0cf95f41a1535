"""A consultation as Polis exports it: statements, the votes in their order, groups, and what it was about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from antigone.core.opinion.opinion import Opinion
from antigone.core.opinion.votes import Integers, Small


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: `moderation` is 1 accepted, 0 not looked at, -1 rejected; `created_at` in ms since 1970.

    `agrees` and `disagrees` count all that were cast, votes that were changed later too, as Polis does.
    `consensus` is the group-informed consensus of the export, where it has one.
    """

    id: int
    text: str = ""
    author: int | None = None
    moderation: int = 1
    is_meta: bool = False
    is_seed: bool = False
    created_at: int | None = None
    agrees: int = 0
    disagrees: int = 0
    consensus: float | None = None


@dataclass(frozen=True, eq=False)
class Export:
    """Statements by identifier, and every vote cast, oldest first: who, on what, which, when (ms; -1 unknown).

    `groups` gives the group of each participant who is in one; `participants` are all those known, by identifier.
    `unused` names the columns that were there and mean nothing here, as (file, column).
    """

    statements: tuple[Statement, ...]
    voters: Integers
    voted: Integers
    votes: Small
    times: Integers
    participants: tuple[int, ...]
    groups: Mapping[int, int] = field(default_factory=dict)
    summary: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[tuple[str, str], ...] = ()

    @property
    def rejected(self) -> tuple[int, ...]:
        """Identifiers of the statements that moderation rejected."""
        return tuple(statement.id for statement in self.statements if statement.moderation < 0)

    @property
    def meta(self) -> tuple[int, ...]:
        """Identifiers of the statements about the consultation itself."""
        return tuple(statement.id for statement in self.statements if statement.is_meta)

    def count_votes(self) -> Opinion:
        """Give the opinion that these votes make."""
        opinion = Opinion()
        opinion.add_statements(statement.id for statement in self.statements)
        opinion.record_many(self.voters, self.voted, self.votes)
        return opinion
