"""Why a file was refused and what a reader of a document should know: every code and its sentence."""

from collections.abc import Mapping

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from antigone.errors import WrongInput

REFUSALS: Mapping[str, str | Promise] = {
    "broken": _(
        "The file is damaged or incomplete, or is not what its name says. "
        "Open it in the program that made it, save it again, then add it."
    ),
    "empty": _("There is nothing to read in this file. Check that it is the right one."),
    "encrypted": _("The file is protected by a password. Save it without the password, then add it."),
    "too_large": _("The file is too large: %(size)s for at most %(limit)s. Cut it into several files."),
    "too_large.bytes once unpacked": _(
        "Once unpacked, the file would take %(size)s; the limit is %(limit)s. "
        "Save its contents in another form."
    ),
    "too_large.pixels": _(
        "The image is too large (more than %(limit)s pixels). Make it smaller, then add it."
    ),
    "too_large.members": _(
        "The file is made of too many parts (more than %(limit)s). Cut it into several files."
    ),
    "unsupported": _("This kind of file cannot be read (%(kind)s). Save it as PDF, DOCX or ODT."),
    "timed_out": _("Reading this file took too long. Save it again in a simpler form, or cut it."),
    "out_of_memory": _("Reading this file took too much memory. Save it again in a simpler form, or cut it."),
    "too_much_output": _("The file gives more than %(megabytes)s MB of text. Cut it into several files."),
    "crashed": _("The reader stopped on this file, which is probably damaged. Save it again, then add it."),
    "missing": _("The file is no longer on the server’s disk. Add it again."),
    "vanished": _("The file is no longer where it was. Check the folder, then add it again."),
    "unreadable": _("The file may not be read (%(detail)s). Change its permissions, then add it again."),
    "not_a_file": _("This is not a file that can be read (a link out of the folder, a device…)."),
    "same_name": _("Another file of this import has the same name. Rename one of them, then add it."),
    "withdrawn": _(
        "“%(title)s” was withdrawn from this collection. To bring it back, ask for it when adding the file."
    ),
    "not_librarian": _("The person who asked for this import is no longer a librarian of the collection."),
    "cancelled": _("The import was cancelled before this file was added."),
    "reading": _("This file could not be read."),
}

NOTICES: Mapping[str, str | Promise] = {
    "truncated": _("The document is very long: only its first %(pages)s pages were read."),
    "scanned_pages_not_read": _(
        "Scanned pages that are pictures without text, which search cannot find: %(pages)s."
    ),
    "misnamed": _(
        "The name of the file ends in %(extension)s but its contents are %(kind)s; they were read as such."
    ),
    "damaged_pages": _("Damaged pages that could not be read: %(pages)s."),
    "macros_ignored": _("The file holds macros; they were ignored."),
    "attachments_not_read": _("Attachments that were not read: %(names)s. Add them as files of their own."),
    "decoded_as": _("The file does not say how its letters are written; it was read as %(encoding)s."),
}

KINDS: Mapping[str, str] = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/vnd.oasis.opendocument.spreadsheet": "ODS",
    "application/vnd.oasis.opendocument.presentation": "ODP",
    "application/zip": "ZIP",
    "application/rtf": "RTF",
    "application/x-ole-storage": "DOC, XLS, PPT",
    "application/octet-stream": "?",
    "text/html": "HTML",
    "text/markdown": "Markdown",
    "text/plain": "TXT",
    "message/rfc822": "EML",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/tiff": "TIFF",
}


def refuse(code: str, **params: object) -> WrongInput:
    """Make the error that says why a file is refused, in the language in use, its parameters as given."""
    message = describe_refusal(code, params)
    error = WrongInput(code, message)
    error.template, error.params = message.replace("%", "%%"), params
    return error


def describe_refusal(code: str, params: Mapping[str, object]) -> str:
    """Say in the language of the page why a file was refused."""
    sentence = REFUSALS.get(f"{code}.{params.get('what')}") or REFUSALS.get(code) or REFUSALS["reading"]
    return str(sentence) % _with_units(params)


def describe_notice(code: str, params: Mapping[str, object]) -> str:
    """Say in the language of the page what was noticed while a document was read."""
    return str(NOTICES.get(code, code)) % _with_units(params)


def get_kind(media_type: str) -> str:
    """Return the short name of a kind of file, "PDF"."""
    return KINDS.get(media_type, media_type)


class _Known(dict[str, object]):
    """Fill a sentence even where an old row lacks one of its parameters."""

    def __missing__(self, key: str) -> str:
        return "?"


def _with_units(params: Mapping[str, object]) -> _Known:
    known = _Known(params)
    if str(params.get("what", "")).startswith("bytes"):
        known |= {name: filesizeformat(str(known[name])) for name in ("size", "limit")}
    known["kind"] = get_kind(str(params.get("media_type") or params.get("kind") or "")) or gettext("unknown")
    return known
