"""A guarantor stops everything, in public; whoever writes anything is refused, by every action of the room."""

import inspect
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import (
    AgendaItem,
    Amendment,
    Ballot,
    Contribution,
    Convention,
    ConventionDocument,
    ExpertAnswer,
    Hearing,
    Member,
    Milestone,
    MinorityOpinion,
    Note,
    OfficialAnswer,
    Paragraph,
    ParagraphVersion,
    Payment,
    Phase,
    Proposal,
    Question,
    Session,
    Survey,
    SurveyQuestion,
    Theme,
)
from antigone.errors import AntigoneError, NotAllowed, NotPossible, WrongInput
from antigone.library.models import Collection as Shelf
from antigone.library.models import Document
from antigone.selection.models import Draw
from tests.convention.conftest import Opens, move_to

STILL_POSSIBLE = {
    # What a guarantor does while it is frozen, and what concerns no convention yet.
    "create_convention", "freeze_convention", "lift_freeze", "write_observation",
    # What is one's own is taken back at any time.
    "erase_note", "revoke_consent",
    # They bring conventions of the past, which are there to be read, and take them away.
    "import_convention", "delete_reconstruction", "load_demo_conventions",
    # They take a code before they know of which convention: tested where codes are made.
    "join_convention", "open_account",
    # It wants two paragraphs before anything else, and is made up one here: tested with the writing.
    "merge_paragraphs",
}  # fmt: skip
WRITING = sorted(name for name in actions.__all__ if inspect.isfunction(getattr(actions, name)))
# What actions take by its name, where its type does not say enough.
NAMED: dict[str, Any] = {
    "role": "expert", "email": "marc@metro.example", "phase": "answers", "address": "/page", "language": "fr",
    "mandate": {"context": "x"}, "questions": [("Q ?", "level")], "mode": "phones", "state": "done",
    "number": 2, "amount": Decimal(10), "parts": ["Un.", "Deux."],
}  # fmt: skip
OF_ACTIONS: dict[tuple[str, str], Any] = {
    ("record_publication", "kind"): "briefing", ("record_payment", "kind"): "travel",
    ("save_passages", "language"): "en", ("save_translation", "language"): "en",
}  # fmt: skip
TYPED: dict[Any, Callable[[], Any]] = {
    str: lambda: "Quelques mots", int: lambda: 1, bool: lambda: True, datetime: timezone.now,
    date: timezone.localdate, Decimal: lambda: Decimal(10), bytes: lambda: b"x", Any: lambda: "x",
}  # fmt: skip
Things = dict[type[Model], Model]


@pytest.fixture
def things(convention: Convention, bob_member: Member, alice: Person) -> Things:
    """Give one of each thing that actions take; what a new action needs is added here."""
    now = timezone.now()
    theme = Theme.objects.create(convention=convention, title="Thème", position=1)
    made: list[Model] = [convention, bob_member, theme, convention.appointments.get(role="expert")]
    made += _make_sessions(convention, bob_member, now)
    made += _make_texts(convention, theme, bob_member, now)
    survey = Survey.objects.create(convention=convention, title="Questionnaire")
    SurveyQuestion.objects.create(survey=survey, position=0, text="Q ?")
    draw = Draw.objects.create(organisation=convention.organisation, title="T", size=10, people=20)
    return {type(thing): thing for thing in [*made, survey, draw]}


