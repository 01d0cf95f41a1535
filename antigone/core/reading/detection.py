"""What kind of document some bytes are: by their content first, by their name where content cannot tell."""

import io
import re
import zipfile
from pathlib import PurePath

OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = OPEN_XML + "wordprocessingml.document"
XLSX = OPEN_XML + "spreadsheetml.sheet"
PPTX = OPEN_XML + "presentationml.presentation"
OLE = "application/x-ole-storage"  # .doc, .xls, .ppt, and newer ones with a password
UNKNOWN = "application/octet-stream"

_BY_EXTENSION = {
    ".pdf": "application/pdf",
    ".docx": DOCX,
    ".docm": DOCX,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".pptx": PPTX,
    ".pptm": PPTX,
    ".odt": OPEN_DOCUMENT + "text",
    ".ods": OPEN_DOCUMENT + "spreadsheet",
    ".odp": OPEN_DOCUMENT + "presentation",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".eml": "message/rfc822",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}
_BY_FIRST_BYTES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
)
_OPEN_XML_FOLDERS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MAIL = re.compile(
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:received|message-id|mime-version|return-path):", re.I
)
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4_096


def detect_media_type(data: bytes, filename: str) -> str:
    """Tell the media type of a document from its first bytes and, among texts, from its name.

    Returns "application/octet-stream" for what is neither known nor text.

    >>> detect_media_type(b"%PDF-1.7 ...", "deliberation.docx")
    'application/pdf'
    >>> detect_media_type("# Compte rendu".encode(), "compte-rendu.md")
    'text/markdown'
    """
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"PK\x03\x04"):
        return _detect_archive(data, filename)
    for first_bytes, media_type in _BY_FIRST_BYTES:
        if head.startswith(first_bytes):
            return media_type
    if b"\x00" in head and not head.startswith(_MARKS):
        return UNKNOWN
    return _detect_text(head, filename)


def name_kind(media_type: str) -> str:
    """Name a media type as people do, by its extension; itself where it has none.

    >>> name_kind("application/vnd.oasis.opendocument.text")
    'ODT'
    """
    return next(
        (extension[1:].upper() for extension, known in _BY_EXTENSION.items() if known == media_type),
        media_type,
    )


def get_declared_type(filename: str) -> str | None:
    """Give the media type that a file's name announces, or None.

    >>> get_declared_type("Budget 2026.ODS")
    'application/vnd.oasis.opendocument.spreadsheet'
    """
    return _BY_EXTENSION.get(PurePath(filename).suffix.lower())


def _detect_text(head: bytes, filename: str) -> str:
    declared = get_declared_type(filename) or ""
    if _HTML.match(head):
        return "text/html"
    if _MAIL.match(head):
        return "message/rfc822"
    return declared if declared.startswith(("text/", "message/")) else "text/plain"


def _detect_archive(data: bytes, filename: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    return member.read(100).decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        declared = get_declared_type(filename) or ""
        return declared if declared.startswith((OPEN_DOCUMENT, OPEN_XML)) else "application/zip"
    for folder, media_type in _OPEN_XML_FOLDERS:
        if any(name.startswith(folder) for name in names):
            return media_type
    return "application/zip"
