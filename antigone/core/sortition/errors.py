"""What can go wrong between a list of people and a panel.

SortitionError
├── InvalidFile          the file itself
│   ├── UnreadableFile       not text, or not a table
│   ├── EmptyFile            nothing in it
│   ├── MissingColumn        a column is not there
│   ├── RepeatedColumn       a column is there more than once
│   ├── RaggedRow            a row has more cells than the header
│   └── InvalidDocument      JSON that is not what its format says
├── InvalidTargets       the targets alone
│   ├── NoTargets            not one target
│   ├── RepeatedTarget       two targets for one value
│   ├── BlankCell            a target without a feature, a value or a bound
│   ├── InvalidNumber        a bound that is not a whole number
│   ├── NegativeBound        a bound under zero
│   ├── CrossedBounds        a minimum above its maximum
│   ├── InvalidFlexibility   limits of change that are inside the bounds
│   ├── InvalidSize          a panel of no seat
│   └── InvalidShares        shares that make no proportions
├── InvalidPool          the people, seen by the targets
│   ├── EmptyPool            nobody
│   ├── MissingId            somebody without an identifier
│   ├── RepeatedId           two people with one identifier
│   ├── MissingValue         somebody without a value for a feature
│   ├── UnknownValue         somebody with a value that has no target
│   └── PoolTooSmall         fewer people (or households) than seats
├── Infeasible           no panel meets all the targets
├── SolverGaveUp         HiGHS ended without an answer
├── Cancelled            somebody stopped the computation
└── InvalidDraw          a public draw that must not be believed, or not be made
    ├── EarlyRandomness      randomness that was known before the commitment
    ├── InvalidRandomness    randomness that is not what was announced
    └── BrokenCommitment     data that are not those committed to
"""

from typing import ClassVar

from antigone.core.sortition.phrases import Say, fill, gettext_noop

Params = dict[str, str | int]


class SortitionError(Exception):
    """Say what happened, what it concerns, what to do; `code` and `params` let a page say it in its language.

    >>> PoolTooSmall(count=12, size=40, unit="people").params["size"]
    40
    """

    code: ClassVar[str] = "sortition"
    message: ClassVar[str] = gettext_noop("The draw could not be made.")

    def __init__(self, **params: str | int) -> None:
        self.params: Params = params
        super().__init__(self.message.format(**params))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.params))

    def explain(self, say: Say = str) -> str:
        """Say the error in the language of `say`.

        >>> EmptyPool().explain({EmptyPool.message: "Il n’y a personne."}.get)
        'Il n’y a personne.'
        """
        return fill(self.message, self.params, say)


def _rebuild(kind: type[SortitionError], params: Params) -> SortitionError:
    """Make an error again on the other side of a process: its parameters have names."""
    return kind(**params)


class InvalidFile(SortitionError):
    """The file cannot be used."""

    code = "invalid_file"


class UnreadableFile(InvalidFile):
    """The bytes are not a table of text."""

    code = "unreadable_file"
    message = gettext_noop(
        "“{file}” is not a table of text ({detail}). Save it as CSV in UTF-8, then try again."
    )


class EmptyFile(InvalidFile):
    """There is no header."""

    code = "empty_file"
    message = gettext_noop("“{file}” is empty. Check that the right file was chosen.")


class MissingColumn(InvalidFile):
    """A column is not there; `columns` are those found."""

    code = "missing_column"
    message = gettext_noop(
        "“{file}” has no column “{column}”; it has: {columns}.{hint} Add or rename the column, "
        "and check the separator."
    )


class RepeatedColumn(InvalidFile):
    """A column is there more than once."""

    code = "repeated_column"
    message = gettext_noop("“{file}” has {count} columns “{column}”. Keep one.")


class RaggedRow(InvalidFile):
    """A row has more cells than the header."""

    code = "ragged_row"
    message = gettext_noop(
        "Line {line} of “{file}” has {cells} cells; the header has {columns}. "
        "Put quotation marks around the cells that hold the separator."
    )


class InvalidDocument(InvalidFile):
    """The JSON is not what its format says; `place` is where."""

    code = "invalid_document"
    message = gettext_noop(
        "“{file}” is not in the format “{format}”: {detail} (at {place}). Correct it, or export it again."
    )


class InvalidTargets(SortitionError):
    """The targets cannot be used."""

    code = "invalid_targets"


class NoTargets(InvalidTargets):
    """There is not one target."""

    code = "no_targets"
    message = gettext_noop(
        "There is no target. Give at least one value of one feature a minimum and a maximum."
    )


class RepeatedTarget(InvalidTargets):
    """One value has two targets."""

    code = "repeated_target"
    message = gettext_noop("“{value}” of “{feature}” has two targets. Keep one.")


