"""Scans: a page per image, words where the OCR saw them."""

import io

import pytest
from PIL import Image

from antigone.core.reading import (
    Box,
    Broken,
    Limits,
    NoSuchPage,
    Notice,
    TooLarge,
    Word,
    locate,
    read,
    render_page,
)

WORDS = (
    Word("Hôtel", Box(0.1, 0.1, 0.2, 0.05), 0, 0),
    Word("de", Box(0.35, 0.1, 0.05, 0.05), 0, 0),
    Word("ville", Box(0.1, 0.2, 0.2, 0.05), 1, 0),
)


def build_image(kind, *, frames=1, size=(300, 400)):
    stream = io.BytesIO()
    images = [Image.new("RGB", size, "white") for _ in range(frames)]
    options = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    images[0].save(stream, kind, dpi=(150, 150), **options)
    return stream.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("TIFF", "a.tif")])
def test_read_gives_the_words_of_the_ocr_and_their_place(kind, name):
    data = build_image(kind)
    reading = read(data, name, ocr=lambda _: WORDS)
    (page,) = reading.pages
    assert page.text == "Hôtel de\nville"
    assert (round(page.width), round(page.height), page.is_scanned) == (144, 192, True)
    first, second = locate(data, 1, 0, 14, word_boxes=page.word_boxes)
    assert (first.x, first.width) == (pytest.approx(0.1, abs=1e-4), pytest.approx(0.3, abs=1e-4))
    assert second.y == pytest.approx(0.2, abs=1e-4)
    assert locate(data, 1, 0, 5) == ()


def test_read_gives_a_page_per_frame_and_counts_those_not_read():
    reading = read(build_image("TIFF", frames=3), "a.tiff")
    assert len(reading.pages) == 3
    assert reading.notices == (Notice("scanned_pages_not_read", {"pages": 3}),)


def test_render_page_draws_at_the_asked_width():
    data = build_image("TIFF", frames=2)
    assert Image.open(io.BytesIO(render_page(data, 2, width_px=150))).size == (150, 200)
    with pytest.raises(NoSuchPage):
        render_page(data, 3, width_px=150)


def test_read_refuses_too_many_pixels():
    with pytest.raises(TooLarge, match="120000 pixels"):
        read(build_image("PNG"), "a.png", Limits(pixels=100_000))


def test_read_says_that_a_truncated_image_is_damaged():
    data = build_image("PNG", size=(900, 900))
    with pytest.raises(Broken):
        read(data[: len(data) // 2], "a.png")
