"""The QR code of a poster and the frame of another site: exact, and safe wherever they are put."""

import re
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from qrcode.main import QRCode

from antigone.consultation.forms.inviting import SitesField, read_site
from antigone.consultation.posters import draw_code, write_frame

ADDRESS = "https://participer.ville.example/consultations/vivre-ici/"


def read_modules(svg: str) -> set[tuple[int, int]]:
    path = ElementTree.fromstring(svg).find("{http://www.w3.org/2000/svg}path")
    assert path is not None
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.get("d", ""))
    return {(int(x) + step, int(y)) for x, y, length in runs for step in range(int(length))}


def test_every_dark_module_is_drawn_and_no_other() -> None:
    code = QRCode(error_correction=0, border=4)
    code.add_data(ADDRESS)
    code.make(fit=True)
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, cell in enumerate(row) if cell}
    assert read_modules(draw_code(ADDRESS, "Code")) == dark
    assert min(x for x, _y in dark) == 4


def test_other_address_gives_another_code() -> None:
    assert read_modules(draw_code(ADDRESS, "Code")) != read_modules(draw_code(ADDRESS + "x", "Code"))


def test_label_and_title_never_leave_their_attribute() -> None:
    hostile = 'Vivre "ici" <script>alert(1)</script>'
    svg = ElementTree.fromstring(draw_code(ADDRESS, hostile))
    assert svg.get("aria-label") == hostile
    assert "<script" not in draw_code(ADDRESS, hostile) + write_frame(ADDRESS, hostile)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.Ville.example", "https://www.ville.example"),
        ("https://www.ville.example/", "https://www.ville.example"),
        ("https://www.ville.example:443", "https://www.ville.example"),
        ("https://ville.example:8443", "https://ville.example:8443"),
        ("https://xn--vry-9la.example", "https://xn--vry-9la.example"),
        ("https://évry.example", "https://xn--vry-9la.example"),
    ],
)
def test_site_is_kept_as_browsers_write_it(typed: str, kept: str) -> None:
    assert read_site(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://ville.example",
        "ville.example",
        "https://*.ville.example",
        "https://*",
        "*",
        "https://",
        "https:",
        "'self'",
        "https://ville",
        "https://ville.example/page",
        "https://ville.example?a",
        "https://ville.example?",
        "https://ville.example#",
        "https://moi@ville.example",
        "https://ville.example:99999",
        "https://ville.example; script-src *",
        "https://ville.example;",
        "https://ville.example https://autre.example",
        "https://ville.example,https://autre.example",
        "https://ville..example",
        "https://-ville.example",
        "https://192.168.1.1",
        "https://[::1]",
        "data:text/html,x",
        "https://ville.example\u2028",
    ],
)
def test_what_is_not_one_site_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        read_site(typed)


def test_sites_are_said_once_each() -> None:
    typed = "https://a.example\n\n https://b.example/ \nhttps://A.example"
    assert SitesField().clean(typed) == ["https://a.example", "https://b.example"]
    with pytest.raises(ValidationError):
        SitesField().clean("\n".join(f"https://v{n}.example" for n in range(21)))
