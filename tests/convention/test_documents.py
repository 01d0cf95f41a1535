import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import odfdo
import pypdfium2
import pytest
from pypdfium2 import raw

from antigone.convention.documents import (
    AvisDocument,
    List,
    Note,
    Paragraph,
    Quote,
    Section,
    Table,
    write_odt,
    write_pdf,
)
from antigone.convention.documents.content import LIMIT
from antigone.errors import NotPossible

MARKUP = [
    '#import "@preview/x:1.0.0": *',
    '#panic(sys.inputs) #read("avis.typ")',
    "$ x $ *a* _b_ @c \\ // /* <l> = h `r` ~ -- ... 'q' \"d\" [x] {y}",
    "</text:p><script>alert(1)</script> &amp; &lt; ]]>",
    "\\u{1f600} {{ data }} {% csrf_token %}",
]
TABLE = Table(
    "Jugements sur le § 3", ("Niveau", "Voix"), (("Très bien", "20"), ("Bien", "12"), ("Passable", "4"))
)
AVIS = AvisDocument(
    title="Avis de la convention citoyenne",
    subtitle="Quelle intelligence artificielle ?",
    organisation="Métropole",
    language="fr",
    issued_at=datetime(2024, 2, 1, 12, tzinfo=UTC),
    facts=(("Membres", "40, tirés au sort"),),
    sections=(
        Section(
            "Préambule", 1, (Paragraph("Nous avons travaillé.", "§ 1"), Quote("L’eau d’abord.", "Camille"))
        ),
        Section("Recommandations", 1),
        Section("Évaluer avant", 2, (TABLE, Note("Adoptée."), List(("un", "deux"), is_numbered=True))),
        Section("Annexe", 2, (List(("trois", "quatre")), Paragraph(" Deux\r\nlignes  et\tespaces "))),
    ),
)


def with_blocks(*blocks: Paragraph | Table | Quote | Note | List) -> AvisDocument:
    return replace(AVIS, sections=(Section("Un", 1, blocks),))


