"""What is unusual is written down once, shown to everybody without who, and decided on in public."""

from datetime import timedelta

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.suspicions import decide_suspicion, spot, spot_suspicions
from antigone.consultation.drawing import refresh_picture
from antigone.consultation.models import Choice, Consultation, Participant, Suspicion
from antigone.errors import NotAllowed, WrongInput
from tests.consultation.conftest import Opens
from tests.consultation.town import add_votes

PATH = "/consultations/vivre-ici/soupcons/"
ROW = [1, -1, 1, -1, 1, -1, 1, -1]


@pytest.fixture
def burst(consultation: Consultation) -> Suspicion:
    """Twenty-four newcomers of one network at once."""
    add_votes(consultation, [ROW] * 24, network="n1")
    (found,) = spot(consultation, timezone.now())
    return found


def test_burst_is_written_down_once_and_grows(burst: Suspicion, consultation: Consultation) -> None:
    assert (burst.kind, burst.participants.count()) == ("burst", 24)
    assert spot(consultation, timezone.now()) == []
    add_votes(consultation, [ROW], network="n1")
    assert [one.pk for one in spot(consultation, timezone.now())] == [burst.pk]
    assert burst.participants.count() == 25


def test_newcomers_after_a_decision_are_another_suspicion(
    burst: Suspicion, consultation: Consultation, alice: Person
) -> None:
    now = timezone.now()
    decide_suspicion(suspicion=burst, state="cleared", reason="Une classe.", by=alice, now=now)
    assert spot(consultation, now) == []
    late = add_votes(consultation, [ROW] * 2, network="n1")
    Participant.objects.filter(pk__in=[one.pk for one in late]).update(joined_at=burst.first_at)
    (other,) = spot(consultation, now)
    assert (other.state, other.participants.count()) == ("open", 2)


def test_votes_entered_from_paper_raise_no_alarm(consultation: Consultation) -> None:
    people = add_votes(consultation, [ROW] * 30, network="n1")
    Participant.objects.filter(pk__in=[one.pk for one in people]).update(channel="paper")
    assert spot(consultation, timezone.now()) == []


def test_background_looks_where_there_are_new_votes(consultation: Consultation) -> None:
    add_votes(consultation, [ROW] * 24, network="n1")
    spot_suspicions(timezone.now())
    assert Suspicion.objects.count() == 1
    spot_suspicions(timezone.now())
    assert Suspicion.objects.count() == 1


def test_decision_is_public_and_can_be_decided_again(burst: Suspicion, alice: Person, opens: Opens) -> None:
    client = opens(alice)
    assert client.post(f"{PATH}{burst.pk}/", {"state": "set_apart", "reason": ""}).status_code == 422
    answer = client.post(f"{PATH}{burst.pk}/", {"state": "set_apart", "reason": "Un automate."})
    assert answer.status_code == 302
    page = opens(None).get(PATH).text
    assert "Un automate." in page
    assert "24" in page
    assert "n1" not in page
    client.post(f"{PATH}{burst.pk}/", {"state": "cleared", "reason": "Une classe de lycée."})
    assert "Une classe de lycée." in opens(None).get(PATH).text
    assert [one.reason for one in Choice.objects.order_by("pk")] == ["Un automate.", "Une classe de lycée."]
    assert (
        "Beaucoup de nouveaux à la fois – Rien d’inhabituel"
        in opens(None).get("/consultations/vivre-ici/").text
    )


def test_results_follow_without_those_set_apart(
    burst: Suspicion, consultation: Consultation, camps: list[Participant], alice: Person
) -> None:
    picture = refresh_picture(consultation, timezone.now())
    assert picture.figures["looked_at"] == 24
    assert picture.figures["apart"]["participation"]["participants"] == len(camps)
    decide_suspicion(suspicion=burst, state="cleared", reason="Une classe.", by=alice, now=timezone.now())
    picture = refresh_picture(consultation, timezone.now())
    assert (picture.figures["looked_at"], picture.figures["apart"]) == (0, None)


def test_few_are_not_counted_in_public(burst: Suspicion, opens: Opens) -> None:
    burst.participants.set(list(burst.participants.all())[:3])
    page = opens(None).get(PATH).text
    assert "moins de cinq participants" in page


def test_only_who_leads_decides(
    burst: Suspicion, chloe: Person, esther: Person, marc: Person, olivia: Person, opens: Opens
) -> None:
    for person in (chloe, esther, marc, olivia):
        with pytest.raises(NotAllowed):
            decide_suspicion(suspicion=burst, state="cleared", reason="Non", by=person, now=timezone.now())
        assert opens(person).get(f"{PATH}{burst.pk}/").status_code == 404
    assert opens(None).get(f"{PATH}{burst.pk}/").status_code == 302


def test_decision_is_one_of_two(burst: Suspicion, alice: Person) -> None:
    with pytest.raises(WrongInput):
        decide_suspicion(suspicion=burst, state="open", reason="Encore", by=alice, now=timezone.now())
    burst.refresh_from_db()
    assert burst.state == "open"
    assert burst.first_at <= burst.last_at <= timezone.now() + timedelta(seconds=1)
