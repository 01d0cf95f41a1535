"""A guarantor signs what a draw is committed to, or refuses it: Esther may, Alice and Olivia may not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from antigone.accounts.actions import create_person
from antigone.accounts.models import HeldRole, Person
from antigone.errors import NotAllowed, NotPossible, WrongInput
from antigone.selection import actions, rules
from antigone.selection.models import Commitment, Computation, Cosignature, Draw, RefusedCommitment
from antigone.selection.people import list_guarantors
from tests.selection.conftest import Opens

pytestmark = pytest.mark.django_db


@pytest.fixture
def awaiting(committed: Draw, esther: Person) -> Draw:
    """The committed draw, that Esther is asked to sign before its lot of tomorrow."""
    committed.cosigners.add(esther)
    Commitment.objects.update(announced_at=timezone.now() + timedelta(days=1))
    return Draw.objects.get(pk=committed.pk)


def draw_lot(draw: Draw, by: Person) -> None:
    """Draw the lot as if its instant had come."""
    Commitment.objects.update(announced_at=timezone.now() - timedelta(hours=1))
    actions.note_outcome(draw=draw, fallen=[[4, 2]], by=by)


def address(name: str, *args: object) -> str:
    return reverse(f"selection:{name}", args=args)


def test_nothing_is_drawn_or_published_without_the_signature(
    awaiting: Draw, alice: Person, esther: Person
) -> None:
    for act in (lambda: draw_lot(awaiting, alice), lambda: actions.publish_draw(draw=awaiting, by=alice)):
        with pytest.raises(NotPossible) as caught:
            act()
        assert (caught.value.code, caught.value.params["names"]) == ("not_cosigned", "Esther")
    Commitment.objects.update(announced_at=timezone.now() + timedelta(days=1))
    actions.cosign_draw(draw=awaiting, root=awaiting.commitment.root, sentence=" Vu. ", by=esther)
    kept = Cosignature.objects.get()
    assert (kept.root, kept.sentence, kept.name) == (awaiting.commitment.root, "Vu.", "Esther")
    draw_lot(awaiting, alice)
    actions.publish_draw(draw=awaiting, by=alice)


def test_draw_without_guarantor_asks_for_no_signature(committed: Draw, alice: Person, esther: Person) -> None:
    assert not committed.awaits_cosignature()
    with pytest.raises(NotAllowed):
        actions.cosign_draw(draw=committed, root=committed.commitment.root, by=esther)
    draw_lot(committed, alice)


def test_only_who_was_asked_signs_or_refuses(
    awaiting: Draw, alice: Person, ahmed: Person, olivia: Person, marc: Person, chloe: Person
) -> None:
    stranger = create_person(email="gaspard@garants.example", name="Gaspard", roles=["guarantor"])
    root = awaiting.commitment.root
    for person in (alice, ahmed, olivia, marc, chloe, stranger):
        acts: list[Callable[[Person], object]] = [
            lambda by: actions.cosign_draw(draw=awaiting, root=root, by=by),
            lambda by: actions.refuse_commitment(draw=awaiting, root=root, reason="Non", by=by),
            lambda by: actions.step_down(draw=awaiting, by=by),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act(person)
    assert awaiting.awaits_cosignature()


def test_whoever_draws_or_runs_the_machine_is_not_asked(
    draw: Draw, alice: Person, esther: Person, olivia: Person, chloe: Person
) -> None:
    for person in (alice, olivia, chloe):
        assert not rules.can_be_cosigner(person)
        with pytest.raises(WrongInput):
            actions.name_cosigners(draw=draw, people=[person], by=alice)
    for role in rules.EXCLUDED_FROM_SIGNING:
        both = create_person(email=f"{role}@garants.example", name="Deux", roles=["guarantor"])
        HeldRole.objects.create(person=both, role=role)
        assert not rules.can_be_cosigner(Person.objects.get(pk=both.pk))
    assert list(list_guarantors()) == [esther]


def test_who_committed_to_the_draw_never_signs_it(awaiting: Draw, alice: Person, esther: Person) -> None:
    Commitment.objects.update(committed_by=esther)
    with pytest.raises(NotAllowed):
        actions.cosign_draw(draw=awaiting, root=awaiting.commitment.root, by=esther)


def test_guarantors_are_named_by_the_facilitator_and_step_down_themselves(
    draw: Draw, alice: Person, esther: Person, marc: Person
) -> None:
    with pytest.raises(NotAllowed):
        actions.name_cosigners(draw=draw, people=[esther], by=marc)
    actions.name_cosigners(draw=draw, people=[esther], by=alice)
    actions.name_cosigners(draw=draw, people=[], by=alice)
    assert list(draw.cosigners.all()) == [esther]
    with pytest.raises(NotAllowed):
        actions.step_down(draw=draw, by=alice)
    actions.step_down(draw=draw, by=esther)
    assert not draw.cosigners.exists()


def test_guarantors_are_neither_named_nor_gone_once_it_is_committed_to(
    awaiting: Draw, alice: Person, esther: Person
) -> None:
    with pytest.raises(NotPossible):
        actions.name_cosigners(draw=awaiting, people=[esther], by=alice)
    with pytest.raises(NotPossible):
        actions.step_down(draw=awaiting, by=esther)


def test_signature_after_the_lot_is_due_is_refused(awaiting: Draw, esther: Person) -> None:
    Commitment.objects.update(announced_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotPossible) as caught:
        actions.cosign_draw(draw=awaiting, root=awaiting.commitment.root, by=esther)
    assert caught.value.code == "cosigned_late"


def test_signature_is_of_the_commitment_that_was_read_and_given_once(awaiting: Draw, esther: Person) -> None:
    with pytest.raises(NotPossible) as caught:
        actions.cosign_draw(draw=awaiting, root="0" * 64, by=esther)
    assert caught.value.code == "commitment_changed"
    actions.cosign_draw(draw=awaiting, root=awaiting.commitment.root, by=esther)
    with pytest.raises(NotPossible):
        actions.cosign_draw(draw=awaiting, root=awaiting.commitment.root, by=esther)
    with pytest.raises(NotPossible):
        actions.refuse_commitment(draw=awaiting, root=awaiting.commitment.root, reason="Non", by=esther)


def test_refused_commitment_stays_to_be_read_and_another_follows(
    awaiting: Draw, computed: Computation, alice: Person, esther: Person, opens: Opens
) -> None:
    first = awaiting.commitment.document
    with pytest.raises(WrongInput):
        actions.refuse_commitment(draw=awaiting, root=first["root"], reason="  ", by=esther)
    actions.refuse_commitment(draw=awaiting, root=first["root"], reason="Cible oubliée", by=esther)
    draw = Draw.objects.get()
    assert draw.is_prepared
    with pytest.raises(NotPossible) as caught:
        actions.delete_draw(draw=draw, by=alice)
    assert caught.value.code == "draw_was_refused"
    zoe = opens(None)
    page = zoe.get(address("draw", draw.pk)).content.decode()
    assert "Cible oubliée" in page
    assert first["root"] in page
    assert "femme" not in page
    refused = RefusedCommitment.objects.get()
    assert zoe.get(address("refused_commitment", draw.pk, refused.pk)).json() == first
    for name in ("sheet", "membership", "published_commitment", "published_certificate"):
        assert zoe.get(address(name, draw.pk)).status_code == 404, name
    source = {"kind": "digits", "event": "ici", "instant": "2099-01-01T10:00"}
    assert opens(alice).post(address("commit", draw.pk, computed.pk), source).status_code == 302
    draw = Draw.objects.get()
    assert draw.commitment.root != first["root"]
    assert draw.awaits_cosignature()
    assert "Cible oubliée" in zoe.get(address("draw", draw.pk)).content.decode()


def test_commitment_that_nobody_signed_in_time_is_declared_void_by_the_facilitator(
    awaiting: Draw, alice: Person, olivia: Person
) -> None:
    root = awaiting.commitment.root
    with pytest.raises(NotAllowed) as caught:
        actions.refuse_commitment(draw=awaiting, root=root, reason="Trop tard", by=alice)
    assert caught.value.code == "refusal_of_others"
    Commitment.objects.update(announced_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(NotAllowed):
        actions.refuse_commitment(draw=awaiting, root=root, reason="Trop tard", by=olivia)
    actions.refuse_commitment(draw=awaiting, root=root, reason="Trop tard", by=alice)
    assert RefusedCommitment.objects.get().has_lapsed


def test_signing_by_the_pages(awaiting: Draw, alice: Person, esther: Person, opens: Opens) -> None:
    page, root = address("cosign", awaiting.pk), awaiting.commitment.root
    assert 'value="sign"' in opens(esther).get(page).content.decode()
    waiting = opens(alice).get(page)
    assert waiting.status_code == 200
    assert "<button" not in waiting.content.decode().split("<main")[1].split("</main")[0]
    empty = opens(esther).post(page, {"action": "refuse", "root": root, "reason": ""})
    assert empty.status_code == 422
    opens(esther).post(page, {"action": "sign", "root": root, "sentence": "Vu & <b>relu</b>"})
    public = opens(None).get(address("draw", awaiting.pk)).content.decode()
    assert "Esther" in public
    assert "Vu &amp; &lt;b&gt;relu" in public
    assert "Esther" in opens(alice).get(address("sheet", awaiting.pk)).content.decode()
    assert opens(esther).get(page).status_code == 302


def test_refusing_and_naming_by_the_pages(
    awaiting: Draw, alice: Person, esther: Person, opens: Opens
) -> None:
    root = awaiting.commitment.root
    opens(esther).post(
        address("cosign", awaiting.pk), {"action": "refuse", "root": root, "reason": "Vivier incomplet"}
    )
    prepare = opens(alice).get(address("prepare", awaiting.pk)).content.decode()
    assert "Vivier incomplet" in prepare
    assert "Esther" in prepare
    opens(esther).post(address("step_down", awaiting.pk))
    assert not awaiting.cosigners.exists()
    opens(alice).post(address("name_cosigners", awaiting.pk), {"people": [esther.pk]})
    assert awaiting.cosigners.exists()
    nobody = opens(alice).post(address("name_cosigners", awaiting.pk), {"people": [alice.pk]})
    assert nobody.status_code == 422


def test_pages_of_the_signature_are_not_there_for_others(
    awaiting: Draw, marc: Person, olivia: Person, chloe: Person, opens: Opens
) -> None:
    gaspard = create_person(email="gaspard@garants.example", name="Gaspard", roles=["guarantor"])
    for person in (marc, olivia, chloe, gaspard):
        assert opens(person).get(address("cosign", awaiting.pk)).status_code == 404
        assert opens(person).post(address("step_down", awaiting.pk)).status_code == 404
        assert opens(person).post(address("name_cosigners", awaiting.pk)).status_code == 404
    assert opens(None).get(address("cosign", awaiting.pk)).status_code == 302
