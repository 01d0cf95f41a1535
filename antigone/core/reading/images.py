"""Scans kept as PNG, JPEG or TIFF: a page per image, read by OCR where there is one."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, UnidentifiedImageError

from antigone.core.reading.errors import Broken, NoSuchPage, TooLarge
from antigone.core.reading.pages import Box, Limits, Notice, Page, Reading
from antigone.core.reading.parts import limit_pages
from antigone.core.reading.words import Ocr, join_words

_KIND = "image"
_DEFAULT_DPI = 72.0


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read each frame as a scanned page; without ``ocr`` a notice counts them."""
    with _open(data, limits) as image:
        media_type = Image.MIME[image.format or ""]
        count = getattr(image, "n_frames", 1)
        pages, notices = limit_pages(
            (_read_frame(image, number, limits, ocr) for number in range(1, count + 1)), limits
        )
    if unread := sum(not page.word_boxes for page in pages):
        notices = (*notices, Notice("scanned_pages_not_read", {"pages": unread}))
    return Reading("", "", media_type, pages, has_page_images=True, notices=notices)


def render_page(data: bytes, number: int, *, width_px: int) -> bytes:
    """Draw a frame as PNG, ``width_px`` wide."""
    limits = Limits()
    with _open(data, limits) as image:
        if not 1 <= number <= getattr(image, "n_frames", 1):
            raise NoSuchPage(number=number, count=getattr(image, "n_frames", 1))
        frame = _get_frame(image, number, limits)
        height = max(1, round(frame.height * width_px / frame.width))
        return _write_png(frame.resize((width_px, height), Image.Resampling.LANCZOS))


def locate(data: bytes, number: int, start: int, end: int) -> tuple[Box, ...]:
    """Find nothing: a scan has no characters of its own, only the word boxes of its page."""
    return ()


@contextmanager
def _open(data: bytes, limits: Limits) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            # Pillow warns of damage before it raises, and of large images, whose limit is ours
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as image:
                yield image
    except Image.DecompressionBombError as error:
        raise TooLarge(what="pixels", size="too many", limit=limits.pixels) from error
    except UnidentifiedImageError as error:
        raise Broken(kind=_KIND, detail="not an image") from error


def _read_frame(image: Image.Image, number: int, limits: Limits, ocr: Ocr | None) -> Page:
    frame = _get_frame(image, number, limits)
    points = 72 / _get_dpi(image)
    text, word_boxes = ("", b"") if ocr is None else join_words(ocr(_write_png(frame)))
    return Page(number, str(number), text, frame.width * points, frame.height * points, True, word_boxes)


def _get_frame(image: Image.Image, number: int, limits: Limits) -> Image.Image:
    image.seek(number - 1)
    if image.width * image.height > limits.pixels:
        raise TooLarge(what="pixels", size=image.width * image.height, limit=limits.pixels)
    return ImageOps.exif_transpose(image).convert("RGB")


def _get_dpi(image: Image.Image) -> float:
    dpi = float(image.info.get("dpi", (_DEFAULT_DPI,))[0])
    return dpi if dpi >= 1 else _DEFAULT_DPI


def _write_png(frame: Image.Image) -> bytes:
    picture = io.BytesIO()
    frame.save(picture, "PNG", compress_level=1)
    return picture.getvalue()
