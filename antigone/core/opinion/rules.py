"""What a picture takes for granted, in one place: what a city may set, with the values that serve when it does not."""

from dataclasses import dataclass

MOST_GROUPS = 8
"""Names are matched in all ways there are: more groups would take too long, and nobody can tell more apart."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of a picture; shares are of the participants who are in a group.

    `most_groups`: groups looked for at most. `least_people`, `least_share`: no group is smaller than either.
    `least_silhouette`: under it there are no clear groups. `patience`: pictures that must agree on another number of
    groups before it is shown. `least_votes`: votes that each group must have cast on a statement for it to be called
    shared or divisive. `listed`: statements in each list. `seed`: any whole number, for the starts of the search.
    """

    most_groups: int = 5
    least_people: int = 5
    least_share: float = 0.05
    least_silhouette: float = 0.25
    patience: int = 4
    least_votes: int = 5
    listed: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if not 2 <= self.most_groups <= MOST_GROUPS:
            raise ValueError(f"most_groups is {self.most_groups}: from 2 to {MOST_GROUPS}")

    def find_floor(self, people: int) -> int:
        """Give the fewest participants that a group may have.

        >>> Rules().find_floor(40), Rules().find_floor(1000)
        (5, 50)
        """
        return max(self.least_people, int(-(-self.least_share * people // 1)))
