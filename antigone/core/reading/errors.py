"""Why a document could not be read.

ReadingError
├── Broken        the file is damaged or is not what it claims to be inside
├── Empty         nothing in the file
├── Encrypted     a password is needed
├── TooLarge      larger than the limits, once unpacked too
├── Unsupported   a kind of file that is not read here
└── NoSuchPage    a page was asked for that the document does not have
"""

import struct
import zipfile
import zlib
from typing import ClassVar

PARSER_FAILURES = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,  # ElementTree's ParseError is one
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What parsers raise on damaged files, beside their own errors."""

Params = dict[str, str | int]


class ReadingError(Exception):
    """Say why one document could not be read; ``code`` and ``params`` let a page say it in its language.

    >>> TooLarge(what="bytes", size=300, limit=200).params["limit"]
    200
    """

    code: ClassVar[str] = "reading"
    message: ClassVar[str] = "This document could not be read."

    def __init__(self, **params: str | int) -> None:
        self.params: Params = params
        super().__init__(self.message.format(**params))


class Broken(ReadingError):
    """The file is damaged."""

    code = "broken"
    message = (
        "The {kind} is damaged or incomplete ({detail}). Open it in its own program, save it, try again."
    )


class Empty(ReadingError):
    """There is nothing in the file."""

    code = "empty"
    message = "The file holds nothing to read. Check that the right file was chosen."


class Encrypted(ReadingError):
    """The file is protected by a password."""

    code = "encrypted"
    message = "The {kind} is protected by a password. Save it without a password, then add it again."


class TooLarge(ReadingError):
    """The file is larger than the limits, as it stands or once unpacked."""

    code = "too_large"
    message = "The document holds {size} {what}; the limit is {limit}. Split it, or raise the limit."


class Unsupported(ReadingError):
    """This kind of file is not read here."""

    code = "unsupported"
    message = "{kind} is not a kind of document that can be read. Save it as PDF, DOCX or ODT."


class NoSuchPage(ReadingError):
    """The document does not have this page."""

    code = "no_such_page"
    message = "Page {number} was asked for; the document has {count}."


_BY_CODE: dict[str, type[ReadingError]] = {
    error.code: error for error in (Broken, Empty, Encrypted, TooLarge, Unsupported, NoSuchPage)
}


def build_error(code: str, params: Params) -> ReadingError:
    """Build again an error that crossed the border of a process; an unknown code gives the base class.

    >>> build_error("encrypted", {"kind": "PDF"}).code
    'encrypted'
    """
    return _BY_CODE.get(code, ReadingError)(**params)
