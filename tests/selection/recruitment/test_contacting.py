"""Contacts are drawn by a seed, the same each time, and can be checked for ever."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection.actions import recruitment as recruiting
from antigone.selection.models import Contact, Invitation, Recruitment
from tests.selection.recruitment.conftest import Fills
from tests.selection.recruitment.town import make_terms, write_register

pytestmark = pytest.mark.django_db


def list_numbers(recruitment: Recruitment) -> list[int]:
    return list(
        Contact.objects.filter(recruitment=recruitment, is_drawn=True).values_list("number", flat=True)
    )


def test_same_file_and_seed_give_the_same_contacts(drawn: Recruitment, alice: Person) -> None:
    other = recruiting.create_recruitment(terms=make_terms(), source="register", by=alice)
    layout = recruiting.keep_register(
        recruitment=other, chunks=[write_register(120, encoding="cp1252")], by=alice
    )
    recruiting.map_columns(recruitment=other, roles=layout.guess_roles(), drops_repeated=False, by=alice)
    recruiting.run_register_import(other.pk)
    other.refresh_from_db()
    recruiting.draw_contacts(recruitment=other, size=30, seed=" 417 ", by=alice)
    assert list_numbers(other) == list_numbers(drawn)
    assert Recruitment.objects.get(pk=other.pk).root != drawn.root  # the salts are others


def test_strata_keep_their_proportions_and_numbers_are_drawn_by_lot(drawn: Recruitment) -> None:
    quotas = {quota.stratum: quota.contacts for quota in recruiting.list_quotas(drawn, 30)}
    invitations = Invitation.objects.filter(recruitment=drawn).select_related("contact")
    for stratum, contacts in quotas.items():
        assert sum(invitation.contact.stratum == stratum for invitation in invitations) == contacts
    assert sorted(invitation.number for invitation in invitations) == list(range(1, 31))
    rows = [invitation.contact.number for invitation in invitations.order_by("number")]
    assert rows != sorted(rows)


def test_one_of_each_household(fill: Fills, alice: Person) -> None:
    ready = fill(write_register(120))
    recruiting.draw_contacts(recruitment=ready, size=40, seed="1", one_per_household=True, by=alice)
    homes = [invitation.contact.household for invitation in Invitation.objects.select_related("contact")]
    assert len(homes) == len(set(homes)) == 40
    assert recruiting.check_contacts(Recruitment.objects.get()) == (True, True)


def test_contacts_are_drawn_once(drawn: Recruitment, alice: Person) -> None:
    with pytest.raises(NotPossible):
        recruiting.draw_contacts(recruitment=drawn, size=10, seed="418", by=alice)


@pytest.mark.parametrize(("size", "seed"), [(0, "1"), (121, "1"), (5, "  "), (5, "x" * 201)])
def test_draw_without_a_seed_or_a_size_is_refused(
    ready: Recruitment, alice: Person, size: int, seed: str
) -> None:
    with pytest.raises(WrongInput):
        recruiting.draw_contacts(recruitment=ready, size=size, seed=seed, by=alice)


def test_database_refuses_a_seed_from_before_the_fingerprint(drawn: Recruitment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Recruitment.objects.filter(pk=drawn.pk).update(drawn_at=drawn.sealed_at)


def test_announced_seed_is_not_drawn_before_its_hour(
    ready: Recruitment, alice: Person, esther: Person
) -> None:
    due = timezone.now() + timedelta(hours=1)
    with pytest.raises(NotAllowed):
        recruiting.announce_seed(recruitment=ready, event="À la mairie", due_at=due, by=esther)
    for event, instant in (("À la mairie", timezone.now() - timedelta(seconds=1)), (" ", due)):
        with pytest.raises(WrongInput):
            recruiting.announce_seed(recruitment=ready, event=event, due_at=instant, by=alice)
    recruiting.announce_seed(recruitment=ready, event="À la mairie", due_at=due, by=alice)
    with pytest.raises(NotPossible) as caught:
        recruiting.draw_contacts(recruitment=ready, size=3, seed="417", by=alice)
    assert caught.value.code == "seed_too_early"
    with pytest.raises(NotPossible):
        recruiting.announce_seed(recruitment=ready, event="Ailleurs", due_at=due, by=alice)
    Recruitment.objects.update(seed_due_at=timezone.now() - timedelta(minutes=1))
    assert recruiting.draw_contacts(recruitment=ready, size=3, seed="417", by=alice).seed == "417"
    with pytest.raises(IntegrityError), transaction.atomic():
        Recruitment.objects.update(seed_due_at=timezone.now() + timedelta(days=1))


def test_draw_is_checked_before_and_after_the_purge(drawn: Recruitment, alice: Person) -> None:
    assert recruiting.check_contacts(drawn) == (True, True)
    purged = recruiting.purge_recruitment(recruitment=drawn, by=alice)
    assert recruiting.check_contacts(purged) == (True, True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"stratum": "Ailleurs"}, (False, False)),
        ({"hash": bytes(32)}, (False, True)),
        ({"household": "f" * 16}, (False, True)),
    ],
)
def test_row_that_was_changed_is_seen(
    drawn: Recruitment, changes: dict[str, object], expected: tuple[bool, bool]
) -> None:
    Contact.objects.filter(recruitment=drawn, number=list_numbers(drawn)[0]).update(**changes)
    assert recruiting.check_contacts(drawn) == expected


def test_friend_put_in_the_place_of_somebody_drawn_is_seen(drawn: Recruitment) -> None:
    first = list_numbers(drawn)[0]
    Contact.objects.filter(recruitment=drawn, number=first).update(is_drawn=False)
    Contact.objects.filter(recruitment=drawn, is_drawn=False).exclude(number=first).first()
    assert recruiting.check_contacts(drawn) == (True, False)
