"""Moderation: who decides, in public, once; what is not accepted is read by nobody else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions import (
    NewVote,
    accept_statements,
    cast_vote,
    forget_participant,
    mark_meta,
    reject_statements,
)
from antigone.consultation.models import Consultation, ModerationDecision, Statement, Vote
from antigone.errors import NotAllowed, NotPossible, WrongInput
from tests.consultation.conftest import Opens
from tests.consultation.town import WORDS
from tests.consultation.writing import SECRET, find_seen, send_statement

NOW = timezone.now()
State = Statement.State


def reject(statement: Statement, by: Person, *, reason: str = "hateful", note: str = "") -> None:
    reject_statements(
        consultation=statement.consultation,
        seen=find_seen(statement),
        reason=reason,
        note=note,
        by=by,
        now=timezone.now(),
    )


def accept(statement: Statement, by: Person) -> None:
    accept_statements(
        consultation=statement.consultation, seen=find_seen(statement), by=by, now=timezone.now()
    )


def test_accepted_statement_takes_votes(consultation: Consultation, chloe: Person) -> None:
    statement = send_statement(consultation)
    with pytest.raises(WrongInput, match="no statement 9"):
        cast_vote(NewVote(consultation.pk, None, statement.number, 1), now=NOW)
    accept(statement, chloe)
    cast_vote(NewVote(consultation.pk, None, statement.number, 1), now=NOW)
    statement.refresh_from_db()
    assert statement.read_at is not None
    (decision,) = ModerationDecision.objects.all()
    assert (decision.kind, decision.decided_by, decision.reason) == ("accept", chloe, "")


def test_rejected_statement_takes_no_vote_and_keeps_those_it_had(
    consultation: Consultation, chloe: Person
) -> None:
    statement = send_statement(consultation, state=State.ACCEPTED)
    cast_vote(NewVote(consultation.pk, None, statement.number, 1), now=NOW)
    reject(statement, chloe)
    with pytest.raises(NotPossible, match="taken out"):
        cast_vote(NewVote(consultation.pk, None, statement.number, 1), now=NOW)
    accept(statement, chloe)
    assert Vote.objects.get().statement == statement
    assert [one.kind for one in ModerationDecision.objects.order_by("pk")] == ["reject", "accept"]


def test_rejection_has_a_reason_of_the_list(consultation: Consultation, chloe: Person) -> None:
    statement = send_statement(consultation)
    for reason in ("", "because"):
        with pytest.raises(WrongInput, match="Choose the reason"):
            reject(statement, chloe, reason=reason)
    statement.refresh_from_db()
    assert statement.state == State.WAITING


def test_only_moderators_decide(
    consultation: Consultation, esther: Person, farid: Person, olivia: Person, marc: Person, alice: Person
) -> None:
    statement = send_statement(consultation)
    for person in (esther, farid, olivia, marc):
        with pytest.raises(NotAllowed):
            accept(statement, person)
    assert not ModerationDecision.objects.exists()
    accept(statement, alice)


def test_decision_over_another_one_is_refused_whole(
    consultation: Consultation, chloe: Person, alice: Person
) -> None:
    first, second = send_statement(consultation), send_statement(consultation, "Autre chose")
    seen = find_seen(first, second)
    reject(first, alice)
    with pytest.raises(NotPossible, match=r"Statement 9 was decided on meanwhile \(Rejetée\)"):
        accept_statements(consultation=consultation, seen=seen, by=chloe, now=NOW)
    assert ModerationDecision.objects.count() == 1
    second.refresh_from_db()
    assert second.state == State.WAITING


def test_unread_one_that_was_shown_is_decided_once(
    consultation: Consultation, chloe: Person, alice: Person
) -> None:
    statement = send_statement(consultation, state=State.ACCEPTED)
    seen = find_seen(statement)
    accept(statement, alice)
    with pytest.raises(NotPossible, match="meanwhile"):
        reject_statements(consultation=consultation, seen=seen, reason="hateful", by=chloe, now=NOW)
    with pytest.raises(NotPossible, match="meanwhile"):
        accept(statement, chloe)


def test_nothing_is_decided_on_what_is_not_there(consultation: Consultation, chloe: Person) -> None:
    with pytest.raises(WrongInput, match="at least one"):
        accept_statements(consultation=consultation, seen={}, by=chloe, now=NOW)
    with pytest.raises(WrongInput, match="no statement 99"):
        accept_statements(consultation=consultation, seen={1: 0, 99: 0}, by=chloe, now=NOW)
    assert not ModerationDecision.objects.exists()


def test_withdrawn_statement_is_not_brought_back(consultation: Consultation, chloe: Person) -> None:
    statement = send_statement(consultation)
    assert statement.author is not None
    ModerationDecision.objects.create(
        consultation=consultation, statement=statement, kind="edit", before=SECRET, decided_at=NOW
    )
    forget_participant(consultation=consultation, participant_id=statement.author.pk, now=NOW)
    with pytest.raises(NotPossible, match="Retirée"):
        accept(statement, chloe)
    assert ModerationDecision.objects.get().before == ""


def test_meta_is_marked_and_unmarked(consultation: Consultation, chloe: Person) -> None:
    one, two = Statement.objects.all()[:2]
    assert mark_meta(consultation=consultation, seen=find_seen(one), is_meta=True, by=chloe, now=NOW) == 1
    # Of two, only the one of which it was not said gets a line.
    assert (
        mark_meta(consultation=consultation, seen=find_seen(one, two), is_meta=True, by=chloe, now=NOW) == 1
    )
    assert mark_meta(consultation=consultation, seen=find_seen(one), is_meta=False, by=chloe, now=NOW) == 1
    kinds = [(one.statement.number, one.kind) for one in ModerationDecision.objects.order_by("pk")]
    assert kinds == [(1, "meta"), (2, "meta"), (1, "not_meta")]


def test_what_waits_or_is_rejected_is_on_no_public_page(
    consultation: Consultation, chloe: Person, opens: Opens
) -> None:
    waiting = send_statement(consultation)
    rejected = send_statement(consultation, f"{SECRET} 2", state=State.ACCEPTED)
    reject(rejected, chloe, reason="personal", note="Un nom y est.")
    for person in (None, chloe):
        browser = opens(person)
        pages = [
            browser.get(reverse(f"consultation:{name}", args=[consultation.slug, *rest])).content.decode()
            for name, *rest in (
                ["statements"],
                ["decisions"],
                ["statement", waiting.number],
                ["statement", rejected.number],
            )
        ]
        assert all("SECRET" not in page for page in pages)
        assert "donne des données personnelles" in pages[3] or "gives personal data" in pages[3]
        assert "Un nom y est." in pages[3]
        assert ("Chloé" in pages[1]) == (person is not None)
    found = opens(None).get(reverse("consultation:statements", args=[consultation.slug]), {"q": "SECRET"})
    assert "SECRET-propos" not in found.content.decode()


def test_queue_is_for_moderators_and_guarantors(
    consultation: Consultation,
    opens: Opens,
    alice: Person,
    chloe: Person,
    esther: Person,
    farid: Person,
    olivia: Person,
    marc: Person,
) -> None:
    statement = send_statement(consultation)
    addresses = [
        reverse("consultation:queue", args=[consultation.slug]),
        reverse("consultation:moderate", args=[consultation.slug, statement.number]),
    ]
    for address in addresses:
        for person in (alice, chloe, esther):
            assert "SECRET" in opens(person).get(address).content.decode()
        for outsider in (None, farid, olivia, marc):
            answer = opens(outsider).get(address)
            assert answer.status_code == 404
            assert "SECRET" not in answer.content.decode()
        form = {"action": "accept", "seen": f"{statement.number}:0"}
        for reader in (None, esther, farid, olivia, marc):
            assert opens(reader).post(address, form).status_code == 404
    statement.refresh_from_db()
    assert statement.state == State.WAITING


def test_moderator_decides_on_several_at_once(
    consultation: Consultation, chloe: Person, opens: Opens
) -> None:
    address = reverse("consultation:queue", args=[consultation.slug])
    statements = [send_statement(consultation, f"Idée {number}") for number in range(3)]
    browser = opens(chloe)
    ticked = [f"{one.number}:0" for one in statements[:2]]
    assert browser.post(address, {"action": "accept", "seen": ticked}).status_code == 302
    assert consultation.statements.accepted().count() == 10
    # Another tab of the same queue, opened before.
    late = browser.post(address, {"action": "reject", "reason": "unclear", "seen": ticked})
    assert late.status_code == 409
    assert "9" in late.context["problem"]
    assert browser.post(address, {"action": "accept"}).status_code == 422
    assert browser.post(address, {"action": "reject", "seen": f"{statements[2].number}:0"}).status_code == 422
    assert browser.post(address, {"action": "fly", "seen": ticked}).status_code == 422
    assert browser.post(address, {"action": "accept", "seen": ["x", "1:", "-1:0"]}).status_code == 422
    assert ModerationDecision.objects.count() == 2


def test_post_moderation_shows_what_was_not_read_in_the_queue(
    consultation: Consultation, chloe: Person, opens: Opens
) -> None:
    consultation.moderation = Consultation.Moderation.AFTER
    consultation.save()
    send_statement(consultation, "Il faut planter des arbres", state=State.ACCEPTED)
    page = opens(chloe).get(reverse("consultation:queue", args=[consultation.slug])).content.decode()
    assert "Il faut planter des arbres" in page
    assert WORDS[0] not in page
    public = opens(None).get(reverse("consultation:statements", args=[consultation.slug])).content.decode()
    assert "Il faut planter des arbres" in public


def test_log_counts(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    for reason in ("hateful", "hateful", "unclear"):
        reject(send_statement(consultation, f"{SECRET} {reason} {timezone.now()}"), chloe, reason=reason)
    old = send_statement(consultation)
    Statement.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=3))
    answer = opens(None).get(reverse("consultation:decisions", args=[consultation.slug]))
    context = answer.context
    assert (context["sent"], context["rejected"], context["waiting"]) == (4, 3, 1)
    assert [count for _label, count in context["reasons"]] == [0, 2, 0, 0, 1, 0, 0, 0]
    assert context["oldest"] == NOW - timedelta(days=3)
    assert context["half_read_within"] in ("1 minute", "1\xa0minute")
    assert len(context["page"].object_list) == 3
