"""A guarantor stops everything, in public; whoever writes anything is refused, by every action of the room."""

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import UnionType
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.actions import Sources, Words
from antigone.convention.actions.answers import AnswerText
from antigone.convention.models import (
    AgendaItem,
    Amendment,
    Appointment,
    Ballot,
    Contribution,
    Convention,
    ConventionDocument,
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
from antigone.library.models import Collection, Document
from antigone.selection.codes import hash_code
from antigone.selection.models import Draw
from tests.convention.answering import make_text
from tests.convention.conftest import Opens, move_to

# What concerns no convention that a guarantor could freeze: it begins, comes whole from a file, or is taken away again.
WITHOUT_CONVENTION = {
    "create_convention", "import_convention", "delete_reconstruction", "load_demo_conventions",
}  # fmt: skip
# A member takes back their name and keeps notes of their own, whatever stands against it: rights, not writings to the
# convention.
RIGHTS = {"revoke_consent", "write_note", "save_note", "erase_note"}
# A guarantor's own, while it is frozen; not once it is closed.
GUARANTORS_OWN = {"freeze_convention", "lift_freeze", "write_observation"}
WRITING = sorted(
    name for name in actions.__all__
    if inspect.isfunction(getattr(actions, name)) and name not in WITHOUT_CONVENTION | RIGHTS
)  # fmt: skip
OVER = {"phase_closed", "convention_over", "nothing_to_freeze", "not_frozen"}
CODE = "0000-0000-0000"
# What actions take by its name, where its type does not say enough.
NAMED: dict[str, Any] = {
    "role": "expert", "email": "marc@metro.example", "phase": "answers", "kind": "briefing", "address": "/page",
    "mandate": {"context": "x"}, "questions": [("Q ?", "level")], "answers": {}, "version": 1,
    "language": "en", "numbers": [1], "passages": {}, "mode": "phones", "parts": ["Un", "Deux"],
    "code": CODE, "people": [], "states": {}, "payments": [],
}  # fmt: skip
TYPED: dict[Any, Callable[[], Any]] = {
    str: lambda: "Quelques mots", int: lambda: 1, bool: lambda: True, datetime: timezone.now,
    date: timezone.localdate, Decimal: lambda: Decimal(10), bytes: lambda: b"x",
    AnswerText: make_text, Sources: Sources, Words: lambda: Words("Quelques mots"),
}  # fmt: skip


@pytest.fixture
def things(convention: Convention, bob_member: Member) -> dict[type[Model], Model]:
    """Give one of each thing that actions take; what a new action needs is added here."""
    now = timezone.now()
    theme = Theme.objects.create(convention=convention, title="Thème", position=1)
    survey = Survey.objects.create(convention=convention, title="Questionnaire")
    proposal = Proposal.objects.create(convention=convention, theme=theme, number=1, title="P")
    answer = OfficialAnswer.objects.create(
        proposal=proposal, status="refused", reasons="Parce que", answerer="F", saved_at=now, published_at=now
    )
    SurveyQuestion.objects.create(survey=survey, position=0, text="Q ?")
    convention.members.filter(number=2).update(code_hash=hash_code(CODE))
    session = Session.objects.create(
        convention=convention, number=1, title="S", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    collection = Collection.objects.create(name="C", slug="c", organisation=convention.organisation)
    document = Document.objects.create(collection=collection, title="D", filename="d.txt")
    return {
        Convention: convention,
        Member: bob_member,
        Survey: survey,
        Theme: theme,
        Appointment: convention.appointments.get(role="expert"),
        Proposal: proposal,
        OfficialAnswer: answer,
        Milestone: Milestone.objects.create(answer=answer, title="É", due_date=timezone.localdate()),
        Session: session,
        AgendaItem: AgendaItem.objects.create(session=session, starts_at=now, title="A"),
        Document: document,
        ConventionDocument: ConventionDocument.objects.create(
            convention=convention, document=document, added_at=now
        ),
        Question: Question.objects.create(convention=convention, number=1, text="Q ?", asked_at=now),
        Note: Note.objects.create(member=bob_member, text="N", saved_at=now),
        Payment: Payment.objects.create(member=bob_member, kind="other", amount=1, owed_at=now),
        Hearing: Hearing.objects.create(
            convention=convention, expert_name="E", subject="S", interests="Aucun"
        ),
        Draw: Draw.objects.create(organisation=convention.organisation, title="T", size=10, people=20),
        **write_things(convention, proposal, bob_member),
    }


def write_things(convention: Convention, proposal: Proposal, member: Member) -> dict[type[Model], Model]:
    """Give one of each thing that members write and vote on."""
    now = timezone.now()
    paragraph = Paragraph.objects.create(proposal=proposal, position=1, text="Un texte")
    ParagraphVersion.objects.create(paragraph=paragraph, number=1, text="Un texte", saved_at=now)
    return {
        Contribution: Contribution.objects.create(
            convention=convention, number=1, text="Des mots", member=member, written_at=now
        ),
        Paragraph: paragraph,
        Amendment: Amendment.objects.create(
            paragraph=paragraph,
            number=1,
            base=1,
            text="Autrement",
            reason="Mieux",
            member=member,
            proposed_at=now,
        ),
        Ballot: Ballot.objects.create(
            convention=convention,
            proposal=proposal,
            number=1,
            mode="phones",
            members=10,
            threshold=50,
            quorum=50,
            opened_at=now,
        ),
        MinorityOpinion: MinorityOpinion.objects.create(
            convention=convention, number=1, title="O", text="Non", member=member, written_at=now
        ),
    }


def arguments(action: Callable[..., object], things: dict[type[Model], Model], by: Person) -> dict[str, Any]:
    """Make up what an action needs, from the names and types of its parameters."""
    types = typing.get_type_hints(action)
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(action).parameters.items():
        if name == "by":
            given[name] = by
        elif parameter.default is inspect.Parameter.empty and parameter.kind is not parameter.VAR_KEYWORD:
            given[name] = NAMED[name] if name in NAMED else make(types[name], things, by)
    return given


def make(kind: Any, things: dict[type[Model], Model], by: Person) -> Any:
    """Make one of a type: a thing of the convention, a list or a pair of them, or plain words."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Person:
        return by
    if kind in things:
        return things[kind]
    if origin is Mapping:
        return {}
    if origin is UnionType:
        return make(inner[0], things, by)
    if origin is tuple:
        return tuple(make(each, things, by) for each in inner)
    if origin is Sequence:
        return [make(inner[0], things, by)]
    return TYPED[kind]()


@pytest.mark.parametrize("name", WRITING)
def test_nothing_is_written_while_it_is_frozen_nor_once_it_is_closed(
    name: str, convention: Convention, things: dict[type[Model], Model], alice: Person, esther: Person,
    farid: Person, jeanne: Person, bob: Person, marc: Person,
) -> None:  # fmt: skip
    action = getattr(actions, name)
    everybody = (alice, esther, farid, jeanne, bob, marc)
    if name not in GUARANTORS_OWN:
        freeze = actions.freeze_convention(convention=convention, reason="Un doute", by=esther)
        assert "convention_frozen" in refuse_all(action, things, everybody)
        freeze.delete()
    move_to(convention, Phase.CLOSED)
    assert refuse_all(action, things, everybody) & OVER


def refuse_all(
    action: Callable[..., object], things: dict[type[Model], Model], people: Sequence[Person]
) -> set[str]:
    """Have everybody try, see that nobody may, and give the reasons told."""
    codes = set()
    for person in people:
        given = arguments(action, things, person)
        if "paragraphs" in given and action is actions.merge_paragraphs:
            other = Paragraph.objects.create(proposal=things[Proposal], position=2, text="Un autre")
            given["paragraphs"].append((other, 1))
        with pytest.raises(AntigoneError) as caught:
            action(**given)
        assert isinstance(caught.value, NotAllowed | NotPossible)
        codes.add(caught.value.code)
    return codes


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_is_a_right_stays_possible(
    is_closed: bool, convention: Convention, bob_member: Member, bob: Person, esther: Person
) -> None:
    actions.consent_to_name(convention=convention, by=bob)
    if is_closed:
        move_to(convention, Phase.CLOSED)
    else:
        actions.freeze_convention(convention=convention, reason="Un doute", by=esther)
    assert actions.revoke_consent(convention=convention, by=bob).published_name == ""
    note = actions.write_note(convention=convention, text="Pour moi", by=bob)
    note = actions.save_note(note=note, text="Pour moi seul", version=1, by=bob)
    actions.erase_note(note=note, by=bob)
    assert not bob_member.notes.exists()


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
