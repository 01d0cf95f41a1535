"""Plant what must not be seen, then look for it everywhere."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from antigone.accounts.models import Group, Organisation, Person
from antigone.library import rules
from antigone.library.actions import About, Outcome, Upload, start_import
from antigone.library.models import Collection, Document, Version
from tests.library.conftest import SECRET_TEXT, make_pdf

Add = Callable[..., Outcome]
TITLE = "Dossier clapotis"


@pytest.fixture
def planted(collection: Collection, secret: Collection, add: Add, ines: Person) -> Document:
    """A secret document with an old version, page images and an import, beside a public one."""
    add(collection)
    about = About(title=TITLE, publisher="Bureau clapotis", published_date=date(2026, 1, 2))
    add(secret, "clapotis.pdf", make_pdf("Le vieux clapotis."), about=about)
    return add(secret, "clapotis.pdf", make_pdf("Le nouveau clapotis."), by=ines).document


@pytest.fixture
def addresses(planted: Document, ines: Person) -> list[str]:
    """Every address that concerns the secret document."""
    started = start_import(collection=planted.collection, uploads=[], by=ines)
    latest, old = planted.versions.all()
    page = reverse("library:page", args=[planted.pk, 1])
    return [
        reverse("library:collection", args=[planted.collection.slug]),
        reverse("library:document", args=[planted.pk]),
        page,
        f"{page}?version={old.pk}",
        f"{page}?start=0&end=5",
        *(reverse("library:image", args=[planted.pk, version.pk, 1, 800]) for version in (latest, old)),
        *(reverse("library:original", args=[planted.pk, version.pk]) for version in (latest, old)),
        reverse("library:add", args=[planted.collection.slug]),
        reverse("library:imports", args=[planted.collection.slug]),
        reverse("library:import", args=[started.pk]),
        reverse("library:withdraw", args=[planted.pk]),
        reverse("library:describe", args=[planted.pk]),
    ]


def read_main(response: HttpResponse) -> str:
    """Return the page without its frame, which repeats the address and holds a token."""
    return re.search("<main.*</main>", response.content.decode(), re.S)[0]


@pytest.mark.django_db(transaction=True)  # the worker and downloads close connections
def test_the_librarian_opens_every_address(client: Client, addresses: list[str], ines: Person) -> None:
    client.force_login(ines)
    for address in addresses:
        response = client.get(address)
        response.close()
        assert response.status_code == 200


def test_a_visitor_finds_none_of_the_addresses(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        response = client.get(address)
        assert response.status_code in (404, 302)
        if response.status_code == 302:
            assert reverse("account_login") in response.headers["Location"]
        assert "clapotis" not in response.content.decode().lower().replace(address.lower(), "")


def test_an_agent_finds_none_of_the_addresses(client: Client, addresses: list[str], chloe: Person) -> None:
    client.force_login(chloe)
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 404
        assert TITLE not in response.content.decode()


def test_an_unknown_document_and_a_forbidden_one_look_the_same(client: Client, planted: Document) -> None:
    forbidden = client.get(reverse("library:document", args=[planted.pk]))
    unknown = client.get(reverse("library:document", args=[999_999]))
    assert forbidden.status_code == unknown.status_code == 404
    assert read_main(forbidden) == read_main(unknown)


@pytest.mark.parametrize("who", ["visitor", "agent"])
def test_lists_counts_and_search_do_not_show_it(
    client: Client, planted: Document, chloe: Person, who: str
) -> None:
    if who == "agent":
        client.force_login(chloe)
    for address, query in (
        (reverse("library:collections"), {}),
        (reverse("library:search"), {"q": "clapotis"}),
        (reverse("library:search"), {"q": "clapotiss"}),
        (reverse("library:search"), {"q": "piscine clapotis"}),
        (reverse("library:search"), {"q": "nouveau", "collection": planted.collection.slug}),
        (reverse("library:search"), {"q": "nouveau"}),
    ):
        response = client.get(address, query)
        page = read_main(response).replace(query.get("q", "\0"), "").lower()
        assert response.status_code == 200
        assert "clapotis" not in page
        assert "archives fermées" not in page


def test_a_version_of_another_document_is_not_there(client: Client, planted: Document) -> None:
    public = Document.objects.get(collection__slug="vie-pratique")
    stolen = planted.versions.latest()
    for address in (
        reverse("library:original", args=[public.pk, stolen.pk]),
        reverse("library:image", args=[public.pk, stolen.pk, 1, 800]),
        reverse("library:page", args=[public.pk, 1]) + f"?version={stolen.pk}",
    ):
        assert client.get(address).status_code == 404


def test_the_same_bytes_do_not_open_another_collection(
    client: Client, collection: Collection, secret: Collection, add: Add
) -> None:
    """Files are kept once by their digest: the public copy opens, the secret one does not."""
    opened, closed = add(collection, "a.pdf", make_pdf("Un.")), add(secret, "a.pdf", make_pdf("Un."))
    addresses = [
        reverse("library:original", args=[outcome.document.pk, outcome.document.versions.get().pk])
        for outcome in (opened, closed)
    ]
    responses = [client.get(address) for address in addresses]
    responses[0].close()
    assert [response.status_code for response in responses] == [200, 404]


def test_adding_says_nothing_of_what_another_collection_holds(
    collection: Collection, secret: Collection, add: Add
) -> None:
    add(secret, "a.txt", SECRET_TEXT)
    assert add(collection, "a.txt", SECRET_TEXT).state == "added"


@pytest.mark.parametrize("name", ["add", "cancel", "resume", "describe", "withdraw", "restore"])
def test_nobody_else_changes_anything(
    client: Client, planted: Document, ines: Person, chloe: Person, name: str
) -> None:
    started = start_import(
        collection=planted.collection, uploads=[Upload("a.txt", io.BytesIO(b"Un."))], by=ines
    )
    target = {"add": planted.collection.slug, "cancel": started.pk, "resume": started.pk}.get(
        name, planted.pk
    )
    address = reverse(f"library:{name}", args=[target])
    assert client.post(address, {"reason": "x", "title": "x"}).status_code == 302
    client.force_login(chloe)
    assert client.post(address, {"reason": "x", "title": "x"}).status_code == 404
    planted.refresh_from_db()
    started.refresh_from_db()
    assert (planted.withdrawn_at, planted.title) == (None, TITLE)
    assert started.state == "waiting"
    assert Version.objects.filter(document=planted).count() == 2


def test_a_reader_group_reads_and_does_not_keep(
    secret: Collection, city: Organisation, chloe: Person
) -> None:
    group = Group.objects.create(organisation=city, name="Archives")
    secret.readers.add(group)
    assert not rules.can_read(chloe, secret)
    chloe.groups.add(group)
    assert rules.can_read(chloe, secret)
    assert not rules.can_keep(chloe, secret)


def test_somebody_of_another_organisation_does_not_read_the_organisation_s(
    internal: Collection, chloe: Person, db: None
) -> None:
    company = Organisation.objects.create(name="Société", slug="societe", kind=Organisation.Kind.COMPANY)
    david = Person.objects.create_person(email="david@societe.example", name="David", organisation=company)
    assert rules.can_read(chloe, internal)
    assert not rules.can_read(david, internal)
    assert not rules.can_read(None, internal)


def test_a_closed_account_reads_like_a_visitor(
    internal: Collection, secret: Collection, ines: Person
) -> None:
    ines.is_active = False
    assert not rules.can_read(ines, internal)
    assert not rules.can_keep(ines, secret)
