"""DOCX: everything people see, in order."""

import io
import zipfile

import docx
import pytest

from antigone.core.reading import Broken, Notice, read

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def build_docx():
    document = docx.Document()
    document.core_properties.title = "Règlement du budget participatif"
    document.sections[0].header.paragraphs[0].text = "Ville d’Exemple"
    document.sections[0].footer.paragraphs[0].text = "Hôtel de ville"
    document.add_section().header.is_linked_to_previous = True
    document.add_heading("Règlement", 0)
    document.add_heading("Article 1", 1)
    document.add_paragraph("Chaque habitant peut proposer.")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Quartier", "Budget", "Nord", "12 000 €"], strict=True):
        cell.text = text
    document.add_heading("Article 2", 1)
    document.add_paragraph("Le vote dure un mois.")
    return save(document)


def save(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def build_raw_docx(body, **members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
        for name, content in members.items():
            archive.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


def get_text(data):
    return "\n".join(page.text for page in read(data, "d.docx").pages)


def test_read_follows_the_body_and_starts_a_part_at_each_heading():
    reading = read(build_docx(), "r.docx")
    assert reading.title == "Règlement du budget participatif"
    assert not reading.has_page_images
    assert [page.label for page in reading.pages] == ["1", "Article 1", "Article 2"]
    assert reading.pages[1].text == (
        "Règlement\nArticle 1\nChaque habitant peut proposer.\nQuartier · Budget\n"
        "Quartier\u00a0: Nord · Budget\u00a0: 12 000 €"
    )


def test_read_takes_headers_and_footers_once():
    text = get_text(build_docx())
    assert text.count("Ville d’Exemple") == text.count("Hôtel de ville") == 1


def test_read_takes_insertions_controls_and_boxes_but_not_deletions():
    text = get_text(
        build_raw_docx(
            "<w:p><w:r><w:t>Le </w:t></w:r><w:ins><w:r><w:t>nouveau </w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>vieux </w:delText></w:r></w:del><w:r><w:t>texte</w:t></w:r></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>Nom choisi</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:p><w:r><w:t>Avant</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>Encadré</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>"
        )
    )
    assert text == "Le nouveau texte\nNom choisi\nAvant\nEncadré"


def test_read_puts_a_footnote_after_its_paragraph():
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>Code général.</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    body = (
        '<w:p><w:r><w:t>Selon la loi</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        "<w:p><w:r><w:t>Suite</w:t></w:r></w:p>"
    )
    assert get_text(build_raw_docx(body, footnotes=notes)) == "Selon la loi\nCode général.\nSuite"


def test_read_says_a_table_within_a_table_once():
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>dedans</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>dehors</w:t></w:r></w:p>{inner}</w:tc></w:tr></w:tbl>"
    assert get_text(build_raw_docx(body)) == "dehors dedans"


def test_read_marks_list_items():
    body = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>un point</w:t></w:r></w:p>'
    assert get_text(build_raw_docx(body)) == "- un point"


def test_read_ignores_macros_with_a_notice():
    stream = io.BytesIO(build_docx())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"\0")
    assert Notice("macros_ignored") in read(stream.getvalue(), "r.docm").notices


def test_read_says_that_a_truncated_document_is_damaged():
    data = build_docx()
    with pytest.raises(Broken):
        read(data[: len(data) // 2], "r.docx")


def test_read_says_that_a_document_nested_without_end_is_damaged():
    body = "<w:sdt>" * 5_000 + "</w:sdt>" * 5_000
    with pytest.raises(Broken, match="Recursion"):
        read(build_raw_docx(body), "r.docx")
