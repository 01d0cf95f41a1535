"""ODT, ODS and ODP."""

import io
import zipfile

import odfdo
import pytest

from antigone.core.reading import Broken, Encrypted, read

OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def save(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def build_odt():
    document = odfdo.Document("text")
    document.meta.title = "Avis de la convention"
    paragraph = odfdo.Paragraph("Nous demandons une règle.")
    paragraph.insert_note(after="règle", note_id="n1", citation="1", body="Vote : 92 %.")
    table = odfdo.Table("t")
    table.set_values([["Proposition", "Pour"], ["Ombre", 41]])
    for element in (
        odfdo.Header(1, "Avis"),
        paragraph,
        odfdo.List(["l’eau", "les arbres"]),
        odfdo.Header(2, "Votes"),
        table,
    ):
        document.body.append(element)
    return save(document)


def build_ods():
    document = odfdo.Document("spreadsheet")
    document.body.clear()
    for name, rows in {"Eau": [["Poste", "Montant"], ["Pompe", 12]], "Vide": []}.items():
        table = odfdo.Table(name)
        table.set_values(rows)
        document.body.append(table)
    return save(document)


def build_odp():
    document = odfdo.Document("presentation")
    document.body.clear()
    for number, text in enumerate(["Bonjour", "Merci"]):
        slide = odfdo.DrawPage(f"p{number}")
        slide.append(odfdo.Frame.text_frame([text], size=("7cm", "5cm"), position=("1cm", "1cm")))
        document.body.append(slide)
    return save(document)


def test_read_text_follows_the_body_with_notes_lists_and_tables():
    reading = read(build_odt(), "a.odt")
    assert (reading.title, reading.media_type) == ("Avis de la convention", OPEN_DOCUMENT + "text")
    assert [(page.label, page.text) for page in reading.pages] == [
        ("Avis", "Avis\nNous demandons une règle.\nVote : 92 %.\n- l’eau\n- les arbres"),
        ("Votes", "Votes\nProposition · Pour\nProposition\u00a0: Ombre · Pour\u00a0: 41"),
    ]


def test_read_workbook_names_parts_after_sheets_and_passes_over_empty_ones():
    reading = read(build_ods(), "a.ods")
    assert [(page.label, page.text) for page in reading.pages] == [
        ("Eau", "Eau\nPoste · Montant\nPoste\u00a0: Pompe · Montant\u00a0: 12")
    ]


def test_read_presentation_gives_a_page_per_slide():
    assert [page.text for page in read(build_odp(), "a.odp").pages] == ["Bonjour", "Merci"]


def build_content(content, manifest="<m/>"):
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "manifest")
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", OPEN_DOCUMENT + "text")
        archive.writestr(
            "content.xml", f"<office:document-content {namespaces}>{content}</office:document-content>"
        )
        archive.writestr("META-INF/manifest.xml", f"<m {namespaces}>{manifest}</m>")
    return stream.getvalue()


def test_read_refuses_an_encrypted_document():
    data = build_content("", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
    with pytest.raises(Encrypted):
        read(data, "a.odt")


def test_read_bounds_what_a_cell_or_a_space_says_it_repeats():
    row = (
        '<table:table-row><table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    spaces = '<text:p>a<text:s text:c="999999999"/>b</text:p>'
    body = f"<office:body><office:text><table:table>{row}</table:table>{spaces}</office:text></office:body>"
    assert sum(len(page.text) for page in read(build_content(body), "a.odt").pages) < 10_000


def test_read_leaves_out_tracked_deletions_and_comments():
    body = (
        "<office:body><office:text><text:tracked-changes><text:p>ancien</text:p></text:tracked-changes>"
        "<text:p>texte<office:annotation><text:p>commentaire</text:p></office:annotation></text:p>"
        "</office:text></office:body>"
    )
    assert [page.text for page in read(build_content(body), "a.odt").pages] == ["texte"]


def test_read_says_that_a_document_without_body_is_damaged():
    with pytest.raises(Broken, match="no body"):
        read(build_content(""), "a.odt")
