"""SECRET names and CACHEE streets are planted: everything served to each role is searched for them."""

import logging

import pytest
from django.urls import reverse

from antigone.accounts.models import KEPT_FROM_OPERATORS, Person
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.models import Invitation, Recruitment
from antigone.selection.urls import recruitment_patterns
from tests.selection.conftest import Opens
from tests.selection.recruitment.town import make_answers

pytestmark = pytest.mark.django_db
PLANTED = ("SECRET", "CACHEE", "061234", "06 12 34", "06 99")
NAMES = [pattern.name for pattern in recruitment_patterns]


def list_addresses(recruitment: Recruitment, invitation: Invitation) -> dict[str, str]:
    found = {}
    for name in NAMES:
        args = {"reply": [recruitment.pk, invitation.number], "recruitments": [], "new": []}
        found[name] = reverse(f"recruitment:{name}", args=args.get(name, [recruitment.pk]))
    return found


@pytest.fixture
def replied(drawn: Recruitment, codes: dict[int, str], invitation: Invitation, alice: Person) -> Recruitment:
    recruiting.enter_reply(invitation=invitation, answers=make_answers(), by=alice)
    return drawn


@pytest.mark.parametrize(
    ("who", "opened"),
    [
        (None, {"recruitments", "notice"}),
        ("chloe", {"recruitments", "notice"}),
        ("olivia", {"recruitments", "notice"}),
        ("marc", {"recruitments", "notice", "new"}),
        ("esther", {"recruitments", "notice", "counts", "hashes"}),
        ("paul", {"recruitments", "notice", "find", "reply", "replies"}),
    ],
)
def test_each_role_opens_what_is_its_own_and_reads_no_name(
    who: str | None,
    opened: set[str],
    replied: Recruitment,
    invitation: Invitation,
    opens: Opens,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = opens(request.getfixturevalue(who) if who else None)
    with caplog.at_level(logging.DEBUG):
        for name, address in list_addresses(replied, invitation).items():
            answer = client.get(address)
            body = b"".join(answer).decode() if answer.streaming else answer.content.decode()
            assert (answer.status_code == 200) == (name in opened), name
            assert answer.status_code in ((200,) if name in opened else (404, 405, 302)), name
            if answer.status_code == 302:
                assert "/compte/connexion/" in answer["Location"]
            if name not in ("find", "reply"):
                assert not any(word in body for word in PLANTED), name
            if name not in opened and (who, name) != ("esther", "verify"):
                posted = client.post(address, {"outcome": "declined", "size": 1, "seed": "1", "agreed": "on"})
                assert posted.status_code in (404, 405, 302), name
                assert not any(word in posted.content.decode() for word in PLANTED), name
    assert not any(word in caplog.text for word in PLANTED)
    replied.refresh_from_db()
    assert replied.is_drawn


def test_recruitment_in_preparation_is_known_to_its_team_alone(
    begun: Recruitment, opens: Opens, marc: Person, esther: Person
) -> None:
    for person in (None, marc):
        for name in ("notice", "counts", "source", "terms"):
            answer = opens(person).get(reverse(f"recruitment:{name}", args=[begun.pk]))
            assert answer.status_code in (404, 302)
        assert begun.title not in opens(person).get(reverse("recruitment:recruitments")).content.decode()
    assert opens(esther).get(reverse("recruitment:counts", args=[begun.pk])).status_code == 200


def test_errors_tell_no_name(
    replied: Recruitment, invitation: Invitation, opens: Opens, paul: Person
) -> None:
    client = opens(paul)
    for data in ({"outcome": "yes"}, {"outcome": "declined"}, {"outcome": "yes", "feature_0": "x"}):
        page = client.post(
            reverse("recruitment:reply", args=[replied.pk, invitation.number]), data, follow=True
        )
        assert "SECRET-NOTE" not in page.content.decode()
    assert opens(paul).get(reverse("recruitment:reply", args=[replied.pk, 10_000])).status_code == 404


def test_closed_recruitment_is_closed_to_those_who_telephone(
    replied: Recruitment, opens: Opens, paul: Person, invitation: Invitation
) -> None:
    recruiting.purge_recruitment(recruitment=replied, by=None)
    for name in ("find", "reply", "replies"):
        address = list_addresses(replied, invitation)[name]
        assert opens(paul).get(address).status_code == 404
        assert opens(paul).post(address, {"outcome": "declined"}).status_code in (404, 405)


def test_tables_are_kept_from_operators(replied: Recruitment, opens: Opens, olivia: Person) -> None:
    assert "selection" in KEPT_FROM_OPERATORS
    assert opens(olivia).get("/admin/selection/").status_code in (403, 404)
