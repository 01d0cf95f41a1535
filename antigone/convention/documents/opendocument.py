"""An avis → an OpenDocument text that people can write on: real headings, styles, table headers, contents."""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import chain
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import odfdo
from django.utils.translation import gettext as _
from django.utils.translation import override

from antigone.convention.documents.content import (
    AvisDocument,
    Block,
    List,
    Note,
    Paragraph,
    Quote,
    Table,
    clean,
    prepare,
)

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
CONTENTS_DEPTH = 2
STYLES = {  # name → the style it comes from, its paragraph, its letters
    "Title": ("Standard", 'fo:margin-bottom="0.4cm"', 'fo:font-size="24pt" fo:font-weight="bold"'),
    "Subtitle": ("Standard", 'fo:margin-bottom="0.8cm"', 'fo:font-size="14pt" fo:color="#4a5765"'),
    "Quotations": (
        "Text_20_body",
        'fo:margin-left="0.8cm" fo:padding-left="0.3cm" fo:border-left="1.5pt solid #b9c2cc"',
        'fo:font-style="normal"',
    ),
    "Avis_20_Note": (
        "Text_20_body",
        'fo:padding="0.2cm" fo:background-color="#f1f3f5"',
        'fo:font-size="10.5pt"',
    ),
    "Table_20_Contents": ("Standard", 'fo:padding="0.1cm"', ""),
    "Table_20_Heading": ("Table_20_Contents", "", 'fo:font-weight="bold"'),
    "Table_20_Caption": (
        "Caption",
        'fo:keep-with-next="always"',
        'fo:font-weight="bold" fo:font-style="normal"',
    ),
}

_SPACES = re.compile(r"\n|\t| {2,}|^ | $")


def write_odt(document: AvisDocument) -> bytes:
    """Write an avis as an OpenDocument text. Raises NotPossible where it is too long."""
    document = prepare(document)
    file = odfdo.Document("text")
    file.set_language(LOCALES.get(document.language, document.language))
    file.meta.title = document.title
    file.meta.set_creation_date(document.issued_at)
    file.meta.set_dc_date(document.issued_at)
    _add_styles(file)
    file.body.clear()
    for element in _write_all(document):
        file.body.append(element)
    written = BytesIO()
    file.save(written)
    return _date_entries(written, document.issued_at)


def _add_styles(file: odfdo.Document) -> None:
    for name, (parent, paragraph, letters) in STYLES.items():
        file.insert_style(
            f'<style:style style:name="{name}" style:display-name="{name.replace("_20_", " ")}"'
            f' style:family="paragraph" style:parent-style-name="{parent}">'
            f"<style:paragraph-properties {paragraph}/><style:text-properties {letters}/></style:style>"
        )
    file.insert_style(
        '<style:style style:name="Strong_20_Emphasis" style:display-name="Strong Emphasis" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )


def _write_all(document: AvisDocument) -> Iterator[odfdo.Element]:
    yield _parse(_write_text(document.organisation, "Standard"))
    yield _parse(_write_text(document.title, "Title"))
    if document.subtitle:
        yield _parse(_write_text(document.subtitle, "Subtitle"))
    for name, value in document.facts:
        yield _parse(_write_text(value, "Text_20_body", start=name))
    if document.sections:
        yield _write_contents(document)
    for number, section in enumerate(document.sections):
        yield _parse(
            f'<text:h text:style-name="Heading_20_{section.level}" text:outline-level="{section.level}">'
            f'{_escape(section.heading)}<text:bookmark text:name="section-{number}"/></text:h>'
        )
        yield from map(_parse, chain.from_iterable(map(_write_block, section.blocks)))


def _write_contents(document: AvisDocument) -> odfdo.Element:
    """Write the table of contents as it is now; a word processor can bring it up to date."""
    with override(document.language):
        contents = odfdo.TOC(title=_("Contents"), outline_level=CONTENTS_DEPTH)
    (body,) = contents.get_elements("text:index-body")
    for number, section in enumerate(document.sections):
        if section.level <= CONTENTS_DEPTH:
            link = f'<text:a xlink:type="simple" xlink:href="#section-{number}">{_escape(section.heading)}</text:a>'
            body.append(_parse(f'<text:p text:style-name="Contents_20_{section.level}">{link}</text:p>'))
    return contents


def _write_block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _write_text(block.text, "Text_20_body", start=block.mark)
        case List():
            style = "Numbering_20_1" if block.is_numbered else "List_20_1"
            items = (
                f"<text:list-item>{_write_text(text, 'Text_20_body')}</text:list-item>"
                for text in block.items
            )
            yield f'<text:list text:style-name="{style}">{"".join(items)}</text:list>'
        case Table():
            yield _write_text(block.caption, "Table_20_Caption")
            yield _write_table(block)
        case Quote():
            yield _write_text("\n".join(filter(None, (block.text, block.source))), "Quotations")
        case Note():
            yield _write_text(block.text, "Avis_20_Note")


def _write_table(block: Table) -> str:
    rows = "".join(_write_row(row, "Table_20_Contents") for row in block.rows)
    return (
        f'<table:table><table:table-column table:number-columns-repeated="{len(block.header)}"/>'
        f"<table:table-header-rows>{_write_row(block.header, 'Table_20_Heading')}</table:table-header-rows>"
        f"{rows}</table:table>"
    )


def _write_row(cells: tuple[str, ...], style: str) -> str:
    written = (
        f'<table:table-cell office:value-type="string">{_write_text(text, style)}</table:table-cell>'
        for text in cells
    )
    return f"<table:table-row>{''.join(written)}</table:table-row>"


def _write_text(text: str, style: str, start: str = "") -> str:
    """Write a paragraph as it was typed; `start` stands before it in bold."""
    strong = f'<text:span text:style-name="Strong_20_Emphasis">{_escape(start)}</text:span> ' if start else ""
    return f'<text:p text:style-name="{style}">{strong}{_escape(text)}</text:p>'


def _escape(text: str) -> str:
    """Write text so that nothing in it is markup, and that its lines, tabs and spaces stay.

    The library does this too, in a time that grows with the square of the lines.
    """
    return _SPACES.sub(_write_space, escape(clean(text)))


def _write_space(found: re.Match[str]) -> str:
    match found[0]:
        case "\n":
            return "<text:line-break/>"
        case "\t":
            return "<text:tab/>"
    return f'<text:s text:c="{len(found[0])}"/>'


def _parse(written: str) -> odfdo.Element:
    return odfdo.Element.from_tag(written)


def _date_entries(written: BytesIO, issued_at: datetime) -> bytes:
    """Give every entry of the file the date of the avis, so that the same avis is the same file."""
    dated = BytesIO()
    with ZipFile(written) as old, ZipFile(dated, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: name != "mimetype"):
            entry = ZipInfo(name, issued_at.timetuple()[:6])
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return dated.getvalue()
