"""Statements of participants: what is refused, how a text is kept, whose it is, how it is taken away."""

import pytest
from django.core.cache import caches
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.submissions import clean_statement, make_key, submit_statement
from antigone.consultation.cookies import name_cookie
from antigone.consultation.models import Consultation, Participant, Statement
from antigone.errors import AntigoneError, NotPossible, WrongInput
from tests.consultation.conftest import Opens
from tests.consultation.town import WORDS

SUBMIT = "/consultations/vivre-ici/voter/proposer/"
REVIEW = "/consultations/vivre-ici/voter/revoir/"
TEXT = "La piscine devrait ouvrir tous les dimanches matin."


@pytest.fixture(autouse=True)
def calm() -> None:
    """Begin each test without the tries of the one before."""
    caches["memory"].clear()


def submit(consultation: Consultation, text: str, participant_id: int | None = None) -> Statement:
    return submit_statement(
        consultation=consultation,
        participant_id=participant_id,
        text=text,
        network="",
        now=timezone.now(),
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  La \t piscine\r\n rouvre  ", "La piscine rouvre"),
        ("La pi\u200bsci\u200dne\ufeff rou\u00advre", "La piscine rouvre"),
        ("\u202eLa piscine\u202c \u2066rouvre\u2069", "La piscine rouvre"),
        ("e\u0301cole", "école"),
        ("<b>La</b> piscine & <script>", "<b>La</b> piscine & <script>"),
        ("افتحوا المسبح", "افتحوا المسبح"),
        ("TOUT EN CAPITALES", "TOUT EN CAPITALES"),
        ("Zalgo a" + "\u0301" * 30, "Zalgo á" + "\u0301" * 4),
    ],
)
def test_text_is_kept_without_what_cannot_be_seen(consultation: Consultation, typed: str, kept: str) -> None:
    assert clean_statement(typed, consultation) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "statement_empty"),
        (" \n\t ", "statement_empty"),
        ("\u200b\u200d\u202e", "statement_empty"),
        ("?!… — « »", "statement_empty"),
        ("a" * 141, "statement_too_long"),
        ("Achetez sur https://exemple.test", "statement_with_address"),
        ("Achetez sur WWW.EXEMPLE", "statement_with_address"),
        ("Achetez sur exemple.com", "statement_with_address"),
    ],
)
def test_text_that_cannot_be_voted_on_is_refused(consultation: Consultation, typed: str, code: str) -> None:
    with pytest.raises(WrongInput) as told:
        submit(consultation, typed)
    assert told.value.code == code
    assert Statement.objects.count() == len(WORDS)
    assert not Participant.objects.exists()


def test_length_is_counted_after_cleaning(consultation: Consultation) -> None:
    assert len(clean_statement("e\u0301" * 140 + "  \u200b", consultation)) == 140


@pytest.mark.parametrize(
    "twin", [TEXT.upper(), "la piscine, devrait ouvrir  TOUS les dimanches matin", TEXT + "!"]
)
def test_the_same_is_not_there_twice(consultation: Consultation, twin: str) -> None:
    assert make_key(twin) == make_key(TEXT)
    Consultation.objects.update(moderation=Consultation.Moderation.AFTER)
    number = submit(consultation, TEXT).number
    with pytest.raises(NotPossible) as told:
        submit(consultation, twin)
    assert (told.value.code, told.value.params["number"]) == ("statement_there_already", number)


def test_what_waits_or_was_rejected_is_not_quoted_to_who_sends_it_again(consultation: Consultation) -> None:
    submit(consultation, TEXT)
    for state in (Statement.State.WAITING, Statement.State.REJECTED):
        Statement.objects.filter(key=make_key(TEXT)).update(state=state)
        with pytest.raises(NotPossible) as told:
            submit(consultation, TEXT)
        assert told.value.code == "statement_handled_already"
        assert "number" not in told.value.params


@pytest.mark.parametrize(("rule", "state"), [("before", "waiting"), ("after", "accepted")])
def test_moderation_decides_whether_it_is_shown_at_once(
    consultation: Consultation, rule: str, state: str
) -> None:
    Consultation.objects.update(moderation=rule)
    made = submit(consultation, TEXT)
    assert (made.state, made.number, made.is_seed, made.read_at) == (state, 9, False, None)
    assert Consultation.objects.get().last_statement == 9


