"""Zoé, a visitor, asks, reads the quote and sees it on the image of its page."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.journeys.reader import Reader
from tests.journeys.town import Town
from tests.journeys.words import HOURS, OPENING, in_french, squeeze

pytestmark = pytest.mark.xdist_group("journeys")

# The darkest grey of a place where nothing is printed is lighter.
INK = 128
# Where the marks lie on the screen, in parts of the width and height of the page's image.
PLACES = """svg => {
  const sheet = svg.querySelector("image").getBoundingClientRect();
  return [...svg.querySelectorAll("rect.mark")].map(mark => mark.getBoundingClientRect()).map(box => [
    (box.left - sheet.left) / sheet.width, (box.top - sheet.top) / sheet.height,
    (box.right - sheet.left) / sheet.width, (box.bottom - sheet.top) / sheet.height]);
}"""


def follow_first_source(reader: Reader) -> Image.Image:
    """Click the first source of the answer; return the image of the page that opens."""
    with reader.page.expect_response(re.compile(r"\.png$")) as image:
        reader.answer.locator(".source a").first.click()
    return Image.open(io.BytesIO(image.value.body())).convert("L")


def sees_the_quote_marked(reader: Reader, image: Image.Image, quote: str) -> None:
    """Check that the text's mark holds the quote, and the image's marks lie on it, over words."""
    assert quote in squeeze(reader.page.locator("article mark").inner_text())
    marks = reader.page.locator("svg.sheet").evaluate(PLACES)
    assert marks
    for left, top, right, bottom in marks:
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        width, height = image.size
        under = image.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))
        assert min(under.tobytes()) < INK, "a mark lies over nothing printed"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no javascript"])
def test_visitor_asks_and_sees_the_quote_on_the_image_of_its_page(
    arrive: Callable[..., Reader], town: Town, javascript: bool
) -> None:
    zoe = arrive(town, javascript=javascript)
    zoe.open("/")
    zoe.ask(HOURS)
    assert OPENING in zoe.sentences[0]
    assert OPENING in squeeze(zoe.answer.locator(".source mark").first.inner_text())
    sees_the_quote_marked(zoe, follow_first_source(zoe), OPENING)


def test_visitor_does_the_same_with_the_keyboard_alone(zoe: Reader) -> None:
    zoe.open("/")
    zoe.tab_to(zoe.page.locator("#question"))
    zoe.page.keyboard.type(HOURS)
    zoe.tab_to(zoe.page.locator("form.ask button.button"))
    zoe.page.keyboard.press("Enter")
    zoe.answer.wait_for()
    assert OPENING in zoe.sentences[0]
    zoe.tab_to(zoe.answer.locator(".source a").first)
    zoe.page.keyboard.press("Enter")
    expect(zoe.page.locator("svg.sheet rect.mark").first).to_be_in_viewport()


def test_visitor_goes_on_and_the_question_before_is_understood(zoe: Reader) -> None:
    zoe.open("/demander/")
    zoe.ask(HOURS)
    zoe.ask("Et le samedi ?")
    assert "Le samedi, elle est ouverte de 9 h à 12 h" in " ".join(zoe.sentences)


def test_visitor_is_told_when_the_documents_do_not_answer(zoe: Reader) -> None:
    zoe.open("/demander/")
    zoe.ask("Quelle est la distance entre la Terre et la Lune ?")
    assert zoe.sentences == []
    assert in_french("I have not found the answer in the documents that I may read for you.") in zoe.main


def test_visitor_who_prefers_english_reads_all_but_the_documents_in_english(zoe: Reader) -> None:
    zoe.open("/")
    zoe.page.locator("header .languages button:visible").click()
    expect(zoe.page.locator("html")).to_have_attribute("lang", "en")
    zoe.ask(HOURS)
    expect(zoe.page.locator("html")).to_have_attribute("lang", "en")
    said = zoe.page.locator(
        "header :is(a, button:not([lang])), main :is(label, button, summary, h1), footer li"
    )
    shown = {squeeze(text) for text in said.all_inner_texts() if text.strip()}
    assert {"Home", "Ask", "Sign in", "Go on", "Keep or report this answer"} <= shown
    labels = ("Home", "Ask", "Sign in", "Where to look", "Useful", "Wrong", "Go on", "Skip to content")
    assert not shown & {in_french(label) for label in labels if in_french(label) != label}
    sentence = zoe.answer.locator(".answer .words").first
    assert OPENING in squeeze(sentence.inner_text())
    expect(zoe.answer.locator(".answer [lang=fr]").first).to_be_visible()
    expect(zoe.answer.locator("blockquote[lang=fr]").first).to_be_visible()


@pytest.mark.parametrize("layout", ["text", "odt"])
def test_visitor_takes_the_answer_away(zoe: Reader, tmp_path: Path, layout: str) -> None:
    zoe.open("/")
    zoe.ask(HOURS)
    zoe.answer.locator("summary").click()
    with zoe.page.expect_download() as download:
        zoe.answer.locator(f"button[value={layout}]").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    written = file.read_text() if layout == "text" else read_odt(file)
    assert HOURS in squeeze(written)
    assert OPENING in squeeze(written)
    assert "Guide d’accueil des habitants 2026" in written


def read_odt(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return re.sub(r"<[^>]+>", " ", archive.read("content.xml").decode())


def test_empty_question_comes_back_with_the_reason(zoe: Reader) -> None:
    zoe.refusals.add(422)
    zoe.open("/demander/")
    zoe.send("   ")
    expect(zoe.page.locator("form.ask .errorlist")).to_contain_text(
        in_french("The question is empty. Write what you would like to know.")
    )


def test_endless_question_comes_back_whole_with_the_reason(zoe: Reader) -> None:
    zoe.refusals.add(422)
    zoe.open("/demander/")
    question = "mairie " * 14_286
    zoe.send(question)
    expect(zoe.page.locator("form.ask .errorlist")).to_contain_text("2000")
    assert zoe.page.locator("form.ask [name=question]").input_value().strip() == question.strip()


def test_markup_in_a_question_is_shown_and_never_run(zoe: Reader) -> None:
    question = "<script>alert(1)</script><img src=x onerror=alert(2)> horaires de la mairie"
    zoe.open("/demander/")
    zoe.ask(question)
    assert question in zoe.main
    assert zoe.page.locator("main :is(script, img)").count() == 0
    zoe.search(question)
    assert zoe.page.locator("main :is(script, img)").count() == 0
