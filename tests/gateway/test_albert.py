"""La Suite's assistant keeps documents here and searches them; what another person may not read is not there."""

import pytest

from antigone.accounts.models import Group, Organisation, Person
from antigone.gateway.models import Key, Usage
from antigone.library.actions import add_document
from antigone.library.models import Collection, Document
from tests.gateway.town import SECRET, Reply, ask, make_key, make_use

BOUNDARY = "frontiere"
CANTEEN = "# Cantine\n\nLe repas d’un enfant coûte de 1,05 € à 4,60 € selon le quotient familial.\n"
SAFE = "# Consigne\n\nLe mot de passe du coffre AMARANTE est changé chaque lundi.\n"


def send_form(fields: dict[str, str], filename: str, content: bytes, key: str = SECRET) -> Reply:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    raw = "".join(parts).encode() + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return ask("POST", "/v1/documents", raw=raw, headers=headers, key=key)


@pytest.fixture
def number(key: Key) -> int:
    made = ask("POST", "/v1/collections", {"name": "Conversation 7", "visibility": "private"})
    assert made.status == 201
    number: int = made.json["id"]
    return number


@pytest.fixture
def internal(city: Organisation, librarians: Group) -> Collection:
    collection = Collection.objects.create(
        name="Interne", slug="interne", organisation=city, audience=Collection.Audience.ORGANISATION
    )
    collection.librarians.add(librarians)
    add_document(collection=collection, filename="consigne.md", data=SAFE.encode(), by=None)
    return collection


def add(number: int, name: str = "Tarifs", content: str = CANTEEN, key: str = SECRET) -> Reply:
    return send_form(
        {"collection_id": str(number), "metadata": f'{{"document_name": "{name}"}}'},
        "t.md",
        content.encode(),
        key,
    )


def find(query: str, key: str = SECRET, **fields: object) -> Reply:
    return ask("POST", "/v1/search", {"query": query, **fields}, key=key)


def test_the_path_of_la_suite(number: int) -> None:
    document = add(number)
    assert document.status == 201
    found = find("Combien coûte le repas ?", collection_ids=[number], score_threshold=0.6, limit=5)
    (best,) = found.json["data"]
    assert best["score"] == 1.0
    assert "4,60" in best["chunk"]["content"]
    assert best["chunk"]["metadata"]["document_name"] == "Tarifs"
    assert found.json["usage"]["completion_tokens"] == 0
    assert ask("DELETE", f"/v1/documents/{document.json['id']}").status == 204
    assert ask("DELETE", f"/v1/documents/{document.json['id']}").status == 404
    assert find("Combien coûte le repas ?", collection_ids=[number]).json["data"] == []
    assert ask("DELETE", f"/v1/collections/{number}").status == 204
    assert find("Combien coûte le repas ?", collection_ids=[number]).status == 404
    assert not Document.objects.exists()
    assert set(Usage.objects.values_list("endpoint", flat=True)) == {"library"}


def test_two_documents_of_one_name_are_two(number: int) -> None:
    first, second = add(number).json["id"], add(number, content=SAFE).json["id"]
    assert first != second
    assert find("repas", document_ids=[second]).json["data"] == []
    named = {"key": "document_name", "value": "Tarifs", "type": "eq"}
    assert find("repas", metadata_filters=named).json["data"]
    assert find("repas", metadata_filters={**named, "value": "Autre"}).json["data"] == []


@pytest.mark.parametrize("other", ["e\u0301te\u0301.md", "  été.md", "été\u00a0.md"])
def test_two_documents_whose_names_look_the_same_are_two(number: int, other: str) -> None:
    fields = {"collection_id": str(number)}
    first = send_form(fields, "été .md" if other.endswith("\u00a0.md") else "été.md", CANTEEN.encode()).json[
        "id"
    ]
    second = send_form(fields, other, SAFE.encode()).json["id"]
    assert first != second
    assert Document.objects.current().count() == 2


