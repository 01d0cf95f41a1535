"""A convention begins, its people are appointed, its mandate is published and then corrected in public only."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from antigone.accounts.models import Person
from antigone.convention import actions, rules
from antigone.convention.checklist import ESSENTIALS
from antigone.convention.forms.conventions import MandateForm
from antigone.convention.models import Ballot, Convention, Phase, Proposal, Theme
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens, move_to


def test_the_one_who_begins_facilitates(prepared: Convention, alice: Person, ahmed: Person) -> None:
    assert rules.can_facilitate(alice, prepared)
    assert not rules.can_facilitate(ahmed, prepared)


def test_only_a_facilitator_with_an_organisation_begins(farid: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.create_convention(title="A", question="B ?", commissioner="C", by=farid)


def test_a_title_taken_gets_another_address(prepared: Convention, alice: Person) -> None:
    again = actions.create_convention(title=prepared.title, question="B ?", commissioner="C", by=alice)
    assert again.slug == f"{prepared.slug}-2"


@pytest.mark.parametrize("role", ["facilitator", "guarantor", "elected_official"])
def test_nobody_has_two_parts(prepared: Convention, alice: Person, esther: Person, role: str) -> None:
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=esther, role=role, by=alice)


def test_who_runs_the_machine_has_no_part(prepared: Convention, alice: Person, olivia: Person) -> None:
    with pytest.raises(NotPossible):
        actions.appoint(convention=prepared, person=olivia, role="expert", by=alice)


def test_only_its_facilitators_appoint(prepared: Convention, ahmed: Person, marc: Person) -> None:
    with pytest.raises(NotAllowed):
        actions.appoint(convention=prepared, person=marc, role="facilitator", by=ahmed)


def test_what_is_not_public_is_not_there(
    prepared: Convention, opens: Opens, alice: Person, marc: Person
) -> None:
    address = f"/conventions/{prepared.slug}/"
    assert opens(alice).get(address).status_code == 200
    assert opens(marc).get(address).status_code == 404
    assert opens(None).get(address).status_code == 404


def publish(convention: Convention, alice: Person) -> Convention:
    return actions.publish_mandate(convention=convention, by=alice)


@pytest.mark.parametrize("name", sorted(ESSENTIALS))
def test_a_mandate_that_lacks_something_is_not_published(
    prepared: Convention, alice: Person, name: str
) -> None:
    setattr(prepared, name, None if name.endswith("date") or name == "budget" else "")
    prepared.save()
    with pytest.raises(NotPossible, match="without") as caught:
        publish(prepared, alice)
    assert str(ESSENTIALS[name]) in str(caught.value)


@pytest.mark.parametrize("role", ["guarantor", "elected_official"])
def test_a_mandate_without_its_guarantor_or_official_is_not_published(
    prepared: Convention, alice: Person, role: str
) -> None:
    prepared.appointments.get(role=role).delete()
    with pytest.raises(NotPossible):
        publish(prepared, alice)


def test_days_out_of_order_are_not_published(prepared: Convention, alice: Person) -> None:
    prepared.starts_date, prepared.answers_due_date = date(2030, 1, 2), date(2020, 1, 1)
    prepared.save()
    with override("en"), pytest.raises(NotPossible, match="not before the first"):
        publish(prepared, alice)


def test_publishing_is_once_and_for_everybody(prepared: Convention, alice: Person, opens: Opens) -> None:
    publish(prepared, alice)
    assert opens(None).get(f"/conventions/{prepared.slug}/").status_code == 200
    with pytest.raises(NotPossible):
        publish(prepared, alice)


def test_a_published_mandate_is_corrected_in_public_only(prepared: Convention, alice: Person) -> None:
    published = publish(prepared, alice)
    change = {"budget": Decimal(50_000), "funding": prepared.funding}
    with pytest.raises(NotPossible):
        actions.save_mandate(convention=published, mandate=change, version=published.version, by=alice)
    with pytest.raises(WrongInput):
        actions.correct_mandate(
            convention=published, mandate=change, reason=" ", version=published.version, by=alice
        )
    changes = actions.correct_mandate(
        convention=published, mandate=change, reason="Une baisse", version=published.version, by=alice
    )
    assert [(one.field, one.before, one.after) for one in changes] == [("budget", "90000.00", "50000")]


def test_a_correction_takes_nothing_essential_away(prepared: Convention, alice: Person) -> None:
    published = publish(prepared, alice)
    with pytest.raises(NotPossible):
        actions.correct_mandate(
            convention=published, mandate={"commitment": ""}, reason="Non", version=1, by=alice
        )
    assert not published.mandate_changes.exists()


@pytest.mark.parametrize(("days", "phase", "is_taken"), [
    (1, Phase.DELIBERATION, True), (1, Phase.ANSWERS, False), (1, Phase.FOLLOW_UP, False), (-1, Phase.ANSWERS, True),
])  # fmt: skip
def test_the_date_of_the_answers_never_moves_away_once_the_avis_is_delivered(
    prepared: Convention, alice: Person, days: int, phase: Phase, is_taken: bool
) -> None:
    convention = move_to(prepared, phase)
    assert convention.answers_due_date
    change = {"answers_due_date": convention.answers_due_date + timedelta(days=days)}
    given = {"convention": convention, "mandate": change, "reason": "Un motif", "version": 1, "by": alice}
    if is_taken:
        assert len(actions.correct_mandate(**given)) == 1  # type: ignore[arg-type]
    else:
        with pytest.raises(NotPossible) as caught:
            actions.correct_mandate(**given)  # type: ignore[arg-type]
        assert caught.value.code == "answers_promised"


def test_the_vote_rule_stays_once_members_voted(convention: Convention, alice: Person) -> None:
    theme = Theme.objects.create(convention=convention, title="T", position=1)
    proposal = Proposal.objects.create(convention=convention, theme=theme, number=1, title="P")
    Ballot.objects.create(
        convention=convention, proposal=proposal, number=1, mode="hands", members=10, threshold=50, quorum=50,
        opened_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(NotPossible) as caught:
        actions.correct_mandate(
            convention=convention, mandate={"vote_threshold": 10}, reason="Pour gagner", version=1, by=alice
        )
    assert caught.value.code == "vote_rule_used"


def fill(convention: Convention, **changes: object) -> dict[str, object]:
    """Give what a browser sends back of the form, with what was changed in it."""
    form = MandateForm(instance=convention)
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**shown, **changes}.items()}


def test_a_title_is_enough_to_begin(alice: Person, opens: Opens) -> None:
    typed = {
        "title": "Eau", "seats": 40, "indemnity": 0, "vote_threshold": 50, "vote_quorum": 50, "language": "fr",
    }  # fmt: skip
    assert opens(alice).post("/conventions/nouvelle/", typed).status_code == 302
    begun = Convention.objects.get(title="Eau")
    assert not begun.is_public
    assert rules.can_facilitate(alice, begun)


def test_only_facilitators_begin(farid: Person, opens: Opens) -> None:
    assert opens(farid).get("/conventions/nouvelle/").status_code == 404
    assert opens(None).get("/conventions/nouvelle/").status_code == 302


def test_who_saves_second_loses_nothing(prepared: Convention, alice: Person, opens: Opens) -> None:
    address = f"/conventions/{prepared.slug}/mandat/"
    client = opens(alice)
    first = fill(prepared, commissioner="La maire")
    second = fill(prepared, commissioner="Le conseil")
    assert client.post(address, first).status_code == 302
    refused = client.post(address, second)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "La maire" in page
    assert "Le conseil" in page
    again = refused.context["form"].data
    assert client.post(address, again.dict()).status_code == 302
    prepared.refresh_from_db()
    assert prepared.commissioner == "Le conseil"


@pytest.mark.parametrize("wrong", [
    {"title": ""}, {"title": "x" * 201}, {"seats": 0}, {"seats": "beaucoup"}, {"budget": -1}, {"vote_threshold": 100},
    {"vote_quorum": 0}, {"starts_date": "2027-13-01"}, {"starts_date": "2027-02-02", "ends_date": "2027-02-01"},
    {"answers_due_date": "2020-01-01"}, {"language": "xx"}, {"question": "x" * 1_001}, {"budget": "1e400"},
])  # fmt: skip
def test_what_cannot_be_taken_is_said_and_kept_in_the_form(
    prepared: Convention, alice: Person, opens: Opens, wrong: dict[str, object]
) -> None:
    answer = opens(alice).post(f"/conventions/{prepared.slug}/mandat/", fill(prepared, **wrong))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Convention.objects.get(pk=prepared.pk).version == 1


def test_a_correction_is_read_by_everybody(prepared: Convention, alice: Person, opens: Opens) -> None:
    published = publish(prepared, alice)
    typed = fill(published, funding="La région <b>", reason="Un accord & une signature")
    assert opens(alice).post(f"/conventions/{prepared.slug}/mandat/", typed).status_code == 302
    page = opens(None).get(f"/conventions/{prepared.slug}/").content.decode()
    assert "La région &lt;b&gt;" in page
    assert "Budget de la ville" in page
    assert "Un accord &amp; une signature" in page


def test_publishing_an_incomplete_mandate_says_what_lacks(
    prepared: Convention, alice: Person, opens: Opens
) -> None:
    prepared.criteria = ""
    prepared.save()
    page = opens(alice).get(f"/conventions/{prepared.slug}/mandat/").content.decode()
    assert str(ESSENTIALS["criteria"]) in page
    assert opens(alice).post(f"/conventions/{prepared.slug}/mandat/publier/").status_code == 409