@contextmanager
def open_pdf(written: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(written)
    try:
        yield document
    finally:
        document.close()


def read_pages(written: bytes) -> list[str]:
    with open_pdf(written) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def read_tags(written: bytes) -> Counter[str]:
    """Count the elements of the structure, as a screen reader meets them."""
    found: Counter[str] = Counter()

    def visit(element: object) -> None:
        buffer = ctypes.create_string_buffer(200)
        size = raw.FPDF_StructElement_GetType(element, buffer, len(buffer))
        found[buffer.raw[: size - 2].decode("utf-16-le")] += 1
        for place in range(raw.FPDF_StructElement_CountChildren(element)):
            if child := raw.FPDF_StructElement_GetChildAtIndex(element, place):
                visit(child)

    with open_pdf(written) as document:
        for page in document:
            tree = raw.FPDF_StructTree_GetForPage(page)
            for place in range(raw.FPDF_StructTree_CountChildren(tree)):
                visit(raw.FPDF_StructTree_GetChildAtIndex(tree, place))
            raw.FPDF_StructTree_Close(tree)
    return found


def say(element: odfdo.Element) -> str:
    return str(element).removesuffix("\n")


def read_odt(written: bytes) -> odfdo.Document:
    return odfdo.Document(BytesIO(written))


def test_the_pdf_says_that_it_can_be_read_aloud() -> None:
    written = write_pdf(AVIS)
    for sign in (
        b"/StructTreeRoot",
        b"/MarkInfo",
        b"/Marked true",
        b"/Lang",
        b"<pdfuaid:part>1</pdfuaid:part>",
    ):
        assert sign in written
    assert b"/DisplayDocTitle true" in written
    with open_pdf(written) as document:
        assert document.get_metadata_value("Title") == AVIS.title
        assert document.get_metadata_value("CreationDate").startswith("D:20240201120000")
        bookmarks = [(item.level, item.get_title()) for item in document.get_toc()]
    assert bookmarks[-4:] == [(0, "Préambule"), (0, "Recommandations"), (1, "Évaluer avant"), (1, "Annexe")]


def test_the_pdf_is_tagged_by_what_things_are() -> None:
    tags = read_tags(write_pdf(AVIS))
    assert (tags["TH"], tags["TD"], tags["TR"]) == (2, 6, 4)
    assert (tags["H1"], tags["H2"]) == (3, 2)  # the contents have a heading too
    assert tags["BlockQuote"] == 1
    assert tags["TOCI"] == 4
    assert tags["Caption"] == 1


def test_the_pdf_holds_all_that_was_written() -> None:
    pages = read_pages(write_pdf(AVIS))
    for words in ("Métropole", "Quelle intelligence artificielle ?", "40, tirés au sort"):
        assert words in pages[0]
    assert any(words in pages[0] for words in ("Sommaire", "Contents"))
    for words in (
        "§ 1 Nous avons travaillé.",
        "L’eau d’abord. Camille",
        "Très bien 20",
        "Adoptée.",
        "quatre",
    ):
        assert words in pages[1]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_comes_out_as_it_was_typed(text: str) -> None:
    avis = replace(
        with_blocks(
            Paragraph(text), Quote(text), Note(text), List((text,)), Table(text, (text,), ((text,),))
        ),
        subtitle=text,
        facts=((text, text),),
    )
    pages = read_pages(write_pdf(avis))
    plain = text.replace(" ", "")
    assert pages[0].replace(" ", "").count(plain) == 3
    assert pages[1].replace(" ", "").count(plain) == 7
    body = read_odt(write_odt(avis)).body
    assert [say(paragraph) for paragraph in body.paragraphs].count(text) >= 6


@pytest.mark.parametrize("heading", ["#panic()", "= *x* $", "", " \n ", "\x00", "deux\nlignes"])
def test_headings_are_words_of_one_line(heading: str) -> None:
    avis = replace(AVIS, title=heading, sections=(Section(heading, 3),))
    shown = {"deux\nlignes": "deux lignes", "\x00": "\ufffd"}.get(heading, heading.strip() or "—")
    with open_pdf(write_pdf(avis)) as document:
        assert [item.get_title() for item in document.get_toc()][-1] == shown
    (header,) = read_odt(write_odt(avis)).body.headers
    assert (say(header), header.get_attribute("text:outline-level")) == (shown, "1")


def test_what_no_file_can_hold_is_replaced() -> None:
    avis = with_blocks(Paragraph("nul \x00, demi \ud83d, fin \x1b[0m \uffff"))
    assert "nul \ufffd, demi \ufffd, fin \ufffd[0m \ufffd" in str(
        read_odt(write_odt(avis)).body.paragraphs[-1]
    )
    assert "[0m" in read_pages(write_pdf(avis))[1]


def test_signs_that_the_fonts_lack_do_not_stop_the_pdf() -> None:
    signs = "merci 😀 漢字 e\u0323\u0302 " + "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
    (page,) = [page for page in read_pages(write_pdf(with_blocks(Paragraph(signs)))) if "merci" in page]
    assert "merci" in page
    assert "😀" not in page
    assert "😀 漢字" in str(read_odt(write_odt(with_blocks(Paragraph(signs)))).body.paragraphs[-1])


def test_letters_under_heaps_of_marks_do_not_stop_the_pdf() -> None:
    pages = read_pages(write_pdf(with_blocks(Paragraph("avant e" + "\u0301" * 100_000 + " apres"))))
    assert "avant" in pages[1]
    assert "apres" in pages[1]


def test_the_text_document_has_headings_contents_and_table_headers() -> None:
    document = read_odt(write_odt(AVIS))
    assert [
        (header.get_attribute("text:outline-level"), say(header), header.get_attribute("text:style-name"))
        for header in document.body.headers
    ] == [
        ("1", "Préambule", "Heading_20_1"),
        ("1", "Recommandations", "Heading_20_1"),
        ("2", "Évaluer avant", "Heading_20_2"),
        ("2", "Annexe", "Heading_20_2"),
    ]
    (table,) = document.body.get_elements("//table:table")
    (header,) = table.get_elements("table:table-header-rows/table:table-row")
    assert [str(cell).strip() for cell in header.get_elements("table:table-cell")] == ["Niveau", "Voix"]
    assert len(table.get_elements("table:table-row")) == 3
    (contents,) = document.body.get_elements("//text:table-of-content")
    targets = [link.get_attribute("xlink:href") for link in contents.get_elements(".//text:a")]
    marks = {mark.get_attribute("text:name") for mark in document.body.get_elements("//text:bookmark")}
    assert [target.removeprefix("#") for target in targets] == sorted(marks)
    assert (document.meta.title, document.language, document.meta.language) == (AVIS.title, "fr-FR", "fr-FR")


def test_every_style_of_the_text_document_exists() -> None:
    document = read_odt(write_odt(AVIS))
    used = {
        element.get_attribute("text:style-name")
        for element in document.body.get_elements("//*[@text:style-name]")
    }
    known = {style.name for style in document.get_styles()}
    assert used - known - {None} == set()


def test_lines_and_spaces_stay_in_the_text_document() -> None:
    assert say(read_odt(write_odt(AVIS)).body.paragraphs[-1]) == " Deux\nlignes  et\tespaces "


@pytest.mark.parametrize("write", [write_odt, write_pdf])
def test_the_same_avis_is_the_same_file(write: object) -> None:
    assert callable(write)
    assert write(AVIS) == write(AVIS)
    assert write(AVIS) != write(replace(AVIS, subtitle="Une autre"))


@pytest.mark.parametrize("write", [write_odt, write_pdf])
def test_an_avis_without_a_section_is_still_a_file(write: object) -> None:
    assert callable(write)
    assert len(write(replace(AVIS, sections=(), facts=(), subtitle="", organisation=""))) > 1000


@pytest.mark.parametrize("write", [write_odt, write_pdf])
@pytest.mark.parametrize(
    "block",
    [
        Paragraph("x" * (LIMIT + 1)),
        Paragraph("\n" * 20_000),
        Paragraph("a  " * 20_000),
        Paragraph("\t" * 20_000),
        List(("",) * 20_000),
        Table("", ("a",), (("",),) * 20_000),
    ],
)
def test_an_endless_avis_is_refused(write: object, block: Paragraph | List | Table) -> None:
    assert callable(write)
    with pytest.raises(NotPossible) as caught:
        write(with_blocks(block))
    assert caught.value.code == "avis_too_long"


def test_a_table_has_as_many_cells_in_each_row() -> None:
    for header, row in ((("a", "b"), ("1",)), ((), ())):
        with pytest.raises(ValueError, match="cells"):
            Table("x", header, (row,))
