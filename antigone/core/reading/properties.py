"""What an Office Open XML file (DOCX, PPTX) says of itself."""

from antigone.core.reading.archives import Archive

_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def read_properties(archive: Archive) -> tuple[str, str]:
    """Read the title and the language of a file, "" where it does not say.

    The language of the default style is not asked: programs leave their own there.
    """
    core = archive.parse("docProps/core.xml")
    if core is None:
        return "", ""
    return core.findtext(_DUBLIN_CORE + "title") or "", core.findtext(_DUBLIN_CORE + "language") or ""
