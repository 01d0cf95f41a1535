"""The sessions: planned, edited by two, attended, told; and who reads what of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Convention, Member, Session
from antigone.convention.views.markdown import write_html
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.convention.conftest import Opens

MORNING = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)


def plan(convention: Convention, by: Person, **said: Any) -> Session:
    words = {
        "title": "Premier week-end",
        "starts_at": MORNING,
        "ends_at": MORNING + timedelta(days=1, hours=8),
        "practical": "Entrée SECRET-cour",
        **said,
    }
    return actions.plan_session(convention=convention, by=by, **words)


@pytest.fixture
def session(convention: Convention, alice: Person) -> Session:
    return plan(convention, alice)


def place(session: Session, rest: str = "") -> str:
    return f"/conventions/{session.convention.slug}/sessions/{session.number}/{rest}"


def typed(session: Session, **said: Any) -> dict[str, Any]:
    return {
        "title": session.title,
        "starts_at": "2030-03-01T09:00",
        "ends_at": "2030-03-02T17:00",
        "place": "",
        "practical": "",
        "version": session.version,
        **said,
    }


def test_plans_on_a_page_and_warns_below_four_days(
    convention: Convention, opens: Opens, alice: Person, farid: Person
) -> None:
    address = f"/conventions/{convention.slug}/sessions/nouvelle/"
    said = {"title": "Un", "starts_at": "2030-03-01T09:00", "ends_at": "2030-03-02T17:00"}
    page = opens(alice).post(address, said, follow=True).content.decode()
    assert "OCDE" in page or "OECD" in page
    assert convention.sessions.get().days == 2
    assert opens(farid).post(address, said).status_code == 404
    assert opens(alice).post(address, {**said, "ends_at": "2030-03-01T08:00"}).status_code == 422


def test_ends_after_it_begins(convention: Convention, alice: Person) -> None:
    with pytest.raises(WrongInput):
        plan(convention, alice, ends_at=MORNING)


def test_the_second_to_save_loses_nothing(session: Session, opens: Opens, alice: Person) -> None:
    address = place(session, "modifier/")
    assert opens(alice).post(address, typed(session, title="De la première")).status_code == 302
    answer = opens(alice).post(address, typed(session, title="De la seconde"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "De la première" in page
    assert "De la seconde" in page
    assert opens(alice).post(address, typed(session, title="Des deux", version=2)).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.version) == ("Des deux", 3)


def test_minutes_conflict_too(session: Session, opens: Opens, alice: Person) -> None:
    address = place(session, "compte-rendu/")
    opens(alice).post(address, {"minutes": "Les uns", "version": 1})
    answer = opens(alice).post(address, {"minutes": "Les autres", "version": 1, "action": "publish"})
    assert answer.status_code == 409
    assert "Les uns" in answer.content.decode()
    assert "Les autres" in answer.content.decode()
    session.refresh_from_db()
    assert session.minutes_published_at is None


def test_each_part_is_read_by_whom_it_is_for(
    session: Session, opens: Opens, alice: Person, bob: Person, bob_member: Member, esther: Person
) -> None:
    actions.add_agenda_item(session=session, starts_at=MORNING, title="SECRET-accueil", by=alice)
    actions.write_minutes(session=session, minutes="SECRET-minutes", recording="", version=1, by=alice)
    public = opens(None).get(place(session)).content.decode()
    assert "SECRET-" not in public
    own = opens(bob).get(place(session)).content.decode()
    assert "SECRET-cour" in own
    assert "SECRET-minutes" not in own
    team = opens(esther).get(place(session)).content.decode()
    assert all(word in team for word in ("SECRET-cour", "SECRET-minutes", "SECRET-accueil"))
    actions.publish_agenda(session=session, by=alice)
    actions.publish_minutes(session=session, by=alice)
    public = opens(None).get(place(session)).content.decode()
    assert "SECRET-minutes" in public
    assert "SECRET-accueil" in public
    assert "SECRET-cour" not in public


def test_an_empty_agenda_or_minutes_are_not_published(session: Session, alice: Person) -> None:
    with pytest.raises(NotPossible):
        actions.publish_agenda(session=session, by=alice)
    with pytest.raises(NotPossible):
        actions.publish_minutes(session=session, by=alice)


def test_minutes_hold_no_markup_of_their_own() -> None:
    html = write_html(
        "# T\n\n<script>x</script> [a](javascript:alert(1)) ![i](https://x.example/i.png)\n\n|a|\n|-|\n|b|"
    )
    assert "<script" not in html
    assert 'javascript:alert(1)"' not in html
    assert "<img" not in html
    assert "<h3>T</h3>" in html
    assert "<td>b</td>" in html


def test_attendance_is_noted_on_one_sheet(
    session: Session, opens: Opens, alice: Person, esther: Person
) -> None:
    sheet = place(session, "presences/")
    assert "SECRET-Nom-1" in opens(alice).get(sheet).content.decode()
    assert opens(esther).get(sheet).status_code == 404
    sent = {f"seat-{number}": "present" for number in range(1, 9)} | {"seat-9": "excused"}
    assert opens(alice).post(sheet, sent).status_code == 302
    assert opens(alice).post(sheet, {"seat-8": "absent", "seat-99": "present"}).status_code == 302
    states = dict(session.attendances.values_list("member__number", "state"))
    assert states == dict.fromkeys(range(1, 8), "present") | {8: "absent", 9: "excused"}
    assert opens(alice).post(sheet, {"seat-1": "asleep"}).status_code == 422
    page = opens(None).get(f"/conventions/{session.convention.slug}/membres/").content.decode()
    assert "78" in page


def test_only_facilitators_write(session: Session, farid: Person, esther: Person) -> None:
    for by in (farid, esther):
        with pytest.raises(NotAllowed):
            plan(session.convention, by)
        with pytest.raises(NotAllowed):
            actions.record_attendance(session=session, states={1: "present"}, by=by)
        with pytest.raises(NotAllowed):
            actions.add_agenda_item(session=session, starts_at=MORNING, title="A", by=by)


def test_agenda_on_pages(session: Session, opens: Opens, alice: Person) -> None:
    address = place(session, "ordre-du-jour/")
    said = {"starts_at": "2030-03-01T09:30", "title": "Accueil"}
    assert opens(alice).post(address, said).status_code == 302
    item = session.agenda.get()
    assert opens(alice).post(f"{address}changer/", {"remove": "x"}).status_code == 404
    assert opens(alice).post(f"{address}changer/", {"action": "publish"}).status_code == 302
    assert "Accueil" in opens(None).get(place(session)).content.decode()
    assert opens(alice).post(f"{address}changer/", {"remove": str(item.pk)}).status_code == 302
    assert not session.agenda.exists()


def test_unknown_sessions_are_not_there(session: Session, opens: Opens) -> None:
    for number in ("99", "9" * 30):
        address = f"/conventions/{session.convention.slug}/sessions/{number}/"
        assert opens(None).get(address).status_code == 404


def test_observations_stand_until_and_after_their_instant(
    session: Session, opens: Opens, alice: Person, esther: Person, bob: Person, bob_member: Member
) -> None:
    convention = session.convention
    address = f"/conventions/{convention.slug}/observations/"
    actions.write_observation(
        convention=convention,
        text="SECRET-plus-tard",
        by=esther,
        public_from=timezone.now() + timedelta(days=3),
        session=session,
    )
    assert opens(esther).post(address, {"text": "Tout va bien."}).status_code == 302
    for reader in (None, alice, bob):
        for page in (address, place(session)):
            assert "SECRET-plus-tard" not in opens(reader).get(page).content.decode()
        assert "Tout va bien." in opens(reader).get(address).content.decode()
    assert "SECRET-plus-tard" in opens(esther).get(address).content.decode()
    assert "SECRET-plus-tard" in opens(esther).get(place(session)).content.decode()
    convention.observations.update(public_from=timezone.now())
    assert "SECRET-plus-tard" in opens(None).get(address).content.decode()
    assert opens(alice).post(address, {"text": "Moi aussi"}).status_code == 404
    with pytest.raises(NotAllowed):
        actions.write_observation(convention=convention, text="Moi aussi", by=alice)
