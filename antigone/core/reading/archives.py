"""DOCX, ODT and their like are ZIPs of XML: opened once here, under limits, without entities."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from antigone.core.reading.errors import Broken, Encrypted, TooLarge
from antigone.core.reading.pages import Limits

_ENCRYPTED_FLAG = 0x1


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
        root: Element = fromstring(self._archive.read(name))
        return root


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
