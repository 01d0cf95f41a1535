"""PDF: text that reads well, and quotes marked where they are printed."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from antigone.core.reading import (
    Box,
    Broken,
    Empty,
    Encrypted,
    Limits,
    NoSuchPage,
    Notice,
    Reading,
    TooLarge,
    locate,
    read,
    render_page,
)
from antigone.core.reading.pdf import apply_edits, find_edits, find_raw_range

DELIBERATION = [
    ["Délibération du conseil municipal", "La ville ouvre une convention ci-", "toyenne sur l’eau."],
    ["Article 1er : le budget est de 12 000 euros.", "Il est voté à l’unanimité."],
]


def build_pdf(pages=DELIBERATION, *, title="", font="Helvetica", rotation=0, encrypt=None):
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=encrypt, pageCompression=1)
    canvas.setTitle(title)
    for lines in pages:
        canvas.setPageRotation(rotation)
        canvas.setFont(font, 12)
        for row, line in enumerate(lines):
            canvas.drawString(72, 500 - 20 * row, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def find(data, number, quote):
    text = read(data, "a.pdf").pages[number - 1].text
    start = text.index(quote)
    return locate(data, number, start, start + len(quote))


def crop(data, number, box):
    image = Image.open(io.BytesIO(render_page(data, number, width_px=1000))).convert("L")
    left, top = box.x * image.width, box.y * image.height
    return image.crop((left, top, left + box.width * image.width, top + box.height * image.height))


def test_read_gives_pages_in_order_with_sizes_in_points():
    reading = read(build_pdf(title="Délibération 2026-12"), "d.pdf")
    assert (reading.title, reading.language, reading.media_type) == (
        "Délibération 2026-12",
        "fr",
        "application/pdf",
    )
    assert reading.has_page_images
    assert [(page.number, page.label) for page in reading.pages] == [(1, "1"), (2, "2")]
    assert reading.pages[1].text == "\n".join(DELIBERATION[1])
    assert (round(reading.pages[0].width), round(reading.pages[0].height)) == (595, 842)


def test_read_joins_words_cut_at_the_end_of_a_line():
    assert "convention citoyenne sur l’eau." in read(build_pdf(), "d.pdf").pages[0].text


@pytest.mark.parametrize(
    ("first", "second", "read_as"),
    [
        ("la com-", "mune", "la commune"),
        ("Saint-", "Étienne", "Saint-Étienne"),
        ("prendre rendez-", "vous", "prendre rendez-vous"),
        ("un arc-en-", "ciel", "un arc-en-ciel"),
        ("du 1er-", "2 mars", "du 1er-2 mars"),
        ("peuvent-", "ils", "peuvent-ils"),
    ],
)
def test_read_keeps_the_hyphen_of_compound_words(first, second, read_as):
    assert read(build_pdf([[first, second]]), "d.pdf").pages[0].text == read_as


def test_read_writes_ligatures_as_letters():
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    data = build_pdf([["Le coeﬃcient de la ﬁscalité et le conﬂit d’intérêts"]], font="Vera")
    assert "ﬁscalité" not in read(data, "d.pdf").pages[0].text
    assert "fiscalité et le conflit" in read(data, "d.pdf").pages[0].text
    assert len(find(data, 1, "fiscalité")) == 1


def test_read_takes_language_and_text_of_a_tagged_document():
    content = b"/P <</MCID 0>> BDC BT /F1 12 Tf 72 700 Td (Bonjour la ville) Tj ET EMC"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Lang(fr-FR)/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/StructParents 0"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/StructTreeRoot/K 7 0 R>>",
        b"<</Type/StructElem/S/P/P 6 0 R/Pg 3 0 R/K 0>>",
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, item) for number, item in enumerate(objects, start=1))
    reading = read(b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 8>>\n%%EOF", "t.pdf")
    assert reading.language == "fr-FR"
    assert reading.pages[0].text == "Bonjour la ville"


def test_read_names_an_untitled_document_after_its_file():
    assert read(build_pdf(title="untitled"), "Compte_rendu du 3 mars.pdf").title == "Compte rendu du 3 mars"


def test_read_refuses_an_encrypted_document():
    data = build_pdf(encrypt=StandardEncryption("secret", ownerPassword="other"))
    with pytest.raises(Encrypted, match="protected by a password"):
        read(data, "d.pdf")


def test_read_opens_a_document_encrypted_without_password():
    data = build_pdf(encrypt=StandardEncryption("", ownerPassword="other", canCopy=0))
    assert read(data, "d.pdf").pages[1].text == "\n".join(DELIBERATION[1])


def test_read_says_that_a_truncated_document_is_damaged():
    with pytest.raises(Broken, match="damaged or incomplete"):
        read(build_pdf()[:200], "d.pdf")


def test_read_counts_a_damaged_page_and_reads_the_others():
    content = b"BT /F1 12 Tf 72 700 Td (Bonjour) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"(not a page)",
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, item) for number, item in enumerate(objects, start=1))
    reading = read(b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 7>>\n%%EOF", "t.pdf")
    assert [page.text for page in reading.pages] == ["Bonjour", ""]
    assert reading.notices == (Notice("damaged_pages", {"pages": 1}),)


def test_read_refuses_a_document_of_blank_pages():
    with pytest.raises(Empty):
        read(build_pdf([[], []]), "d.pdf")


def test_read_stops_at_the_limits_with_a_notice():
    reading = read(build_pdf(), "d.pdf", Limits(pages=1))
    assert len(reading.pages) == 1
    assert reading.notices == (Notice("truncated", {"pages": 1}),)
    assert len(read(build_pdf(), "d.pdf", Limits(characters=120)).pages) == 1


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_locate_covers_the_printed_words_and_nothing_else(rotation):
    data = build_pdf([["avant", "Le quartier Nord est voté", "après"]], rotation=rotation)
    (box,) = find(data, 1, "quartier Nord")
    assert crop(data, 1, box).getextrema()[0] < 100
    blank = Box(box.x, min(1 - box.height, box.y + 0.5), box.width, box.height)
    if rotation in (0, 180):
        blank = Box(box.x, 0.5, box.width, box.height)
        assert crop(data, 1, blank).getextrema() == (255, 255)


def test_locate_is_as_precise_as_a_word():
    data = build_pdf([["Le budget est voté"]])
    whole, part = find(data, 1, "Le budget est voté")[0], find(data, 1, "budget")[0]
    assert whole.x < part.x < part.x + part.width < whole.x + whole.width


def test_locate_gives_a_box_per_line_across_a_cut_word():
    first, second = find(build_pdf(), 1, "convention citoyenne sur")
    assert second.y > first.y
    assert second.x == pytest.approx(72 / 595.28, abs=0.01)


def test_locate_gives_nothing_for_an_empty_or_outside_range():
    data = build_pdf()
    assert locate(data, 1, 5, 5) == locate(data, 1, 9_000, 9_010) == locate(data, 1, 9, 2) == ()


def test_render_page_refuses_a_page_that_is_not_there():
    with pytest.raises(NoSuchPage, match="Page 3 was asked for; the document has 2"):
        render_page(build_pdf(), 3, width_px=100)


def test_render_page_refuses_an_absurd_width():
    with pytest.raises(TooLarge, match="pixels"):
        render_page(build_pdf(), 1, width_px=100_000)


def test_scanned_page_without_ocr_is_counted_in_a_notice():
    reading = read(build_scan(), "scan.pdf")
    assert reading.pages[0].is_scanned
    assert reading.notices == (Notice("scanned_pages_not_read", {"pages": 1}),)


def test_page_with_a_logo_and_no_text_is_not_a_scan():
    with pytest.raises(Empty):
        read(build_scan(width=100, height=50), "logo.pdf")


def build_scan(width=595, height=842):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawInlineImage(Image.new("L", (60, 80), 200), 0, 0, width, height)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


@given(st.text(st.sampled_from("aeéEz-’1 \t\r\n\ufffe\u0301\ufb01\x00\u00ad\ud800"), max_size=60))
def test_edits_keep_a_way_back_from_every_position(raw):
    edits = find_edits(raw)
    text = apply_edits(raw, edits)
    assert not set(text) & set("\r\ufffe\ufb01\x00\u00ad\ud800")
    ranges = [find_raw_range(edits, position, position + 1) for position in range(len(text))]
    assert ranges == sorted(ranges)
    assert all(0 <= start < end <= len(raw) for start, end in ranges)
    edited = {place for edit in edits for place in range(edit.start, edit.end)}
    for character, (start, _) in zip(text, ranges, strict=True):
        assert start in edited or raw[start] == character


@given(st.lists(st.text("abc dé", min_size=1, max_size=30), min_size=1, max_size=5), st.data())
def test_locate_stays_within_the_page(lines, data):
    document = build_pdf([["Ville", *lines]])
    text = read(document, "d.pdf").pages[0].text
    assert unicodedata.is_normalized("NFC", text)
    start = data.draw(st.integers(0, len(text)))
    for box in locate(document, 1, start, data.draw(st.integers(start, len(text)))):
        assert 0 <= box.x <= box.x + box.width <= 1.000001
        assert 0 <= box.y <= box.y + box.height <= 1.000001


def test_reading_is_a_value():
    assert read(build_pdf(), "d.pdf") == read(build_pdf(), "d.pdf")
    assert isinstance(read(build_pdf(), "d.pdf"), Reading)
