import re
from pathlib import Path
from typing import Any

import pytest
from django.test import AsyncClient, Client

from antigone.web.apps import check_navigation

pytestmark = pytest.mark.django_db
TEMPLATES = sorted(Path(__file__).resolve().parents[2].glob("antigone/*/templates/**/*.html"))


def test_theme_is_kept_for_a_year_under_an_address_that_changes_with_it(client: Client) -> None:
    answer = client.get("/theme.css")
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "--accent:#0b6577" in answer.content.decode()


def test_health_says_that_the_database_answers(client: Client) -> None:
    assert client.get("/health").json() == {"status": "ok", "database": True}


def test_robots_are_kept_out_of_people_s_own_pages(client: Client) -> None:
    assert b"Disallow: /compte/" in client.get("/robots.txt").content


def test_favicon_is_a_drawing(client: Client) -> None:
    answer = client.get("/favicon.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    answer.close()


def test_logo_is_not_found_without_one(client: Client) -> None:
    assert client.get("/logo").status_code == 404


def test_styleguide_exists_while_developing_only(client: Client, settings: Any) -> None:
    assert client.get("/styleguide/").status_code == 404
    settings.DEBUG = True
    page = client.get("/styleguide/?errors=1").content.decode()
    assert "aria-invalid" in page
    assert 'aria-describedby="id_email_helptext id_email_error"' in page


def test_navigation_leads_somewhere() -> None:
    assert check_navigation(None) == []


def test_navigation_that_leads_nowhere_is_named(settings: Any) -> None:
    settings.NAVIGATION = [("Nowhere", "nowhere:at_all")]
    assert "nowhere:at_all" in check_navigation(None)[0].msg


def test_menu_shows_where_one_is_and_leaves_out_what_is_missing(client: Client, settings: Any) -> None:
    settings.NAVIGATION = [("Sign", "account_login"), ("Nowhere", "nowhere:at_all")]
    page = client.get("/compte/connexion/").content.decode()
    assert '<a href="/compte/connexion/" aria-current="page">Sign</a>' in page
    assert "Nowhere" not in page


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_style_nor_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(
        r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|https?://(?!www\.w3\.org)", text
    )


def test_style_sheet_and_script_are_served(client: Client) -> None:
    page = client.get("/compte/connexion/").content.decode()
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        answer = client.get(address)
        assert answer.status_code == 200, address
        answer.close()


@pytest.mark.django_db(transaction=True)
def test_assets_are_served_asynchronously_too() -> None:
    import asyncio

    async def read() -> Any:
        return await AsyncClient().get("/static/vendor/htmx.min.js")

    answer = asyncio.run(read())
    assert answer.status_code == 200
    assert b"htmx" in answer.content
    assert "javascript" in answer["Content-Type"]
