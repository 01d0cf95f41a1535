"""PPTX: slides in order, with tables and notes."""

import io

import pptx
from pptx.util import Inches

from antigone.core.reading import read


def build_pptx():
    presentation = pptx.Presentation()
    presentation.core_properties.title = "Réunion publique"
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "Le projet"
    first.placeholders[1].text = "un\ndeux"
    first.notes_slide.notes_text_frame.text = "Rappeler la date."
    second = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for place, text in {(0, 0): "Année", (0, 1): "Coût", (1, 0): "2026", (1, 1): "3 M€"}.items():
        table.cell(*place).text = text
    slides = presentation.slides._sldIdLst
    slides.insert(0, slides[1])
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def test_read_gives_a_page_per_slide_in_the_order_shown():
    reading = read(build_pptx(), "r.pptx")
    assert reading.title == "Réunion publique"
    assert [(page.label, page.text) for page in reading.pages] == [
        ("1", "Année · Coût\nAnnée\u00a0: 2026 · Coût\u00a0: 3 M€"),
        ("2", "Le projet\nun\ndeux\nRappeler la date."),
    ]
