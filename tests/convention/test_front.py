"""The front pages: what everybody reads first, what is late in red by itself, and in how many queries."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention.deadlines import count_days, tell_deadline
from antigone.convention.models import Convention, OfficialAnswer, Phase, Proposal, Theme
from tests.convention.conftest import Opens, move_to
from tests.convention.town import begin_convention

LIST = "/conventions/"


def adopt(convention: Convention, number: int, *, answered: bool) -> Proposal:
    theme, _new = Theme.objects.get_or_create(convention=convention, title="Thème", defaults={"position": 1})
    proposal = Proposal.objects.create(
        convention=convention, theme=theme, number=number, title=f"Proposition {number}", state="adopted"
    )
    if answered:
        now = timezone.now()
        OfficialAnswer.objects.create(
            proposal=proposal, status="accepted", reasons="Oui.", answerer="X", saved_at=now, published_at=now
        )
    return proposal


def set_due(convention: Convention, days: int) -> None:
    convention.answers_due_date = timezone.localdate() + timedelta(days=days)
    convention.save(update_fields=["answers_due_date"])


def test_a_visitor_reads_the_question_first(convention: Convention, opens: Opens) -> None:
    page = opens(None).get(f"{LIST}{convention.slug}/").content.decode()
    assert "Quelle intelligence artificielle au service des habitants" in page
    for shown in ("Conseil municipal", "Esther", "Fonction de Farid", "Âge, genre", "Budget de la ville"):
        assert shown in page
    assert "SECRET" not in page


@pytest.mark.parametrize(
    ("days", "answered", "is_late"),
    [(1, False, False), (0, False, False), (-1, False, True), (-1, True, False)],
)
def test_what_is_late_is_late_by_itself(
    convention: Convention, opens: Opens, days: int, answered: bool, is_late: bool
) -> None:
    move_to(convention, Phase.ANSWERS)
    set_due(convention, days)
    adopt(convention, 1, answered=answered)
    for address in (LIST, f"{LIST}{convention.slug}/"):
        page = opens(None).get(address).content.decode()
        assert (count_days(-1) in page) is is_late, address


def test_a_convention_that_never_reached_its_answers_is_late_too(convention: Convention) -> None:
    set_due(convention, -3)
    deadline = tell_deadline(convention, adopted=0, answered=0, today=timezone.localdate())
    assert deadline.is_late


def test_the_list_tells_drafts_to_their_team_alone(prepared: Convention, opens: Opens, marc: Person) -> None:
    alice = prepared.appointments.get(role="facilitator").person
    assert prepared.title in opens(alice).get(LIST).content.decode()
    for somebody in (marc, None):
        assert prepared.title not in opens(somebody).get(LIST).content.decode()


def test_the_front_pages_take_as_many_queries_for_thirty_as_for_three(
    convention: Convention, opens: Opens, alice: Person, esther: Person, farid: Person, jeanne: Person
) -> None:
    counted = []
    for number in (3, 30):
        for one in range(convention.proposals.count() + 1, number + 1):
            adopt(convention, one, answered=bool(one % 2))
            other = begin_convention(alice, guarantor=esther, official=farid, expert=jeanne)
            move_to(other, Phase.DELIBERATION)
        client = opens(None)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
            client.get(f"{LIST}{convention.slug}/")
        counted.append(len(queries))
    assert 0 < counted[0] == counted[1]


def test_the_page_reads_in_english_too(convention: Convention, opens: Opens) -> None:
    client = opens(None)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert 'lang="en"' in client.get(LIST).content.decode()
    assert "How a text is kept" in client.get(f"{LIST}{convention.slug}/").content.decode()


def test_the_team_finds_its_work_on_the_front_page(
    convention: Convention, opens: Opens, alice: Person, esther: Person, farid: Person
) -> None:
    address = f"{LIST}{convention.slug}/"
    places = {place: f"{address}{place}/" for place in ("mandat", "equipe", "etapes", "gel")}
    seen = {
        person: {
            place
            for place, link in places.items()
            if f'href="{link}"' in opens(person).get(address).content.decode()
        }
        for person in (alice, esther, farid, None)
    }
    assert seen[alice] == {"mandat", "equipe", "etapes"}
    assert seen[esther] == {"equipe", "etapes", "gel"}
    assert seen[farid] == seen[None] == set()


@pytest.mark.parametrize(
    "place", ["mandat/", "equipe/", "etapes/", "gel/", "equipe/se-retirer/", "questionnaires/nouveau/"]
)
def test_what_is_for_the_team_is_not_there_for_others(
    convention: Convention, opens: Opens, place: str, marc: Person, farid: Person, olivia: Person
) -> None:
    for person in (marc, farid, olivia):
        assert opens(person).get(f"{LIST}{convention.slug}/{place}").status_code == 404
    assert opens(None).get(f"{LIST}{convention.slug}/{place}").status_code == 302