def test_nobody_elses_collection_is_there(number: int, chloe: Person, engines: object) -> None:
    assert add(number, content=SAFE).status == 201
    make_key(make_use(chloe, name="Chez Chloé"), chloe, secret="antigone_chloe")
    assert find("coffre", "antigone_chloe").json["data"] == []
    assert find("coffre", "antigone_chloe", collection_ids=[number]).status == 404
    assert add(number, key="antigone_chloe").status == 404
    assert ask("GET", f"/v1/collections/{number}", key="antigone_chloe").status == 404
    assert ask("DELETE", f"/v1/collections/{number}", key="antigone_chloe").status == 404
    document = Document.objects.get()
    assert ask("GET", f"/v1/documents/{document.pk}", key="antigone_chloe").status == 404
    assert ask("DELETE", f"/v1/documents/{document.pk}", key="antigone_chloe").status == 404
    assert Document.objects.count() == 1


def test_a_key_reads_what_its_holder_reads(
    key: Key, internal: Collection, chloe: Person, ines: Person
) -> None:
    make_key(make_use(chloe, name="Chez Chloé"), chloe, secret="antigone_chloe")
    assert find("coffre AMARANTE").json["data"] == []
    assert find("coffre AMARANTE", collection_ids=[internal.pk]).status == 404
    assert "AMARANTE" in str(find("coffre AMARANTE", "antigone_chloe").json)
    # She reads it, and does not keep it.
    assert add(internal.pk, key="antigone_chloe").status == 404
    document = Document.objects.get()
    assert ask("DELETE", f"/v1/documents/{document.pk}", key="antigone_chloe").status == 403
    # A librarian's programme adds, and deletes nothing of the city's.
    make_key(make_use(ines, name="Chez Inès"), ines, secret="antigone_ines")
    assert add(internal.pk, key="antigone_ines").status == 201
    assert ask("DELETE", f"/v1/documents/{document.pk}", key="antigone_ines").status == 403


def test_built_in_model_reads_as_the_keys_holder(internal: Collection, key: Key, chloe: Person) -> None:
    make_key(make_use(chloe, name="Chez Chloé"), chloe, secret="antigone_chloe")
    body = {
        "model": "antigone-extractive",
        "messages": [{"role": "user", "content": "Quel mot de passe est changé chaque lundi ?"}],
    }
    assert "AMARANTE" not in str(ask("POST", "/v1/chat/completions", body).json)
    answer = ask("POST", "/v1/chat/completions", body, key="antigone_chloe").json
    assert "AMARANTE" in answer["choices"][0]["message"]["content"]
    assert answer["citations"][0]["title"] == "Consigne"
    streamed = ask("POST", "/v1/chat/completions", {**body, "stream": True}, key="antigone_chloe").events
    assert "AMARANTE" in streamed[0]["choices"][0]["delta"]["content"]
    assert streamed[-1] == "[DONE]"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/collections", {}),
        ("/v1/collections", {"name": " "}),
        ("/v1/collections", {"name": "a", "visibility": "public"}),
        ("/v1/search", {}),
        ("/v1/search", {"query": "a", "limit": 0}),
        ("/v1/search", {"query": "a", "score_threshold": "b"}),
        ("/v1/search", {"query": "a", "collection_ids": 3}),
        ("/v1/search", {"query": "a", "metadata_filters": {"key": "secret", "value": "a"}}),
    ],
)
def test_wrong_request_says_what_is_wrong(key: Key, path: str, body: object) -> None:
    assert ask("POST", path, body).status == 400


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "1e3", "²"])
def test_number_that_is_none_is_not_there(key: Key, number: str) -> None:
    assert ask("GET", f"/v1/collections/{number}").status == 404
    assert ask("GET", f"/v1/documents/{number}").status == 404


def test_file_that_cannot_be_read_is_refused_and_nothing_is_added(number: int) -> None:
    refused = send_form({"collection_id": str(number)}, "a.pdf", b"%PDF-1.4 broken")
    assert refused.status == 400
    assert refused.error["message"]
    assert not Document.objects.exists()
