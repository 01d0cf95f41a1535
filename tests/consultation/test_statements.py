"""Statements: the organisers' come in whole or not at all, duplicates become one, each has its lasting page."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions import (
    NewVote,
    add_seeds,
    cast_vote,
    edit_statement,
    merge_statement,
    reject_statements,
)
from antigone.consultation.forms.moderating import SeedsForm
from antigone.consultation.models import (
    Consultation,
    ModerationDecision,
    Participant,
    Picture,
    Statement,
    Vote,
    VoteChange,
)
from antigone.consultation.views.statements import Counts
from antigone.errors import AntigoneError, NotAllowed, NotPossible, WrongInput
from tests.consultation.conftest import Opens
from tests.consultation.town import add_votes
from tests.consultation.writing import SECRET, find_seen, send_statement

NOW = timezone.now()
State = Statement.State


def merge(statement: Statement, into: int, by: Person) -> int:
    (seen,) = find_seen(statement).values()
    return merge_statement(statement=statement, into=into, seen=seen, by=by, now=NOW)


def edit(statement: Statement, text: str, by: Person) -> Statement:
    (seen,) = find_seen(statement).values()
    return edit_statement(statement=statement, text=text, seen=seen, by=by, now=NOW)


def close(consultation: Consultation) -> None:
    consultation.closed_at = NOW
    consultation.save(update_fields=["closed_at"])


def get_page(opens: Opens, statement: Statement, person: Person | None = None) -> str:
    address = reverse("consultation:statement", args=[statement.consultation.slug, statement.number])
    answer = opens(person).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_seeds_come_with_numbers(empty: Consultation, alice: Person) -> None:
    made = add_seeds(consultation=empty, texts=["Une idée.", "Une  autre\u200b idée."], by=alice, now=NOW)
    assert [(one.number, one.text, one.is_seed, one.state) for one in made] == [
        (1, "Une idée.", True, State.ACCEPTED),
        (2, "Une autre idée.", True, State.ACCEPTED),
    ]
    (third,) = add_seeds(consultation=empty, texts=["Une troisième."], by=alice, now=NOW)
    assert third.number == 3
    assert not empty.statements.unread().exists()


@pytest.mark.parametrize("wrong", ["", " \u200b ", "?!", "é" * 141, "une IDEE", "déjà là"])
def test_seeds_are_added_whole_or_not_at_all(empty: Consultation, alice: Person, wrong: str) -> None:
    add_seeds(consultation=empty, texts=["Déjà là !"], by=alice, now=NOW)
    with pytest.raises(WrongInput):
        add_seeds(consultation=empty, texts=["Une idée.", wrong], by=alice, now=NOW)
    assert empty.statements.count() == 1


def test_only_leaders_add_seeds_and_not_after_the_end(
    empty: Consultation, alice: Person, chloe: Person, marc: Person
) -> None:
    for person in (chloe, marc):
        with pytest.raises(NotAllowed):
            add_seeds(consultation=empty, texts=["Une idée."], by=person, now=NOW)
    close(empty)
    with pytest.raises(NotPossible, match="is closed"):
        add_seeds(consultation=empty, texts=["Une idée."], by=alice, now=NOW)


def test_seeds_are_shown_before_they_are_added(empty: Consultation, alice: Person, opens: Opens) -> None:
    browser, address = opens(alice), reverse("consultation:seeds", args=[empty.slug])
    lines = "Une idée.\n\n  <b>Gras</b>  \n"
    preview = browser.post(address, {"lines": lines, "action": "preview"})
    assert "&lt;b&gt;Gras&lt;/b&gt;" in preview.content.decode()
    assert not empty.statements.exists()
    added = browser.post(address, {"lines": preview.context["lines"], "action": "add"})
    assert added.status_code == 302
    assert [one.text for one in empty.statements.all()] == ["Une idée.", "<b>Gras</b>"]


def test_each_line_that_cannot_be_taken_is_named(consultation: Consultation) -> None:
    lines = f"Une idée.\n{'x' * 141}\nune idee\n{consultation.statements.all()[2].text}\n..."
    Statement.objects.filter(number=3).update(key="le centre doit etre ferme aux voitures le dimanche")
    form = SeedsForm({"lines": lines}, consultation=consultation)
    assert not form.is_valid()
    said = " ".join(map(str, form.non_field_errors()))
    for words in ("2", "141", "3", "1", "4", "5"):
        assert words in said
    assert len(form.non_field_errors()) == 4


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("idees.txt", "\ufeffUne idée, puis rien.\r\nDeux".encode(), ["Une idée, puis rien.", "Deux"]),
        ("idees.txt", "Une idée".encode("cp1252"), ["Une idée"]),
        ("idees.txt", "Une idée".encode("utf-16"), ["Une idée"]),
        ("idees.csv", b'affirmation\n"Une, deux"\nTrois', ["Une, deux", "Trois"]),
        ("idees.csv", b"id;statement\n1;Une\n2;Deux", ["Une", "Deux"]),
        ("idees.csv", b"Une, sans guillemets", None),
        ("idees.csv", b"\0\1", None),
        ("idees.csv", b"statement\n", None),
        ("idees.txt", b"", None),
    ],
)
def test_files_of_seeds(empty: Consultation, name: str, data: bytes, expected: list[str] | None) -> None:
    form = SeedsForm({}, {"file": SimpleUploadedFile(name, data)}, consultation=empty)
    assert form.is_valid() == (expected is not None)
    if expected:
        assert form.statements == expected


def test_seeds_page_is_the_leaders(
    empty: Consultation, opens: Opens, chloe: Person, esther: Person, olivia: Person, marc: Person
) -> None:
    for person in (None, chloe, esther, olivia, marc):
        assert opens(person).get(reverse("consultation:seeds", args=[empty.slug])).status_code == 404


def test_words_are_corrected_while_nobody_voted(consultation: Consultation, chloe: Person) -> None:
    statement = send_statement(consultation, "Il fau des bancs")
    edit(statement, "Il faut des bancs", chloe)
    statement.refresh_from_db()
    assert (statement.text, statement.key) == ("Il faut des bancs", "il faut des bancs")
    decision = ModerationDecision.objects.get()
    assert (decision.kind, decision.before) == ("edit", "Il fau des bancs")
    for wrong in ("Il faut des bancs", "", "é" * 141):
        with pytest.raises(WrongInput):
            edit(statement, wrong, chloe)


def test_words_stay_once_somebody_voted(consultation: Consultation, chloe: Person) -> None:
    first, second = consultation.statements.all()[:2]
    send_statement(consultation, "Il faut des bancs")
    with pytest.raises(WrongInput, match="is there already"):
        edit(first, "Il faut des BANCS !", chloe)
    voter = cast_vote(NewVote(consultation.pk, None, second.number, 1), now=NOW).participant_id
    cast_vote(NewVote(consultation.pk, voter, second.number, 2), now=NOW)
    with pytest.raises(NotPossible, match="its words stay"):
        edit(second, "Autre chose", chloe)


def test_words_before_are_for_moderators(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    statement = send_statement(consultation, SECRET, state=State.ACCEPTED)
    edit(statement, "Il faut des bancs", chloe)
    assert "SECRET" not in get_page(opens, statement)
    log = opens(None).get(reverse("consultation:decisions", args=[consultation.slug]))
    assert "SECRET" not in log.content.decode()
    address = reverse("consultation:moderate", args=[consultation.slug, statement.number])
    assert "SECRET" in opens(chloe).get(address).content.decode()


def test_votes_of_a_duplicate_go_over(consultation: Consultation, chloe: Person) -> None:
    only_one, both, only_other = add_votes(consultation, [[1], [1, -1], [None, 0]])
    one, other = consultation.statements.all()[:2]
    Vote.objects.filter(participant=only_one).update(is_important=True)
    consultation.refresh_from_db()
    before = consultation.last_number
    assert merge(one, other.number, chloe) == 1
    held = {vote.participant_id: vote.value for vote in other.votes.all()}
    assert held == {only_one.pk: 1, both.pk: -1, only_other.pk: 0}
    assert other.votes.get(participant=only_one).is_important
    assert not one.votes.exists()
    lines = VoteChange.objects.filter(number__gt=before)
    assert sorted((line.participant, line.statement_id, line.value) for line in lines) == sorted(
        [(only_one.pk, other.pk, 1), (only_one.pk, one.pk, 2), (both.pk, one.pk, 2)]
    )
    assert [line.number for line in lines] == [before + 1, before + 2, before + 3]
    one.refresh_from_db()
    assert (one.state, one.merged_into) == (State.MERGED, other)
    decision = ModerationDecision.objects.get()
    assert (decision.kind, decision.moved, decision.decided_by) == ("merge", 1, chloe)


def test_many_votes_go_over_in_parts(
    consultation: Consultation, chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antigone.consultation.actions.statements.CHUNK", 3)
    add_votes(consultation, [[1]] * 10)
    one, other = consultation.statements.all()[:2]
    assert merge(one, other.number, chloe) == 10
    numbers = list(VoteChange.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 31))


def test_chain_of_merged_ones_leads_to_the_last(
    consultation: Consultation, chloe: Person, opens: Opens
) -> None:
    first, second, third = consultation.statements.all()[:3]
    merge(first, second.number, chloe)
    merge(second, third.number, chloe)
    first.refresh_from_db()
    assert first.merged_into == third
    assert third.text in get_page(opens, first)
    page = get_page(opens, third)
    assert reverse("consultation:statement", args=[consultation.slug, 1]) in page
    with pytest.raises(NotPossible, match="taken out"):
        cast_vote(NewVote(consultation.pk, None, first.number, 1), now=NOW)


def test_merges_that_make_no_sense_are_refused(consultation: Consultation, chloe: Person) -> None:
    first, second, third = consultation.statements.all()[:3]
    rejected = send_statement(consultation)
    reject_statements(
        consultation=consultation, seen=find_seen(rejected), reason="unclear", by=chloe, now=NOW
    )
    merge(second, third.number, chloe)
    cases = [(first, first.number), (first, rejected.number), (first, second.number), (first, 99)]
    for statement, into in [*cases, (rejected, first.number), (second, first.number)]:
        with pytest.raises(AntigoneError):
            merge(statement, into, chloe)
    assert ModerationDecision.objects.filter(kind="merge").count() == 1
    close(consultation)
    with pytest.raises(NotPossible, match="is closed"):
        merge(first, third.number, chloe)


def test_merge_asks_first_then_is_done(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    browser, address = opens(chloe), reverse("consultation:moderate", args=[consultation.slug, 1])
    asked = browser.get(address, {"into": 2}).content.decode()
    assert consultation.statements.all()[1].text in asked.replace("&#x27;", "'")
    assert 'value="merge"' in asked
    for nowhere in ("1", "99", "x", "-1"):
        assert 'value="merge"' not in browser.get(address, {"into": nowhere}).content.decode()
    posted = {"action": "merge", "into": "2", "seen": "1:0"}
    assert browser.post(address, posted).status_code == 302
    assert browser.post(address, posted).status_code == 409
    assert browser.post(address, {"action": "merge", "into": "x", "seen": "1:0"}).status_code == 422
    assert ModerationDecision.objects.count() == 1


def test_moderate_page_takes_each_decision(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    statement = send_statement(consultation, "Des arbres partout")
    browser = opens(chloe)
    address = reverse("consultation:moderate", args=[consultation.slug, statement.number])

    def post(**form: str) -> int:
        seen = f"{statement.number}:{find_seen(statement)[statement.number]}"
        return browser.post(address, {"seen": seen, **form}).status_code

    assert post(action="edit", text="Des arbres dans les rues", note="Plus clair") == 302
    assert post(action="edit", text="") == 422
    assert post(action="accept") == 302
    assert post(action="meta") == 302
    assert post(action="reject") == 422
    assert post(action="reject", reason="several") == 302
    assert post(action="dance") == 422
    kinds = ModerationDecision.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["edit", "accept", "meta", "reject"]


def draw(consultation: Consultation, **statements: dict[str, object]) -> None:
    figures = {"clear_groups": True, "statements": {name[1:]: one for name, one in statements.items()}}
    Picture.objects.create(consultation=consultation, number=1, drawn_at=NOW, figures=figures)


def test_statement_has_its_figures(consultation: Consultation, opens: Opens) -> None:
    groups = {
        "0": {"agrees": 71, "disagrees": 3, "passes": 0, "votes": 74},
        "1": {"agrees": 4, "disagrees": 0, "passes": 0, "votes": 4},
    }
    draw(consultation, n1={"agrees": 75, "disagrees": 3, "passes": 2, "votes": 80, "groups": groups})
    page = get_page(opens, consultation.statements.all()[0])
    assert '<rect class="agrees" x="0" y="0" width="75"' in page
    # Groups are told in shares: counts, taken from the total, would tell of those in no group.
    assert ">96 %<" in page
    assert ">71<" not in page
    # A group that cast fewer than 5 votes is not told in figures.
    assert ">4<" not in page
    assert ">100 %<" not in page
    assert "?affirmation=1" in page


def test_list_is_searched_and_sorted(consultation: Consultation, opens: Opens) -> None:
    draw(
        consultation,
        n1={"agrees": 1, "disagrees": 8, "passes": 0, "gap": 0.1},
        n2={"agrees": 5, "disagrees": 0, "passes": 0, "gap": 0.2},
        n3={"agrees": 2, "disagrees": 2, "passes": 0, "gap": 0.9},
    )
    browser, address = opens(None), reverse("consultation:statements", args=[consultation.slug])

    def first(**query: str) -> int:
        number: int = browser.get(address, query).context["listed"][0].statement.number
        return number

    assert first() == 8
    assert first(sort="votes") == 1
    assert first(sort="agreed") == 2
    assert first(sort="divisive") == 3
    assert first(sort="nonsense") == 8
    found = browser.get(address, {"q": "VOITURES dimanche"}).context["listed"]
    assert [one.statement.number for one in found] == [3]
    assert not browser.get(address, {"q": "girafes"}).context["listed"]


def test_list_costs_few_queries(
    consultation: Consultation, opens: Opens, django_assert_max_num_queries: object
) -> None:
    address = reverse("consultation:statements", args=[consultation.slug])
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        opens(None).get(address)


def test_hostile_text_is_shown_as_text(consultation: Consultation, opens: Opens) -> None:
    statement = send_statement(consultation, "<script>alert(1)</script> été", state=State.ACCEPTED)
    assert "<script>alert" not in get_page(opens, statement)


def test_pages_of_a_draft_are_not_there(consultation: Consultation, opens: Opens, chloe: Person) -> None:
    consultation.published_at = None
    consultation.save()
    for name, *rest in (["statements"], ["decisions"], ["statement", 1]):
        address = reverse(f"consultation:{name}", args=[consultation.slug, *rest])
        assert opens(None).get(address).status_code == 404
        assert opens(chloe).get(address).status_code == 200


def test_numbers_that_are_none_are_not_there(consultation: Consultation, opens: Opens) -> None:
    for number in (0, 99, 10**30):
        address = reverse("consultation:statement", args=[consultation.slug, number])
        assert opens(None).get(address).status_code == 404


def test_age_is_that_of_the_oldest(consultation: Consultation, chloe: Person, opens: Opens) -> None:
    statement = send_statement(consultation)
    Statement.objects.filter(pk=statement.pk).update(created_at=NOW - timedelta(days=2))
    newer = send_statement(consultation, "Plus tard")
    answer = opens(chloe).get(reverse("consultation:queue", args=[consultation.slug]))
    assert [one.statement for one in answer.context["queued"]] == [statement, newer]
    assert Participant.objects.filter(statements=statement).exists()


def test_shares_add_up_to_a_hundred() -> None:
    assert Counts(75, 100, 35).shares == (36, 47, 17)
    assert Counts(1, 1, 1).shares == (34, 33, 33)
    assert Counts(0, 0, 0).shares == (0, 0, 0)
    assert Counts(5, 0, 0).shares == (100, 0, 0)
