"""What can go wrong between votes and an opinion picture.

OpinionError
├── InvalidVotes         votes that cannot be counted
│   ├── InvalidVote          a vote that is neither agree, disagree nor pass
│   └── UnevenVotes          lists of participants, statements and votes of different lengths
├── InvalidGroups        groups given from outside that say nothing of these participants
└── InvalidExport        the files of a consultation
    ├── MissingFile          a file is not there
    ├── UnreadableFile       not text, or not a table
    ├── EmptyFile            no header
    ├── MissingColumn        a column is not there
    ├── RepeatedColumn       a column is there more than once
    ├── RaggedRow            a row has more cells than the header
    ├── InvalidCell          a cell that is not what its column holds
    ├── UnknownStatement     a vote on a statement that is nowhere
    ├── RepeatedStatement    two statements with one identifier
    ├── RepeatedParticipant  two rows for one participant
    └── WrongSigns           agree and disagree exchanged
"""

from typing import ClassVar

from antigone.core.opinion.phrases import Say, fill, gettext_noop

Params = dict[str, str | int]


class OpinionError(Exception):
    """Say what happened, what it concerns, what to do; `code` and `params` let a page say it in its language.

    >>> InvalidVote(vote=3).params["vote"]
    3
    """

    code: ClassVar[str] = "opinion"
    message: ClassVar[str] = gettext_noop("The opinion picture could not be made.")

    def __init__(self, **params: str | int) -> None:
        self.params: Params = params
        super().__init__(self.message.format(**params))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.params))

    def explain(self, say: Say = str) -> str:
        """Say the error in the language of `say`.

        >>> EmptyFile(file="votes.csv").explain()
        '“votes.csv” is empty. Check that the right file was chosen.'
        """
        return fill(self.message, self.params, say)


def _rebuild(kind: type[OpinionError], params: Params) -> OpinionError:
    """Make an error again on the other side of a process: its parameters have names."""
    return kind(**params)


class InvalidVotes(OpinionError):
    """The votes cannot be counted."""

    code = "invalid_votes"


class InvalidVote(InvalidVotes):
    """A vote is neither agree, disagree nor pass."""

    code = "invalid_vote"
    message = gettext_noop("A vote is {vote}. Write 1 to agree, -1 to disagree, 0 to pass.")


class UnevenVotes(InvalidVotes):
    """The lists that make votes have different lengths."""

    code = "uneven_votes"
    message = gettext_noop(
        "There are {participants} participants, {statements} statements and {votes} votes. "
        "Give one of each for every vote."
    )


class InvalidGroups(OpinionError):
    """The groups that were given hold nobody who voted."""

    code = "invalid_groups"
    message = gettext_noop(
        "The groups given hold nobody who voted. Give the groups of this very consultation."
    )


class InvalidExport(OpinionError):
    """The files of a consultation cannot be used."""

    code = "invalid_export"


class MissingFile(InvalidExport):
    """A file is not there; `files` are those found."""

    code = "missing_file"
    message = gettext_noop(
        "There is no “{file}” among the files ({files}). Export the consultation again, with all its files."
    )


class UnreadableFile(InvalidExport):
    """The bytes are not a table of text."""

    code = "unreadable_export"
    message = gettext_noop(
        "“{file}” is not a table of text (line {line}). Save it as CSV in UTF-8, then try again."
    )


class EmptyFile(InvalidExport):
    """There is no header."""

    code = "empty_export"
    message = gettext_noop("“{file}” is empty. Check that the right file was chosen.")


class MissingColumn(InvalidExport):
    """A column is not there; `columns` are those found."""

    code = "missing_export_column"
    message = gettext_noop(
        "“{file}” has no column “{column}”; it has: {columns}. Add or rename the column, "
        "and check that commas separate the cells."
    )


class RepeatedColumn(InvalidExport):
    """A column is there more than once."""

    code = "repeated_export_column"
    message = gettext_noop("“{file}” has {count} columns “{column}”. Keep one.")


class RaggedRow(InvalidExport):
    """A row has more cells than the header."""

    code = "ragged_export_row"
    message = gettext_noop(
        "Line {line} of “{file}” has {cells} cells; the header has {columns}. "
        "Put quotation marks around the cells that hold the separator."
    )


class InvalidCell(InvalidExport):
    """A cell is not what its column holds."""

    code = "invalid_cell"
    message = gettext_noop(
        "Line {line} of “{file}” has “{text}” under “{column}”. Write {expected}, or export it again."
    )


class UnknownStatement(InvalidExport):
    """A vote is on a statement that comments.csv does not have; `count` such statements in all."""

    code = "unknown_statement"
    message = gettext_noop(
        "“{file}” has votes on statement {statement}, which is not in “comments.csv” ({count} such statements). "
        "Export all the files at the same time."
    )


class RepeatedStatement(InvalidExport):
    """Two statements have one identifier."""

    code = "repeated_statement"
    message = gettext_noop("Line {line} of “{file}” is a second statement {statement}. Keep one.")


class RepeatedParticipant(InvalidExport):
    """Two rows are for one participant."""

    code = "repeated_participant"
    message = gettext_noop("Line {line} of “{file}” is a second row for participant {participant}. Keep one.")


class WrongSigns(InvalidExport):
    """Agree and disagree are exchanged: `other` says the contrary."""

    code = "wrong_signs"
    message = gettext_noop(
        "In “{file}” those who agree and those who disagree are exchanged, says “{other}”. "
        "Some versions of Polis write -1 to agree: say so, or change all the signs."
    )
