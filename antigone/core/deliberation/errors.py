"""What can go wrong while people deliberate.

DeliberationError
├── InvalidJudgment      what was counted, or the rule it is held against
│   ├── WrongLevels          not one count for each level
│   ├── NegativeCount        a count under zero
│   ├── TooManyVoters        more judgments than members
│   └── InvalidRule          a threshold, a quorum or a level that cannot be
├── InvalidGroups        the people, or the groups asked for
│   ├── TooManyGroups        fewer people than groups, or no group
│   ├── NoRounds             not one round
│   └── RepeatedPerson       two people of one name
└── CyclicDescent        a version that descends from itself
"""

from typing import ClassVar

from antigone.core.deliberation.phrases import Say, gettext_noop


class DeliberationError(Exception):
    """Say what happened, what it concerns, what to do; `code` and `params` let a page say it in its language.

    >>> TooManyVoters(voters=41, members=40).params["voters"]
    41
    """

    code: ClassVar[str] = "deliberation"
    message: ClassVar[str] = gettext_noop("The deliberation could not be computed.")

    def __init__(self, **params: str | int) -> None:
        self.params = params
        super().__init__(self.message.format(**params))

    def explain(self, say: Say = str) -> str:
        """Say the error in the language of `say`.

        >>> NoRounds(rounds=0).explain({NoRounds.message: "Il faut un tour, pas {rounds}."}.get)
        'Il faut un tour, pas 0.'
        """
        return say(self.message).format(**self.params)


class InvalidJudgment(DeliberationError):
    """The judgments cannot be counted."""

    code = "invalid_judgment"


class WrongLevels(InvalidJudgment):
    """There is not one count for each level."""

    code = "wrong_levels"
    message = gettext_noop("There are {count} counts for {levels} levels. Give one for each level.")


class NegativeCount(InvalidJudgment):
    """A count is under zero."""

    code = "negative_count"
    message = gettext_noop("Level {level} has {count} judgments. Write zero or more.")


class TooManyVoters(InvalidJudgment):
    """There are more judgments than members who could give one."""

    code = "too_many_voters"
    message = gettext_noop("There are {voters} judgments for {members} members. Count the hands again.")


class InvalidRule(InvalidJudgment):
    """The threshold, the quorum or the level to reach cannot be."""

    code = "invalid_rule"
    message = gettext_noop(
        "A threshold of {threshold} %, a quorum of {quorum} % and level {kept_from} cannot be applied. "
        "Write a threshold from 1 to 100, a quorum from 0 to 100 and a level from 1 to {levels}."
    )


class InvalidGroups(DeliberationError):
    """The groups cannot be composed."""

    code = "invalid_small_groups"


class TooManyGroups(InvalidGroups):
    """There are fewer people than groups, or no group."""

    code = "too_many_groups"
    message = gettext_noop(
        "{number} groups cannot be made of {people} people. Ask for at least one group, and no more than people."
    )


class NoRounds(InvalidGroups):
    """There is not one round."""

    code = "no_rounds"
    message = gettext_noop("{rounds} rounds cannot be composed. Ask for at least one.")


class RepeatedPerson(InvalidGroups):
    """Two people have one name."""

    code = "repeated_person"
    message = gettext_noop(
        "“{name}” is there more than once. Keep one, or give each person a name of their own."
    )


class CyclicDescent(DeliberationError):
    """A version descends from itself."""

    code = "cyclic_descent"
    message = gettext_noop(
        "Version {version} descends from itself ({count} versions turn in a circle). "
        "Remove the descent that closes the circle."
    )
