"""A consultation from its first word to its end: who may lead it, what is refused, what stands in public."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.consultations import (
    choose_matrix,
    close_consultation,
    create_consultation,
    list_missing,
    publish_consultation,
    reopen_consultation,
    save_consultation,
)
from antigone.consultation.actions.team import dismiss_moderator, name_moderator
from antigone.consultation.models import Choice, Consultation, Moderator, Participant, State
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.web.templatetags.web import day
from tests.consultation.conftest import Opens

TODAY = timezone.localdate()
TEXTS = {
    "title": "Vivre ici demain",
    "question": "Que faut-il changer ?",
    "context": "Le plan se prépare.",
    "asked_by": "Le conseil",
    "use": "Le conseil répond en public.",
    "opens_date": TODAY,
    "closes_date": TODAY + timedelta(days=10),
    "moderation": "before",
    "door": "open",
    "takes_statements": True,
    "statement_length": 140,
    "statements_each": 10,
    "visit_cap": 30,
}
TEAM = "/consultations/vivre-ici/equipe/"


@pytest.fixture
def draft(alice: Person) -> Consultation:
    return create_consultation(texts=TEXTS, by=alice)


def save(consultation: Consultation, by: Person, *, reason: str = "", **changed: Any) -> Consultation:
    return save_consultation(
        consultation=consultation,
        texts=changed,
        version=Consultation.objects.get(pk=consultation.pk).version,
        reason=reason,
        by=by,
        now=timezone.now(),
    )


def send(client: Client, address: str, **changed: Any) -> Any:
    form = {name: value for name, value in TEXTS.items() if value is not False}
    return client.post(address, {**form, "version": "1", **changed})


def test_facilitator_begins_writes_and_publishes(alice: Person, opens: Opens) -> None:
    client = opens(alice)
    assert client.post("/consultations/nouvelle/", {"title": ""}).status_code == 422
    answer = send(client, "/consultations/nouvelle/", question="", use="")
    assert answer.url == "/consultations/vivre-ici-demain/equipe/"
    draft = Consultation.objects.get()
    assert opens(None).get("/consultations/vivre-ici-demain/").status_code == 404
    assert "vivre-ici-demain" not in opens(None).get("/consultations/").text
    refused = client.post(f"{answer.url}publier/")
    assert refused.status_code == 409
    assert send(client, f"{answer.url}texte/").status_code == 302
    assert client.post(f"{answer.url}publier/").status_code == 302
    draft.refresh_from_db()
    assert draft.find_state(TODAY) == State.OPEN
    assert "Que faut-il changer" in opens(None).get("/consultations/").text
    assert "Que faut-il changer" in opens(None).get("/").text


def test_what_is_missing_is_said(draft: Consultation, alice: Person) -> None:
    assert list_missing(draft) == []
    save(draft, alice, use="", closes_date=None)
    with pytest.raises(NotPossible, match="ce qui en sera fait, dernier jour"):
        publish_consultation(consultation=draft, by=alice, now=timezone.now())


def test_addresses_are_unique_and_never_those_of_pages(draft: Consultation, alice: Person) -> None:
    assert create_consultation(texts=TEXTS, by=alice).slug == "vivre-ici-demain-2"
    for title in ("Nouvelle", "Importer"):
        assert create_consultation(texts={**TEXTS, "title": title}, by=alice).slug.endswith("-2")


def test_two_people_do_not_overwrite_each_other(draft: Consultation, alice: Person, opens: Opens) -> None:
    save(draft, alice, question="Et maintenant ?")
    answer = send(opens(alice), "/consultations/vivre-ici-demain/equipe/texte/", question="La mienne")
    assert answer.status_code == 409
    assert "Et maintenant ?" in answer.text
    assert "La mienne" in answer.text
    draft.refresh_from_db()
    assert draft.question == "Et maintenant ?"


def test_published_texts_change_in_public(consultation: Consultation, alice: Person, opens: Opens) -> None:
    with pytest.raises(WrongInput):
        save(consultation, alice, question="Autre chose ?")
    save(consultation, alice, reason="On ne comprenait pas.", question="Autre chose ?", visit_cap=5)
    assert [(one.kind, one.after) for one in Choice.objects.order_by("kind")] == [
        ("rules", "5"), ("text", "Autre chose ?"),
    ]  # fmt: skip
    page = opens(None).get("/consultations/vivre-ici/").text
    assert "On ne comprenait pas." in page
    assert "Qu’est-ce qui rendrait la vie meilleure" in page


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"closes_date": TODAY - timedelta(days=1)}, "last_day_past"),
        ({"opens_date": TODAY}, "already_open"),
        ({"use": ""}, "consultation_incomplete"),
    ],
)
def test_public_changes_that_break_a_promise_are_refused(
    consultation: Consultation, alice: Person, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(NotPossible) as refused:
        save(consultation, alice, reason="Il le faut.", **changed)
    assert refused.value.code == code
    assert not Choice.objects.exists()


def test_door_changes_no_more_once_people_came_in(
    consultation: Consultation, camps: list[Participant], alice: Person
) -> None:
    with pytest.raises(NotPossible) as refused:
        save(consultation, alice, reason="Mieux.", door="code")
    assert refused.value.code == "door_used"


def test_it_closes_and_opens_again_for_reasons(
    consultation: Consultation, alice: Person, opens: Opens
) -> None:
    client = opens(alice)
    assert client.post(f"{TEAM}clore/", {"reason": ""}).status_code == 422
    assert client.post(f"{TEAM}clore/", {"reason": "L’élection approche."}).status_code == 302
    consultation.refresh_from_db()
    assert consultation.find_state(TODAY) == State.CLOSED
    with pytest.raises(NotPossible):
        close_consultation(consultation=consultation, reason="Encore", by=alice, now=timezone.now())
    past = {"reason": "Trop court.", "closes_date": f"{TODAY - timedelta(days=1):%Y-%m-%d}"}
    assert client.post(f"{TEAM}rouvrir/", past).status_code == 409
    again = {"reason": "Trop court.", "closes_date": f"{TODAY + timedelta(days=3):%Y-%m-%d}"}
    assert client.post(f"{TEAM}rouvrir/", again).status_code == 302
    consultation.refresh_from_db()
    assert consultation.find_state(TODAY) == State.OPEN
    assert [one.kind for one in Choice.objects.order_by("pk")] == ["close", "reopen"]
    with pytest.raises(NotPossible):
        reopen_consultation(
            consultation=consultation, closes_date=TODAY, reason="Encore", by=alice, now=timezone.now()
        )


def test_matrix_is_an_explicit_choice(consultation: Consultation, alice: Person, opens: Opens) -> None:
    client = opens(alice)
    assert client.post(f"{TEAM}matrice/", {"reason": " ", "publishes": "yes"}).status_code == 422
    for _twice in range(2):  # a form sent twice wants the same
        client.post(f"{TEAM}matrice/", {"reason": "Des chercheurs le demandent.", "publishes": "yes"})
    consultation.refresh_from_db()
    assert consultation.publishes_matrix
    assert "Des chercheurs le demandent." in opens(None).get("/consultations/vivre-ici/").text
    choose_matrix(
        consultation=consultation, publishes=False, reason="Trop risqué.", by=alice, now=timezone.now()
    )
    consultation.refresh_from_db()
    assert not consultation.publishes_matrix
    assert Choice.objects.filter(kind="matrix").count() == 2


def test_moderators_are_named_and_dismissed(
    consultation: Consultation, alice: Person, ines: Person, esther: Person, farid: Person, opens: Opens
) -> None:
    now = timezone.now()
    named = name_moderator(consultation=consultation, email=" INES@ville.example", by=alice, now=now)
    assert named.person == ines
    # One sentence for every reason: nobody learns who has an account.
    sentences = set()
    for email in ("ines@ville.example", esther.email, farid.email, alice.email, "personne@nulle.example"):
        with pytest.raises(NotPossible) as refused:
            name_moderator(consultation=consultation, email=email, by=alice, now=now)
        sentences.add(str(refused.value))
    assert len(sentences) == 1
    assert opens(ines).get("/consultations/vivre-ici/moderation/file/").status_code == 200
    dismiss_moderator(consultation=consultation, moderator=named, by=alice)
    assert opens(ines).get("/consultations/vivre-ici/moderation/file/").status_code == 404


ACTIONS: list[Callable[[Consultation, Person], object]] = [
    lambda one, by: save(one, by, reason="Non", title="Non"),
    lambda one, by: publish_consultation(consultation=one, by=by, now=timezone.now()),
    lambda one, by: close_consultation(consultation=one, reason="Non", by=by, now=timezone.now()),
    lambda one, by: reopen_consultation(
        consultation=one, closes_date=TODAY, reason="Non", by=by, now=timezone.now()
    ),
    lambda one, by: choose_matrix(consultation=one, publishes=True, reason="Non", by=by, now=timezone.now()),
    lambda one, by: name_moderator(consultation=one, email="x@y.example", by=by, now=timezone.now()),
    lambda one, by: dismiss_moderator(consultation=one, moderator=one.moderators.get(), by=by),
]


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_else_leads(
    consultation: Consultation,
    chloe: Person,
    esther: Person,
    farid: Person,
    marc: Person,
    olivia: Person,
    action: Callable[[Consultation, Person], object],
) -> None:
    for person in (chloe, esther, farid, marc, olivia):
        with pytest.raises(NotAllowed):
            action(consultation, person)
    assert Moderator.objects.count() == 1
    assert not Choice.objects.exists()


def test_only_facilitators_begin_one(
    chloe: Person, esther: Person, farid: Person, olivia: Person, opens: Opens
) -> None:
    for person in (chloe, esther, farid, olivia):
        assert opens(person).get("/consultations/nouvelle/").status_code == 404
        with pytest.raises(NotAllowed):
            create_consultation(texts=TEXTS, by=person)
    assert opens(None).get("/consultations/nouvelle/").status_code == 302


def test_team_page_is_for_the_team_and_guarantors(
    consultation: Consultation,
    alice: Person,
    chloe: Person,
    esther: Person,
    farid: Person,
    marc: Person,
    olivia: Person,
    opens: Opens,
) -> None:
    for person in (alice, chloe, esther):
        page = opens(person).get(TEAM)
        assert page.status_code == 200
        assert ("equipe/clore/" in page.text) == (person == alice)
    for other in (farid, marc, olivia):
        assert opens(other).get(TEAM).status_code == 404
    assert opens(None).get(TEAM).status_code == 302


def test_front_page_says_where_it_is(consultation: Consultation, alice: Person, opens: Opens) -> None:
    address = "/consultations/vivre-ici/"
    assert "Encore 20" in opens(None).get(address).text
    consultation.closes_date = TODAY
    consultation.save(update_fields=["closes_date"])
    assert "Dernier jour" in opens(None).get(address).text
    close_consultation(consultation=consultation, reason="Fini.", by=alice, now=timezone.now())
    page = opens(None).get(address).text
    assert "Fini." in page


def test_announced_days_stay_in_the_future_and_in_order(consultation: Consultation, alice: Person) -> None:
    consultation.opens_date = TODAY + timedelta(days=5)
    consultation.save(update_fields=["opens_date"])
    for changed, code in (
        ({"opens_date": TODAY - timedelta(days=100)}, "first_day_past"),
        ({"closes_date": TODAY + timedelta(days=2)}, "last_day_past"),
    ):
        with pytest.raises(NotPossible) as refused:
            save(consultation, alice, reason="Il le faut.", **changed)
        assert refused.value.code == code
    close_consultation(consultation=consultation, reason="Trop tôt.", by=alice, now=timezone.now())
    with pytest.raises(NotPossible) as refused:
        reopen_consultation(
            consultation=consultation, closes_date=TODAY, reason="Si.", by=alice, now=timezone.now()
        )
    assert refused.value.code == "last_day_past"


def test_form_read_before_a_reopening_undoes_nothing(consultation: Consultation, alice: Person) -> None:
    close_consultation(consultation=consultation, reason="Fini.", by=alice, now=timezone.now())
    reopen_consultation(
        consultation=consultation,
        closes_date=TODAY + timedelta(days=60),
        reason="Encore.",
        by=alice,
        now=timezone.now(),
    )
    with pytest.raises(NotPossible) as refused:
        save_consultation(
            consultation=consultation,
            texts={"closes_date": consultation.closes_date},
            version=consultation.version,
            reason="Vieux formulaire.",
            by=alice,
            now=timezone.now(),
        )
    assert refused.value.code == "consultation_changed_meanwhile"


def test_public_changes_are_said_in_the_language_of_the_page(
    consultation: Consultation, alice: Person, opens: Opens
) -> None:
    save(consultation, alice, reason="Mieux.", moderation="after", takes_statements=False)
    page = opens(None).get("/consultations/vivre-ici/").text
    assert "Montrées aussitôt" in page
    assert ">non<" in page.replace(" ", "")
    close_consultation(consultation=consultation, reason="Fini.", by=alice, now=timezone.now())
    listed = opens(None).get("/consultations/").text
    assert f"Close depuis le {day(TODAY)}" in listed.replace("&nbsp;", "\xa0")
