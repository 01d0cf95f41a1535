"""Rebuild the demo's documents from their Markdown sources: `python deploy/demo/build.py [part of a name…]`.

The manifest says for each document what it is made from and how. Needs Chromium for the tagged PDFs and
reportlab for the untagged ones; everything else comes with Antigone. The same sources give the same bytes
(tagged PDFs: with the same Chromium and the same fonts).
"""

import html
import io
import random
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from itertools import chain
from pathlib import Path
from typing import Any

import docx
import odfdo
import openpyxl
import pptx
import pypdfium2
from docx.enum.text import WD_BREAK
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from openpyxl.styles import Font
from PIL import Image
from pptx.util import Cm, Pt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

DEMO = Path(__file__).parent
PUBLISHER = "Ville de Valmont"
MARKDOWN = MarkdownIt("commonmark").enable("table")
NBSP = "\u00a0"
FROZEN = datetime(2026, 1, 1, tzinfo=UTC)  # so that a rebuild changes nothing but what was rewritten
SCAN_DPI = 200
PRINTED_TABLE = [
    ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
    ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


# Sources: Markdown, read as a list of blocks


@dataclass(frozen=True)
class Block:
    """One heading (kind h1 to h4), paragraph (p), list item (li), table or page break (hr)."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)


def typeset(text: str) -> str:
    """Set French spaces and apostrophes, so that sources can be typed with plain ones.

    >>> typeset("Coût : 1 250,50 € (« plein tarif ») dès 9 h 30 ; c'est tout !").replace(NBSP, "~")
    'Coût~: 1~250,50~€ («~plein tarif~») dès 9~h~30~; c’est tout~!'
    """
    text = text.replace("'", "’")
    text = re.sub(r" (?=[:;?!»€%])|(?<=«) |(?<=\b\d\d) (?=\d\d\b)", NBSP, text)
    text = re.sub(r"(?<=\d) (?=\d{3}\b)|(?<=\d) (?=h\b)|(?<=\d.h) (?=\d)", NBSP, text)
    return re.sub(r"(?<=\d) (?=(?:kWh|m²|m\b|cm\b|kg\b|mg\b|litres\b|dB))|(?<=n°) ", NBSP, text)


def read_blocks(markdown: str) -> list[Block]:
    """Read the blocks of a Markdown text, in order, as plain text."""
    root = SyntaxTreeNode(MARKDOWN.parse(markdown))
    return [block for node in root.children for block in walk_blocks(node)]


def walk_blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    if node.type == "heading":
        yield Block(node.tag, plain_text(node))
    elif node.type == "table":
        rows = [row for part in node.children for row in part.children]
        yield Block("table", rows=[[plain_text(cell) for cell in row.children] for row in rows])
    elif node.type == "hr":
        yield Block("hr")
    elif node.type in ("bullet_list", "ordered_list"):
        yield from (Block("li", plain_text(item)) for item in node.children)
    else:
        yield Block("p", plain_text(node))


def plain_text(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(plain_text(child) for child in node.children)


def sections(blocks: list[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Cut blocks at their h2: a sheet of a workbook, a slide of a presentation."""
    starts = [i for i, block in enumerate(blocks) if block.kind == "h2"]
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        yield blocks[start].text, blocks[start + 1 : end]


# Writers: (source text, title) → the bytes of a document


def write_text(source: str, title: str) -> bytes:
    return source.encode()


def page_html(source: str, title: str) -> str:
    style = (DEMO / "sources" / "page.css").read_text()
    body = MARKDOWN.render(source)
    return (
        f'<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="author" content="{PUBLISHER}"><style>\n{style}</style></head>\n'
        f"<body><header>{PUBLISHER}</header><main>\n{body}</main></body></html>\n"
    )


def write_html(source: str, title: str) -> bytes:
    return page_html(source, title).encode()


def write_pdf_tagged(source: str, title: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(page_html(source, title))
        options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
        quiet = "--disable-background-networking --disable-component-update --no-pdf-header-footer"
        command = ["chromium", *options.split(), *quiet.split(), f"--user-data-dir={folder}/profile"]
        subprocess.run([*command, f"--print-to-pdf={printed}", str(page)], check=True, capture_output=True)
        return re.sub(rb"D:\d{14}", FROZEN.strftime("D:%Y%m%d%H%M%S").encode(), printed.read_bytes())


def write_pdf_plain(source: str, title: str) -> bytes:
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf")):  # they come with reportlab
        pdfmetrics.registerFont(TTFont(name, file))
    return print_blocks(read_blocks(source), title, font="Vera", bold="Vera-Bold", size=9.5)


def print_blocks(blocks: list[Block], title: str, *, font: str, bold: str, size: float) -> bytes:
    """Print blocks as an untagged PDF with reportlab."""
    margin = 2.2 * cm
    buffer = io.BytesIO()
    frame = {"leftMargin": margin, "rightMargin": margin, "topMargin": margin, "bottomMargin": margin}
    document = SimpleDocTemplate(buffer, pagesize=A4, title=title, author=PUBLISHER, invariant=1, **frame)

    def number_page(canvas: Canvas, _: object) -> None:
        canvas.setFont(font, 7.5)
        canvas.drawString(margin, 1.2 * cm, f"{PUBLISHER} – {title}")
        canvas.drawRightString(A4[0] - margin, 1.2 * cm, str(canvas.getPageNumber()))

    styles = print_styles(font, bold, size)
    story = [flowable for block in blocks for flowable in print_block(block, styles)]
    document.build(story, onFirstPage=number_page, onLaterPages=number_page)
    return buffer.getvalue()


def print_styles(font: str, bold: str, size: float) -> dict[str, ParagraphStyle]:
    """Make the style of each kind of block, and of a table's cell (td)."""
    text = ParagraphStyle("p", fontName=font, fontSize=size, leading=size * 1.45, spaceAfter=size * 0.7)
    styles = {"p": text, "li": ParagraphStyle("li", text, leftIndent=14, bulletIndent=2, spaceAfter=3)}
    styles["td"] = ParagraphStyle("td", text, fontSize=8.5, leading=11, spaceAfter=0)
    for kind, times in (("h1", 1.6), ("h2", 1.3), ("h3", 1.0)):
        head = ParagraphStyle(kind, text, fontName=bold, fontSize=size * times, leading=size * times * 1.3)
        head.spaceBefore, head.keepWithNext = size, 1
        styles[kind] = head
    return styles


def print_block(block: Block, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    if block.kind == "hr":
        return [PageBreak()]
    if block.kind == "table":
        rows = [[Paragraph(html.escape(text), styles["td"]) for text in row] for row in block.rows]
        return [Table(rows, style=PRINTED_TABLE, repeatRows=1), Spacer(1, 10)]
    bullet = "-" if block.kind == "li" else None
    return [Paragraph(html.escape(block.text), styles[block.kind], bulletText=bullet)]


def write_pdf_scan(source: str, title: str) -> bytes:
    """Type the text, then photograph it askew: images only, as an office scanner leaves them."""
    typed = print_blocks(read_blocks(source), title, font="Courier", bold="Courier-Bold", size=10.5)
    dust = random.Random(7)
    pages = [scan_page(page, dust) for page in pypdfium2.PdfDocument(typed)]
    buffer = io.BytesIO()
    moment = FROZEN.timetuple()
    pages[0].save(
        buffer, "PDF", save_all=True, append_images=pages[1:], resolution=SCAN_DPI,
        title=title, creationDate=moment, modDate=moment,
    )  # fmt: skip
    return buffer.getvalue()


def scan_page(page: pypdfium2.PdfPage, dust: random.Random) -> Image.Image:
    image: Image.Image = page.render(scale=SCAN_DPI / 72, grayscale=True).to_pil()
    image = image.rotate(dust.uniform(-0.6, 0.6), Image.Resampling.BICUBIC, fillcolor=255)
    for _ in range(900):
        image.putpixel((dust.randrange(image.width), dust.randrange(image.height)), dust.choice((0, 90)))
    return image.convert("1", dither=Image.Dither.NONE)


def write_docx(source: str, title: str) -> bytes:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = title, PUBLISHER
    document.core_properties.language = "fr"
    for block in read_blocks(source):
        if block.kind == "hr":
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.kind == "table":
            table = document.add_table(len(block.rows), len(block.rows[0]), style="Table Grid")
            for cells, row in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
            document.add_paragraph()
        elif block.kind.startswith("h"):
            document.add_heading(block.text, int(block.kind[1]))
        else:
            document.add_paragraph(block.text, "List Bullet" if block.kind == "li" else None)
    return frozen(document.save)


def write_odt(source: str, title: str) -> bytes:
    document = new_odf("text", title)
    document.body.clear()
    items: odfdo.List | None = None
    for block in read_blocks(source):
        items = None if block.kind != "li" else items
        if block.kind == "li":
            if items is None:
                items = odfdo.List()
                document.body.append(items)
            items.append_item(block.text)
        elif block.kind == "table":
            document.body.append(odf_table(f"Tableau {len(document.body.tables) + 1}", block.rows))
        elif block.kind.startswith("h") and block.kind != "hr":
            document.body.append(odfdo.Header(int(block.kind[1]), block.text))
        else:
            document.body.append(odfdo.Paragraph(block.text))
    return frozen(document.save)


def write_ods(source: str, title: str) -> bytes:
    document = new_odf("spreadsheet", title)
    document.body.clear()
    for name, blocks in sections(read_blocks(source)):
        document.body.append(odf_table(name, sheet_rows(blocks)))
    return frozen(document.save)


def write_odp(source: str, title: str) -> bytes:
    document = new_odf("presentation", title)
    document.body.clear()
    for number, (name, blocks) in enumerate(sections(read_blocks(source)), 1):
        page = odfdo.DrawPage(f"page{number}", name=name)
        lines = [" : ".join(row) for block in blocks for row in block.rows or [[block.text]]]
        for top, size, texts in (("1cm", "2.5cm", [name]), ("4cm", "13cm", lines)):
            paragraphs = [odfdo.Paragraph(text) for text in texts]
            page.append(odfdo.Frame.text_frame(paragraphs, size=("24cm", size), position=("2cm", top)))
        document.body.append(page)
    return frozen(document.save)


def new_odf(kind: str, title: str) -> odfdo.Document:
    document = odfdo.Document(kind)
    meta: Any = document.meta
    meta.title, meta.creator, meta.language = title, PUBLISHER, "fr-FR"
    return document


def odf_table(name: str, rows: list[list[str]]) -> odfdo.Table:
    table = odfdo.Table(name)
    table.set_values([[as_number(text) for text in row] for row in rows])
    return table


def sheet_rows(blocks: list[Block]) -> list[list[str]]:
    return [row for block in blocks for row in (block.rows or [[block.text]])]


def as_number(text: str) -> str | int:
    """Give a whole amount ("1 250 000") as the number that a spreadsheet should hold.

    >>> as_number("1 250 000"), as_number("T1")
    (1250000, 'T1')
    """
    digits = re.sub(r"\s", "", text)
    return int(digits) if re.fullmatch(r"-?\d+", digits) and len(digits) > 2 else text


def write_xlsx(source: str, title: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title, workbook.properties.creator = title, PUBLISHER
    for name, blocks in sections(read_blocks(source)):
        sheet = workbook.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31])
        sheet.column_dimensions["A"].width = 48
        for row in sheet_rows(blocks):
            sheet.append([as_number(text) for text in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    return frozen(workbook.save)


def write_pptx(source: str, title: str) -> bytes:
    show = pptx.Presentation()
    show.core_properties.title, show.core_properties.author = title, PUBLISHER
    for name, blocks in sections(read_blocks(source)):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = name
        texts = [block.text for block in blocks if not block.rows]
        slide.placeholders[1].text = "\n".join(texts)
        for paragraph in slide.placeholders[1].text_frame.paragraphs:
            paragraph.font.size = Pt(18)
        for rows in (block.rows for block in blocks if block.rows):
            place = Cm(1.5), Cm(5.5 + 1.3 * len(texts)), Cm(22), Cm(0.9) * len(rows)
            table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
            for cell, text in zip(table.iter_cells(), chain(*rows), strict=True):
                cell.text = text
    return frozen(show.save)


def write_eml(source: str, title: str) -> bytes:
    """Write a newsletter: the source begins with the mail's headers, up to the first empty line."""
    head, body = source.split("\n\n", 1)
    message = EmailMessage(policy=SMTP)
    for line in head.splitlines():
        name, value = line.split(":", 1)
        message[name] = value.strip()
    message.set_content(mail_text(body), cte="quoted-printable")
    message.add_alternative(page_html(body, title), subtype="html", cte="quoted-printable")
    message.set_boundary("=_lettre_de_Valmont")
    return message.as_bytes()


def mail_text(markdown: str) -> str:
    return "\n\n".join(f"- {b.text}" if b.kind == "li" else b.text for b in read_blocks(markdown)) + "\n"


def frozen(save: Callable[[io.BytesIO], object]) -> bytes:
    """Save an office document, its dates set to one constant instant."""
    written, kept = io.BytesIO(), io.BytesIO()
    save(written)
    with zipfile.ZipFile(written) as archive, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in archive.infolist():
            content = archive.read(item)
            if item.filename in ("docProps/core.xml", "meta.xml"):
                moment = FROZEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?", moment, content)
            entry = zipfile.ZipInfo(item.filename, FROZEN.timetuple()[:6])
            entry.compress_type = item.compress_type
            copy.writestr(entry, content)
    return kept.getvalue()


WRITERS: dict[str, Callable[[str, str], bytes]] = {
    "pdf-tagged": write_pdf_tagged,
    "pdf-plain": write_pdf_plain,
    "pdf-scan": write_pdf_scan,
    "docx": write_docx,
    "odt": write_odt,
    "ods": write_ods,
    "xlsx": write_xlsx,
    "pptx": write_pptx,
    "odp": write_odp,
    "html": write_html,
    "eml": write_eml,
    "text": write_text,
}


def main(names: list[str]) -> None:
    """Build every document of the manifest, or those whose file contains one of the names."""
    for document in tomllib.loads((DEMO / "manifest.toml").read_text())["documents"]:
        if "made_from" in document and (not names or any(name in document["file"] for name in names)):
            source = typeset((DEMO / "sources" / document["made_from"]).read_text())
            content = WRITERS[document["made_as"]](source, document["title"])
            (DEMO / document["file"]).write_bytes(content)
            print(f"{len(content):>8} {document['file']}")


if __name__ == "__main__":
    main(sys.argv[1:])
