"""The avis as an ODT file."""

from io import BytesIO

import odfdo

from antigone.convention.documents.blocks import AvisDocument, Block, List, Note, Paragraph, Quote, Table


def write_odt(document: AvisDocument) -> bytes:
    """Write the document as ODT."""
    file = odfdo.Document("text")
    file.meta.title = document.title
    file.language = document.language
    body = file.body
    body.clear()
    body.append(odfdo.Paragraph(document.title, style="Title"))
    body.append(odfdo.Paragraph(document.subtitle, style="Subtitle"))
    for label, value in document.facts:
        body.append(odfdo.Paragraph(f"{label}: {value}"))
    for section in document.sections:
        body.append(odfdo.Header(section.level, section.heading))
        for block in section.blocks:
            for element in _make(block):
                body.append(element)
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def _make(block: Block) -> list[odfdo.Element]:
    if isinstance(block, Paragraph):
        return [odfdo.Paragraph(f"{block.mark} {block.text}".strip())]
    if isinstance(block, List):
        return [odfdo.List(list(block.items))]
    if isinstance(block, Table):
        table = odfdo.Table(block.caption[:60])
        for row in (block.header, *block.rows):
            table.append(odfdo.Row())
            table.set_row_values(table.height - 1, list(row))
        return [odfdo.Paragraph(block.caption), table]
    if isinstance(block, Quote):
        return [odfdo.Paragraph(block.text), odfdo.Paragraph(block.source)]
    return [odfdo.Paragraph(block.text)] if isinstance(block, Note) else []