class BlankCell(InvalidTargets):
    """A target lacks its feature, its value or a bound."""

    code = "blank_cell"
    message = gettext_noop(
        "Line {line} of “{file}” has nothing under “{column}”. Fill the cell, or remove the line."
    )


class InvalidNumber(InvalidTargets):
    """A bound is not a whole number."""

    code = "invalid_number"
    message = gettext_noop(
        "The {bound} of “{value}” of “{feature}” is “{text}”. Write a whole number of seats."
    )


class NegativeBound(InvalidTargets):
    """A bound is under zero."""

    code = "negative_bound"
    message = gettext_noop("The {bound} of “{value}” of “{feature}” is {number}. Write zero or more.")


class CrossedBounds(InvalidTargets):
    """A minimum is above its maximum."""

    code = "crossed_bounds"
    message = gettext_noop(
        "“{value}” of “{feature}” has a minimum of {min} and a maximum of {max}. "
        "Lower the minimum or raise the maximum."
    )


class InvalidFlexibility(InvalidTargets):
    """The limits of change do not contain the bounds."""

    code = "invalid_flexibility"
    message = gettext_noop(
        "The limits of “{value}” of “{feature}” ({min_flex} to {max_flex}) do not contain its target "
        "({min} to {max}). Widen the limits."
    )


class InvalidSize(InvalidTargets):
    """The panel has no seat."""

    code = "invalid_size"
    message = gettext_noop("A panel of {size} cannot be drawn. Ask for at least one seat.")


class InvalidShares(InvalidTargets):
    """The shares of a feature make no proportions."""

    code = "invalid_shares"
    message = gettext_noop(
        "The shares of “{feature}” cannot be used: {detail}. "
        "Give every value a count, or a share, of zero or more."
    )


class InvalidPool(SortitionError):
    """The people cannot be used with these targets."""

    code = "invalid_pool"


class EmptyPool(InvalidPool):
    """There is nobody."""

    code = "empty_pool"
    message = gettext_noop(
        "There is nobody in the pool. Check that the right file was chosen, with its header."
    )


class MissingId(InvalidPool):
    """Somebody has no identifier; `count` people in all."""

    code = "missing_id"
    message = gettext_noop(
        "Line {line} has no identifier under “{column}” ({count} such lines). Give each person one."
    )


class RepeatedId(InvalidPool):
    """Two people have one identifier; `count` identifiers in all."""

    code = "repeated_id"
    message = gettext_noop(
        "The identifier “{id}” is given to more than one person ({count} such identifiers). "
        "Remove the double, or give each person their own."
    )


class MissingValue(InvalidPool):
    """Somebody has no value for a feature; `count` people in all."""

    code = "missing_value"
    message = gettext_noop(
        "“{id}” has no value for “{feature}” ({count} people in all). "
        "Complete the pool, or remove the person from it."
    )


class UnknownValue(InvalidPool):
    """Somebody has a value without a target; `count` people in all, `hint` names a value that looks like it."""

    code = "unknown_value"
    message = gettext_noop(
        "“{id}” has “{value}” for “{feature}” ({count} people in all), which has no target; "
        "there are targets for: {expected}.{hint} Correct the value, or add a target for it."
    )


class PoolTooSmall(InvalidPool):
    """There are fewer people, or households, than seats."""

    code = "pool_too_small"
    message = gettext_noop(
        "The pool has {count} {unit}; the panel needs {size}. Widen the pool, or draw a smaller panel."
    )


class Infeasible(SortitionError):
    """No panel meets all the targets."""

    code = "infeasible"
    message = gettext_noop(
        "No panel of {size} meets all the targets. Run the diagnosis: it names those that conflict."
    )


class SolverGaveUp(SortitionError):
    """HiGHS ended without an answer."""

    code = "solver_gave_up"
    message = gettext_noop(
        "The solver gave up before it had an answer (“{status}”, {task}). "
        "Try again with more time, or with wider targets."
    )


class Cancelled(SortitionError):
    """Somebody stopped the computation."""

    code = "cancelled"
    message = gettext_noop("The computation was stopped.")


class InvalidDraw(SortitionError):
    """The public draw must not be made, or not be believed."""

    code = "invalid_draw"


class EarlyRandomness(InvalidDraw):
    """The randomness was known before the commitment, or could have been."""

    code = "early_randomness"
    message = gettext_noop(
        "The randomness is of {drawn_at}, the commitment of {committed_at}: it could have been known. "
        "Commit first, then name randomness that is still to come."
    )


class InvalidRandomness(InvalidDraw):
    """The randomness is not what was announced."""

    code = "invalid_randomness"
    message = gettext_noop(
        "The randomness is not what was announced: {detail}. Read it again from its source."
    )


class BrokenCommitment(InvalidDraw):
    """The data are not those committed to."""

    code = "broken_commitment"
    message = gettext_noop(
        "The {part} is not what was committed to. Do not use this draw; ask for the original files."
    )