def test_one_participant_sends_only_so_many(consultation: Consultation) -> None:
    Consultation.objects.update(statements_each=2)
    author = submit(consultation, TEXT).author
    assert author is not None
    submit(consultation, "Une autre idée.", author.pk)
    with pytest.raises(NotPossible) as told:
        submit(consultation, "Encore une autre idée.", author.pk)
    assert told.value.code == "statements_enough"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"takes_statements": False}, "takes_no_statements"),
        ({"door": "code"}, "door_closed"),
        ({"closed_at": timezone.now()}, "consultation_closed"),
        ({"published_at": None}, "consultation_not_open"),
    ],
)
def test_rules_hold_in_the_action(consultation: Consultation, change: dict[str, object], code: str) -> None:
    Consultation.objects.update(**change)
    with pytest.raises(AntigoneError) as told:
        submit(consultation, TEXT)
    assert told.value.code == code


def test_participant_of_another_consultation_is_nobody_here(consultation: Consultation) -> None:
    with pytest.raises(WrongInput) as told:
        submit(consultation, TEXT, 999_999)
    assert told.value.code == "unknown_participant"


def test_visitor_submits_and_finds_it_again(consultation: Consultation, opens: Opens) -> None:
    visitor = opens(None)
    assert name_cookie(consultation.pk) not in visitor.cookies
    response = visitor.post(SUBMIT, {"text": TEXT})
    assert response.headers["Location"] == REVIEW
    assert name_cookie(consultation.pk) in visitor.cookies
    page = visitor.get(REVIEW).content.decode()
    assert TEXT in page
    assert TEXT not in opens(None).get(REVIEW).content.decode()
    assert TEXT not in opens(None).get("/consultations/vivre-ici/affirmations/").content.decode()


def test_what_is_alike_is_shown_first_and_one_may_go_on(consultation: Consultation, opens: Opens) -> None:
    visitor = opens(None)
    text = "Le centre devrait être fermé aux voitures tous les dimanches."
    page = visitor.post(SUBMIT, {"text": text}).content.decode()
    assert WORDS[2] in page
    assert "?affirmation=3" in page
    assert text in page
    assert Statement.objects.count() == len(WORDS)
    assert visitor.post(SUBMIT, {"text": text, "different": "1"}).status_code == 302
    assert Statement.objects.get(number=9).text == text


def test_exact_twin_leads_to_the_vote(consultation: Consultation, opens: Opens) -> None:
    consultation.statements.filter(number=1).update(key=make_key(WORDS[0]))
    response = opens(None).post(SUBMIT, {"text": WORDS[0].upper(), "different": "1"})
    assert response.status_code == 422
    assert "?affirmation=1" in response.content.decode()


@pytest.mark.parametrize("typed", ["", "x" * 6_000, "a\x00b", "?"])
def test_page_keeps_what_was_typed_and_says_what_is_wrong(
    consultation: Consultation, opens: Opens, typed: str
) -> None:
    response = opens(None).post(SUBMIT, {"text": typed})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert not Participant.objects.exists()


def test_html_is_shown_as_text(consultation: Consultation, opens: Opens) -> None:
    Consultation.objects.update(moderation=Consultation.Moderation.AFTER)
    visitor = opens(None)
    visitor.post(SUBMIT, {"text": "<script>alert(1)</script> la piscine"})
    for address in (REVIEW, "/consultations/vivre-ici/affirmations/"):
        page = visitor.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; la piscine" in page


def test_only_its_author_takes_a_statement_away(
    consultation: Consultation, opens: Opens, alice: Person
) -> None:
    author = opens(None)
    author.post(SUBMIT, {"text": TEXT})
    address = f"{SUBMIT}9/retirer/"
    other = opens(None)
    other.post(SUBMIT, {"text": "Une autre idée."})
    assert [opens(None).post(address).status_code, opens(alice).post(address).status_code] == [404, 404]
    assert other.post(address).status_code == 404
    assert author.get(address).status_code == 405
    assert author.post(address).headers["Location"] == REVIEW
    gone = Statement.objects.get(number=9)
    assert (gone.state, gone.text, gone.key) == (Statement.State.WITHDRAWN, "", "")
    assert author.post(address).status_code == 404
