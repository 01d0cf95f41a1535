"""What the pages of recruitments do, and for whom."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from antigone.accounts.models import Person
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.models import Draw, Invitation, Recruitment, Reply
from tests.selection.conftest import Opens
from tests.selection.recruitment.town import HEADER, make_answers, write_register

pytestmark = pytest.mark.django_db
REPLY = {
    "feature_0": "femme",
    "feature_1": "60+",
    "name": "SECRET-REPLY",
    "reach": "06 99 88 77 66",
    "childcare": "on",
    "unavailable": ["9 janvier 2027"],
}


def address(name: str, *args: object) -> str:
    return reverse(f"recruitment:{name}", args=args)


@pytest.fixture
def facilitator(opens: Opens, alice: Person) -> Client:
    return opens(alice)


def type_terms(**changes: object) -> dict[str, object]:
    today = timezone.localdate()
    form: dict[str, object] = {
        "title": "La nuit",
        "purpose": "Débattre.",
        "source": "register",
        "origin": "Listes électorales.",
        "contact_point": "dpo@ville.example",
        "reply_date": today + timedelta(days=20),
        "purge_date": today + timedelta(days=90),
        "features": "genre;femme;52\ngenre;homme;48",
        "dates": "9 janvier\n9 janvier\n\n23 janvier",
    }
    return form | changes


def test_from_the_terms_to_the_draw_of_the_panel(facilitator: Client) -> None:
    begun = facilitator.post(address("new"), type_terms())
    made = Recruitment.objects.get()
    assert begun["Location"] == address("source", made.pk)
    assert made.dates == ["9 janvier", "23 janvier"]
    file = SimpleUploadedFile("voters.csv", write_register(80))
    assert facilitator.post(begun["Location"], {"register": file})["Location"] == address("columns", made.pk)
    page = facilitator.get(address("columns", made.pk)).content.decode()
    assert "SECRET-1" in page
    roles = {"role_0": "name", "role_2": "address", "role_4": "phone", "role_5": "stratum"}
    assert facilitator.post(address("columns", made.pk), roles)["Location"] == address("progress", made.pk)
    assert facilitator.get(address("progress", made.pk)).status_code == 200
    recruiting.run_register_import(made.pk)
    assert facilitator.get(address("progress", made.pk))["Location"] == address("counts", made.pk)
    facilitator.post(address("contacts", made.pk), {"size": 20, "seed": "417"})
    letters = facilitator.post(address("letters", made.pk))
    rows = list(csv.DictReader(io.StringIO(letters.content.decode())))
    assert len(rows) == 20
    assert "no-store" in letters["Cache-Control"]
    for row in rows[:12]:
        answered = Client().post(
            reverse("invitation:answer"), {"code": row["code"], "outcome": "yes", "feature_0": "femme",
                                           "name": "x", "reach": "y"}
        )  # fmt: skip
        assert answered["Location"] == reverse("invitation:thanks", args=["oui"])
    drawn = facilitator.post(address("to_draw", made.pk), {"size": 4, "tolerance": 100})
    assert drawn["Location"] == reverse("selection:prepare", args=[Draw.objects.get().pk])
    assert facilitator.get(address("counts", made.pk)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"features": "genre;femme"},
        {"features": "\n".join(f"f{n};a;1" for n in range(13))},
        {"reply_date": ""},
        {"purge_date": timezone.localdate()},
    ],
)
def test_terms_that_make_no_sense_come_back_with_a_sentence(
    facilitator: Client, changes: dict[str, object]
) -> None:
    answer = facilitator.post(address("new"), type_terms(**changes))
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not Recruitment.objects.exists()


def test_terms_are_changed(facilitator: Client, begun: Recruitment) -> None:
    page = facilitator.get(address("terms", begun.pk)).content.decode()
    assert "âge;16-29;20" in page
    facilitator.post(address("terms", begun.pk), type_terms(title="Le jour"))
    assert Recruitment.objects.get().title == "Le jour"
    assert facilitator.post(address("terms", begun.pk), type_terms(title="")).status_code == 422


def test_refused_file_tells_its_lines(facilitator: Client, begun: Recruitment) -> None:
    data = f"{HEADER}\n;;SECRET street;V;;N\n".encode()
    facilitator.post(address("source", begun.pk), {"register": SimpleUploadedFile("v.csv", data)})
    facilitator.post(address("columns", begun.pk), {"role_0": "name", "role_2": "address"})
    recruiting.run_register_import(begun.pk)
    page = facilitator.get(address("source", begun.pk)).content.decode()
    assert 'id="faults"' in page
    assert "SECRET" not in page


def test_file_that_is_no_table_comes_back_with_a_sentence(facilitator: Client, begun: Recruitment) -> None:
    file = SimpleUploadedFile("v.xlsx", b"PK\0\0")
    assert facilitator.post(address("source", begun.pk), {"register": file}).status_code == 422
    assert facilitator.get(address("columns", begun.pk))["Location"] == address("source", begun.pk)


def test_columns_without_what_is_needed_come_back(facilitator: Client, begun: Recruitment) -> None:
    recruiting.keep_register(recruitment=begun, chunks=[write_register(3)], by=begun.created_by)
    answer = facilitator.post(address("columns", begun.pk), {"role_0": "stratum"})
    assert answer.status_code == 422
    assert facilitator.post(address("columns", begun.pk), {"role_0": "nonsense"}).status_code == 422


def test_import_is_stopped_from_its_page(facilitator: Client, begun: Recruitment) -> None:
    layout = recruiting.keep_register(recruitment=begun, chunks=[write_register(3)], by=begun.created_by)
    recruiting.map_columns(
        recruitment=begun, roles=layout.guess_roles(), drops_repeated=False, by=begun.created_by
    )
    facilitator.post(address("cancel", begun.pk))
    assert Recruitment.objects.get().state == "draft"
    moved = facilitator.get(address("progress", begun.pk), headers={"HX-Request": "true"})
    assert moved["HX-Redirect"] == address("source", begun.pk)


def test_numbers_are_planned(facilitator: Client) -> None:
    facilitator.post(address("new"), type_terms(source="phones"))
    made = Recruitment.objects.get()
    form = {"count": 30, "mobile_share": 50, "prefixes": "0467, 06", "seed": "1"}
    assert facilitator.post(address("source", made.pk), form).status_code == 422
    form["prefixes"] = "0467, 04 99"
    assert facilitator.post(address("source", made.pk), form)["Location"] == address("progress", made.pk)
    assert Recruitment.objects.get().plan["prefixes"] == ["0467", "0499"]


def test_contacts_asked_for_wrongly_come_back(facilitator: Client, ready: Recruitment) -> None:
    for form in ({"size": 0, "seed": "1"}, {"size": 121, "seed": "1"}, {"size": 5, "seed": ""}):
        assert facilitator.post(address("contacts", ready.pk), form).status_code == 422
    assert not Invitation.objects.exists()


def test_seed_is_announced_to_everybody(facilitator: Client, ready: Recruitment) -> None:
    past = {"event": "À la mairie", "due_at": "2020-01-01T18:00"}
    assert facilitator.post(address("seed", ready.pk), past).status_code == 422
    facilitator.post(address("seed", ready.pk), past | {"due_at": "2099-01-01T18:00"})
    assert "À la mairie" in Client().get(address("notice", ready.pk)).content.decode()
    early = facilitator.post(address("contacts", ready.pk), {"size": 5, "seed": "1"})
    assert early.status_code == 422
    Recruitment.objects.update(seed_due_at=None, seed_event="")
    facilitator.post(address("contacts", ready.pk), {"size": 5, "seed": "1"})
    assert (
        "nothing shows"
        in Client(headers={})
        .get(address("notice", ready.pk), headers={"Cookie": "antigone-language=en"})
        .content.decode()
    )


def test_callers_are_named_among_colleagues(
    facilitator: Client, ready: Recruitment, paul: Person, olivia: Person, marc: Person
) -> None:
    page = facilitator.get(address("callers", ready.pk)).content.decode()
    assert "Paul" in page
    assert "Olivia" not in page
    assert facilitator.post(address("callers", ready.pk), {"callers": [olivia.pk]}).status_code == 422
    facilitator.post(address("callers", ready.pk), {"callers": [paul.pk]})
    assert list(ready.callers.all()) == [paul]


def test_caller_goes_from_call_to_call(
    opens: Opens, drawn: Recruitment, paul: Person, invitation: Invitation
) -> None:
    client = opens(paul)
    page = client.get(address("find", drawn.pk)).content.decode()
    assert address("reply", drawn.pk, invitation.number) in page
    found = client.post(address("find", drawn.pk), {"q": invitation.contact.phone})
    assert found["Location"] == address("reply", drawn.pk, invitation.number)
    form = client.get(found["Location"]).content.decode()
    assert invitation.contact.name in form
    assert "Listes électorales" in form
    assert client.post(found["Location"], REPLY | {"outcome": "yes", "feature_0": "x"}).status_code == 422
    assert client.post(found["Location"], REPLY | {"outcome": "yes"})["Location"] == address("find", drawn.pk)
    reply = Reply.objects.get()
    assert (reply.features, reply.unavailable) == ({"genre": "femme", "âge": "60+"}, ["9 janvier 2027"])
    again = client.post(found["Location"], REPLY | {"outcome": "yes"}, follow=True)
    assert "warning" in again.content.decode()
    assert Reply.objects.count() == 1
    assert 'value="again"' in client.get(found["Location"]).content.decode()
    client.post(found["Location"], {"outcome": "again"})
    assert not Reply.objects.exists()


def test_call_without_a_reply_is_noted(
    opens: Opens, drawn: Recruitment, paul: Person, invitation: Invitation
) -> None:
    client = opens(paul)
    client.post(address("reply", drawn.pk, invitation.number), {"outcome": "unreachable"})
    client.post(address("reply", drawn.pk, invitation.number), {"outcome": "nonsense"})
    invitation.refresh_from_db()
    assert (invitation.state, invitation.calls) == ("unreachable", 1)


def test_several_found_are_listed(opens: Opens, drawn: Recruitment, paul: Person) -> None:
    page = opens(paul).post(address("find", drawn.pk), {"q": "cachee"}).content.decode()
    assert page.count('<li><a href="/recrutements/') == 20
    assert opens(paul).post(address("find", drawn.pk), {"q": "nobody of this name"}).status_code == 200


def test_file_of_replies_is_taken_or_told(facilitator: Client, drawn: Recruitment) -> None:
    good = SimpleUploadedFile("r.csv", "number,genre,âge\n1,femme,60+\n".encode())
    bad = SimpleUploadedFile("r.csv", "number,genre,âge\n2,autre,60+\n".encode())
    assert facilitator.post(address("replies", drawn.pk), {"replies": good}).status_code == 302
    refused = facilitator.post(address("replies", drawn.pk), {"replies": bad})
    assert refused.status_code == 422
    assert 'id="faults"' in refused.content.decode()
    assert (
        facilitator.post(address("replies", drawn.pk), {"replies": SimpleUploadedFile("r", b"")}).status_code
        == 422
    )
    assert Reply.objects.count() == 1


def test_calls_are_exported_without_codes(facilitator: Client, drawn: Recruitment) -> None:
    data = facilitator.post(address("calls", drawn.pk)).content.decode()
    assert data.startswith("number,name,phone,stratum,calls\r\n")


def test_erased_from_the_page_with_agreement(facilitator: Client, drawn: Recruitment) -> None:
    assert facilitator.post(address("purge", drawn.pk)).status_code == 422
    facilitator.post(address("purge", drawn.pk), {"agreed": "on"})
    assert Recruitment.objects.get().is_purged
    page = facilitator.get(address("counts", drawn.pk))
    assert page.status_code == 200
    assert Client().get(address("notice", drawn.pk)).status_code == 200


def test_guarantor_checks_the_draw(opens: Opens, drawn: Recruitment, esther: Person) -> None:
    page = opens(esther).post(address("verify", drawn.pk)).content.decode()
    assert page.count("notice success") == 2
    listed = b"".join(opens(esther).get(address("hashes", drawn.pk))).decode().splitlines()
    assert len(listed) == 121
    assert sum('"drawn":true' in line for line in listed) == 30


def test_invited_person_says_yes_with_the_code(codes: dict[int, str]) -> None:
    client, code = Client(), next(iter(codes.values()))
    assert client.get(reverse("invitation:code")).status_code == 200
    page = client.post(reverse("invitation:code"), {"code": code.lower()}).content.decode()
    for words in ("Listes électorales", "dpo@ville.example", "femme", "9 janvier 2027"):
        assert words in page
    assert "SECRET" not in page  # whoever finds a letter learns no more than it says
    form = REPLY | {"code": code, "outcome": "yes"}
    assert client.post(reverse("invitation:answer"), form | {"feature_1": ""}).status_code == 422
    done = client.post(reverse("invitation:answer"), form, follow=True)
    assert done.status_code == 200
    assert Reply.objects.get().channel == "code"
    again = client.post(reverse("invitation:answer"), form)
    assert again.status_code == 422
    assert Reply.objects.count() == 1


def test_unknown_and_used_codes_are_answered_alike(codes: dict[int, str]) -> None:
    used, fresh = list(codes.values())[:2]
    recruiting.reply_by_code(code=used, answers=make_answers())
    answers = []
    for typed in (used, "0000-0000-0000", "AAAA"):
        client = Client()
        page = client.post(reverse("invitation:code"), {"code": typed})
        words = page.content.decode().replace(typed, "").split('name="csrfmiddlewaretoken"')
        answers.append((page.status_code, [part.partition(">")[2] for part in words]))
    assert answers[0] == answers[1] == answers[2]
    assert Client().post(reverse("invitation:code"), {"code": fresh}).status_code == 200


@pytest.mark.parametrize(
    ("outcome", "state", "said"), [("decline", "declined", "non"), ("stop", "opted_out", "stop")]
)
def test_invited_person_says_no(codes: dict[int, str], outcome: str, state: str, said: str) -> None:
    number, code = next(iter(codes.items()))
    done = Client().post(reverse("invitation:answer"), {"code": code, "outcome": outcome})
    assert done["Location"] == reverse("invitation:thanks", args=[said])
    assert Client().get(done["Location"]).status_code == 200
    assert Invitation.objects.get(number=number).state == state
    assert Client().get(reverse("invitation:thanks", args=["nonsense"])).status_code == 404


def test_codes_are_not_tried_without_end(codes: dict[int, str], settings: Settings) -> None:
    settings.TRIES = settings.TRIES | {"invitation": (3, 600), "invitation_all": (5, 600)}
    code = next(iter(codes.values()))

    def guess(typed: str, host: str) -> int:
        where = reverse("invitation:code")
        return Client().post(where, {"code": typed}, REMOTE_ADDR=host).status_code

    assert [guess("0000-0000-0000", "192.0.2.1") for _ in range(4)] == [422, 422, 422, 429]
    # Past the limit even the right code opens nothing, so that nothing is learned.
    assert guess(code, "192.0.2.1") == 429
    assert guess(code, "192.0.2.2") == 200
    assert guess("0000-0000-0000", "192.0.2.3") == 422
    assert guess("0000-0000-0000", "192.0.2.4") == 429  # everybody together
    caches["memory"].clear()
    answer = {"code": "0000-0000-0000", "outcome": "yes"}
    tries = [Client().post(reverse("invitation:answer"), answer).status_code for _ in range(4)]
    assert tries == [422, 422, 422, 429]
