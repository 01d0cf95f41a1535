"""Images of pages: drawn once in the confined child, then kept on the disk."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from antigone.library.actions.reading import draw_page

WIDTHS = (800, 1_400)
_KEPT_BYTES = 2_000_000_000


def get_image(sha256: str, number: int, width: int) -> bytes:
    """Return a page as PNG. Offer only `WIDTHS` to the public, else one could fill the disk with others."""
    path = _get_folder() / sha256 / f"{number}-{width}.png"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        image = draw_page(sha256, number, width)
    with suppress(OSError):  # a full disk costs time at the next visit, not the image
        _keep(path, image)
    return image


def list_images() -> Iterator[tuple[Path, str]]:
    """Give the kept images, each with the digest of its document."""
    for path in _get_folder().glob("*/*"):
        yield path, path.parent.name


def find_oldest_images() -> Iterator[Path]:
    """Give the images past the room that all may take together, the newest staying."""
    kept = 0
    for path, _ in sorted(list_images(), key=lambda image: image[0].stat().st_mtime, reverse=True):
        kept += path.stat().st_size
        if kept > _KEPT_BYTES:
            yield path


def _get_folder() -> Path:
    return Path(settings.DATA_FOLDER) / "cache" / "pages"


def _keep(path: Path, image: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(image)
            file.flush()
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
