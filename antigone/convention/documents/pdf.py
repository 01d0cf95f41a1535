"""An avis → a tagged PDF (PDF/UA-1), laid out by Typst with our own template.

The template is trusted, the text is not: it is handed over as JSON, and Typst shows strings as they are. It reads no
file but the template, imports no package, and uses the fonts that come inside the library.
"""

import json
import re
import unicodedata
from dataclasses import asdict
from functools import cache
from itertools import groupby
from pathlib import Path

import typst
from django.utils.translation import gettext as _
from django.utils.translation import override

from antigone.convention.documents.content import AvisDocument, Section, clean, prepare

TEMPLATE = Path(__file__).with_name("avis.typ")
UNSHOWN = "\ufffd"
ATTEMPTS = 4
STACKED = 8  # marks over one letter; the shaping of text fails on thousands

# How Typst names what its fonts have no sign for; PDF/UA allows no such text.
_MISSING = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_RARE = re.compile("[^\\n\\t -~\u00a0-\u024f\u2010-\u2027\u202f-\u203a\u20ac\ufffd]")


def write_pdf(document: AvisDocument) -> bytes:
    """Write an avis as a tagged PDF with bookmarks, its language and its title.

    Signs that the fonts do not have (emoji, ideograms) are shown as “\ufffd”: the OpenDocument text keeps them.
    Raises NotPossible where the avis is too long.
    """
    document = prepare(document)
    with override(document.language):
        words = {"contents": _("Contents")}
    data = {**asdict(document), "words": words, "sections": [*map(_as_data, document.sections)]}
    text = json.dumps(_clean(data), ensure_ascii=False, default=str)
    for _attempt in range(ATTEMPTS):
        try:
            return _compile(text, document)
        except typst.TypstError as error:
            missing = {_unescape(found) for found in _MISSING.findall(error.diagnostic)}
            if not missing:
                raise
        for sign in missing:
            text = text.replace(sign, UNSHOWN)
    return _compile(_RARE.sub(UNSHOWN, text), document)


def _compile(text: str, document: AvisDocument) -> bytes:
    compiler = typst.Compiler(
        _read_template(), root=TEMPLATE.parent, ignore_system_fonts=True, sys_inputs={"document": text}
    )
    written = compiler.compile(
        format="pdf", pdf_standards=["ua-1"], timestamp=int(document.issued_at.timestamp())
    )
    if not isinstance(written, bytes):  # a list is several pictures
        raise TypeError(f"Typst gave {type(written).__name__}, not a file")
    return written


@cache
def _read_template() -> bytes:
    return TEMPLATE.read_bytes()


def _as_data(section: Section) -> dict[str, object]:
    blocks = [{"kind": type(block).__name__.lower(), **asdict(block)} for block in section.blocks]
    return {"heading": section.heading, "level": section.level, "blocks": blocks}


def _clean(data: object) -> object:
    match data:
        case str():
            return _unstack(clean(data))
        case dict():
            return {name: _clean(value) for name, value in data.items()}
        case list() | tuple():
            return [_clean(value) for value in data]
    return data


def _unstack(text: str) -> str:
    """Compose letters with their marks, and leave out the marks that nobody could tell apart."""
    text = unicodedata.normalize("NFC", text)
    if text.isascii():
        return text
    runs = groupby(text, key=lambda sign: unicodedata.category(sign)[0] == "M")
    return "".join("".join(run)[: STACKED if is_mark else None] for is_mark, run in runs)


def _unescape(found: str) -> str:
    """Read a string as Rust writes it."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], found)