def _make_sessions(convention: Convention, member: Member, now: datetime) -> list[Model]:
    session = Session.objects.create(
        convention=convention, number=1, title="S", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    question = Question.objects.create(
        convention=convention, number=1, member=member, text="Q ?", asked_at=now
    )
    shelf = Shelf.objects.create(organisation=convention.organisation, name="Dossier", slug="dossier")
    document = Document.objects.create(collection=shelf, title="D")
    return [
        session,
        document,
        ConventionDocument.objects.create(convention=convention, document=document, added_at=now),
        AgendaItem.objects.create(session=session, starts_at=now, title="A"),
        Hearing.objects.create(convention=convention, expert_name="E", subject="S", interests="Aucun"),
        question,
        ExpertAnswer.objects.create(question=question, text="R", sources="S", answered_at=now),
        Payment.objects.create(member=member, kind="travel", amount=10, owed_at=now),
        Note.objects.create(member=member, text="N", saved_at=now),
    ]


def _make_texts(convention: Convention, theme: Theme, member: Member, now: datetime) -> list[Model]:
    proposal = Proposal.objects.create(convention=convention, theme=theme, number=1, title="P")
    paragraph = Paragraph.objects.create(proposal=proposal, position=1, text="Texte")
    answer = OfficialAnswer.objects.create(
        proposal=proposal, status="accepted", reasons="Oui", answerer="F", saved_at=now, published_at=now
    )
    return [
        proposal,
        paragraph,
        answer,
        ParagraphVersion.objects.create(paragraph=paragraph, number=1, text="Texte", saved_at=now),
        Amendment.objects.create(
            paragraph=paragraph, number=1, base=1, text="Autre", reason="R", member=member, proposed_at=now
        ),
        Ballot.objects.create(
            convention=convention, proposal=proposal, number=1, mode="phones", members=10, threshold=50,
            quorum=50, opened_at=now,
        ),
        MinorityOpinion.objects.create(
            convention=convention, number=1, title="O", text="T", member=member, written_at=now
        ),
        Contribution.objects.create(convention=convention, number=1, text="C", member=member, written_at=now),
        Milestone.objects.create(answer=answer, title="M", due_date=now.date()),
    ]  # fmt: skip


def arguments(action: Callable[..., object], things: Things, by: Person) -> dict[str, Any]:
    """Make up what an action needs, from the names and types of its parameters."""
    types = typing.get_type_hints(action)
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(action).parameters.items():
        if name in ("by", "person"):
            given[name] = by
        elif parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
            continue
        else:
            given[name] = OF_ACTIONS.get((action.__name__, name), NAMED.get(name)) or make_up(
                types[name], things
            )
    return given


def make_up(kind: Any, things: Things) -> Any:
    """Make up a value of a type: a row, a dataclass, one in a list, a word."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in things:
        return things[kind]
    if origin in (Sequence, Collection, list):
        return [make_up(inner[0], things), make_up(inner[0], things)]
    if origin is tuple:
        return tuple(make_up(one, things) for one in inner)
    if origin in (Mapping, dict):
        return {make_up(inner[0], things): make_up(inner[1], things)}
    if NoneType in inner:
        return None
    if inner:
        return make_up(inner[0], things)
    if is_dataclass(kind):
        types = typing.get_type_hints(kind)
        return kind(**{field.name: make_up(types[field.name], things) for field in fields(kind)})  # type: ignore[operator]
    return TYPED[kind]()


@pytest.mark.parametrize("name", [name for name in WRITING if name not in STILL_POSSIBLE])
def test_nothing_is_written_while_it_is_frozen(
    name: str, convention: Convention, things: Things, alice: Person, esther: Person,
    farid: Person, jeanne: Person, bob: Person, marc: Person,
) -> None:  # fmt: skip
    actions.freeze_convention(convention=convention, reason="Un doute", by=esther)
    action = getattr(actions, name)
    codes = set()
    for person in (alice, esther, farid, jeanne, bob, marc):
        with pytest.raises(AntigoneError) as caught:
            action(**arguments(action, things, person))
        assert isinstance(caught.value, NotAllowed | NotPossible)
        codes.add(caught.value.code)
    assert "convention_frozen" in codes


def test_a_freeze_is_public_with_its_reason_and_so_is_its_end(
    convention: Convention, esther: Person, opens: Opens
) -> None:
    address = f"/conventions/{convention.slug}/"
    assert (
        opens(esther).post(f"{address}gel/", {"reason": "Un <doute>", "action": "freeze"}).status_code == 302
    )
    page = opens(None).get(address).content.decode()
    assert page.count("Un &lt;doute&gt;") == 2
    assert opens(esther).post(f"{address}gel/", {"reason": "Levé", "action": "lift"}).status_code == 302
    page = opens(None).get(address).content.decode()
    assert page.count("Un &lt;doute&gt;") == 1
    assert "Levé" in page


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_freeze_never_goes_without_a_reason(convention: Convention, esther: Person, reason: str) -> None:
    with pytest.raises(WrongInput):
        actions.freeze_convention(convention=convention, reason=reason, by=esther)
    actions.freeze_convention(convention=convention, reason="Oui", by=esther)
    with pytest.raises(WrongInput):
        actions.lift_freeze(convention=convention, reason=reason, by=esther)


def test_guarantors_alone_freeze_and_lift(
    convention: Convention, alice: Person, farid: Person, jeanne: Person, bob: Person, olivia: Person,
    esther: Person, bob_member: Member, opens: Opens,
) -> None:  # fmt: skip
    others = (alice, farid, jeanne, bob, olivia)
    for person in others:
        with pytest.raises(NotAllowed):
            actions.freeze_convention(convention=convention, reason="Non", by=person)
    actions.freeze_convention(convention=convention, reason="Oui", by=esther)
    for person in others:
        with pytest.raises(NotAllowed):
            actions.lift_freeze(convention=convention, reason="Non", by=person)
        assert opens(person).post(f"/conventions/{convention.slug}/gel/", {"reason": "x"}).status_code == 404


def test_there_is_one_freeze_at_a_time(convention: Convention, esther: Person) -> None:
    actions.freeze_convention(convention=convention, reason="Un", by=esther)
    with pytest.raises(NotPossible):
        actions.freeze_convention(convention=convention, reason="Deux", by=esther)
    actions.lift_freeze(convention=convention, reason="Fini", by=esther)
    with pytest.raises(NotPossible):
        actions.lift_freeze(convention=convention, reason="Fini", by=esther)


def test_what_is_over_is_not_frozen(convention: Convention, esther: Person) -> None:
    move_to(convention, Phase.CLOSED)
    with pytest.raises(NotPossible):
        actions.freeze_convention(convention=convention, reason="Trop tard", by=esther)
