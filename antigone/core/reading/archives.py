"""DOCX, ODT and their like are ZIPs of XML: opened once here, under limits, without entities."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import fromstring as fast_fromstring

from defusedxml.ElementTree import fromstring

from antigone.core.reading.errors import Broken, Encrypted, TooLarge
from antigone.core.reading.pages import Limits

_ENCRYPTED_FLAG = 0x1
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml(?:(?!encoding)[^>])*(?:encoding=[\"']utf-8[\"'][^>]*)?>|[^?])", re.I
)


class Archive:
    """The members of a ZIP, read by name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    def parse(self, name: str) -> Element | None:
        """Parse a member as XML, or None where there is no such member.

        Declarations of entities are refused ("billion laughs"), and nothing outside the member is loaded.
        """
        if name not in self.names:
            return None
        return parse_xml(self._archive.read(name))


def parse_xml(data: bytes) -> Element:
    """Parse XML, refusing declarations of entities and loading nothing else.

    defusedxml does it at a fifth of the speed of the parser in C, so it is only asked where there may be
    something to refuse: a document type, or an encoding that could hide one.

    >>> parse_xml("<ville>Été</ville>".encode()).text
    'Été'
    """
    is_plain = not data.startswith(_UTF_16) and _DECLARATION.match(data) and b"<!DOCTYPE" not in data
    root: Element = fast_fromstring(data) if is_plain else fromstring(data)  # noqa: S314, see above
    return root


def find_outermost(element: Element, tag: str) -> Iterator[Element]:
    """Find the descendants that bear a tag, without looking inside them: the rows of a table, not those of
    the tables in its cells.

    >>> [found.get("n") for found in find_outermost(parse_xml(b"<a><g><r n='1'><r n='2'/></r></g></a>"), "r")]
    ['1']
    """
    for child in element:
        if child.tag == tag:
            yield child
        else:
            yield from find_outermost(child, tag)


@contextmanager
def open_archive(data: bytes, limits: Limits, *, kind: str) -> Iterator[Archive]:
    """Open a ZIP after checking how many members it announces and how much they unpack to.

    What a member announces is a ceiling: ``zipfile`` never unpacks more, and fails if there was more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > limits.entries:
                raise TooLarge(what="members", size=len(members), limit=limits.entries)
            size = sum(member.file_size for member in members)
            if size > limits.decompressed_bytes:
                raise TooLarge(what="bytes once unpacked", size=size, limit=limits.decompressed_bytes)
            if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
                raise Encrypted(kind=kind)
            yield Archive(archive)
    except zipfile.BadZipFile as error:
        raise Broken(kind=kind, detail=str(error)) from error
