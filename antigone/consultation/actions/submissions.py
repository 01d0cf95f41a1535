"""Participants add statements, and take their own away."""

import re
import unicodedata
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from antigone.consultation.actions.rights import lock_open, require_open_door
from antigone.consultation.actions.voting import unknown_participant
from antigone.consultation.models import Consultation, ModerationDecision, Participant, Statement
from antigone.errors import NotFound, NotPossible, WrongInput

KEY_LENGTH = 500
# Characters that show nothing, or turn the text that follows around.
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
# What marks of one letter above another are needed by no language here.
MOST_MARKS = 4
ADDRESS = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|fr|org|net|eu|info|io)\b(?!\w)", re.IGNORECASE)


def clean_words(text: str) -> str:
    """Give a text in one line, composed, without what is not seen and what turns the text around.

    >>> clean_words(" Des\\u200b bancs\\n partout ")
    'Des bancs partout'
    """
    composed = unicodedata.normalize("NFC", re.sub(r"\s+", " ", text))
    seen = "".join(char for char in composed if unicodedata.category(char) not in INVISIBLE)
    return re.sub(r" +", " ", _thin_marks(seen)).strip()


def clean_statement(text: str, consultation: Consultation) -> str:
    """Give a text as it is kept: one line, composed, without characters that show nothing.

    Raise WrongInput where there are no words in it, too many, or an address to click on.
    """
    cleaned = clean_words(text)
    if not make_key(cleaned):
        raise WrongInput("statement_empty", gettext_noop("Write a statement: there are no words in it."))
    if len(cleaned) > consultation.statement_length:
        raise WrongInput(
            "statement_too_long",
            gettext_noop(
                "This statement has %(count)d characters and %(most)d are possible. "
                "Say one thing, in one sentence."
            ),
            count=len(cleaned),
            most=consultation.statement_length,
        )
    if ADDRESS.search(cleaned):
        raise WrongInput(
            "statement_with_address",
            gettext_noop("A statement has no web address in it. Say in words what you mean."),
        )
    return cleaned


def make_key(text: str) -> str:
    """Give a text as it is compared: without case, accents, punctuation and doubled spaces.

    >>> make_key("  L’École, c'est 2 fois NON ! ")
    'l ecole c est 2 fois non'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", kept))[:KEY_LENGTH]


def submit_statement(
    *, consultation: Consultation, participant_id: int | None, text: str, network: str, now: datetime
) -> Statement:
    """Add a statement of a participant, who is made one where there is none yet (`Statement.author`).

    It is shown at once or waits for a moderator, by the rule of the consultation.
    """
    with transaction.atomic():
        locked = lock_open(consultation, now)
        if not locked.takes_statements:
            raise NotPossible(
                "takes_no_statements",
                gettext_noop(
                    "This consultation takes no statements from participants. Vote on those there are."
                ),
            )
        cleaned = clean_statement(text, locked)
        refuse_twin(locked, cleaned)
        author = _find_author(locked, participant_id, network, now)
        is_shown = locked.moderation == Consultation.Moderation.AFTER
        return Statement.objects.create(
            consultation=locked,
            number=take_number(locked),
            text=cleaned,
            key=make_key(cleaned),
            author=author,
            state=Statement.State.ACCEPTED if is_shown else Statement.State.WAITING,
            created_at=now,
        )


def withdraw_statement(
    *, consultation: Consultation, participant_id: int, number: int, now: datetime
) -> Statement:
    """Take one's own statement away: its text goes at once, its number stays and says so."""
    with transaction.atomic():
        mine = consultation.statements.select_for_update().filter(author=participant_id, number=number)
        statement = mine.exclude(state=Statement.State.WITHDRAWN).first()
        if statement is None:
            raise NotFound(
                "not_your_statement", gettext_noop("This statement is not yours, or is gone already.")
            )
        ModerationDecision.objects.filter(statement=statement).update(before="")
        statement.text = statement.key = ""
        if statement.state != Statement.State.MERGED:
            statement.state = Statement.State.WITHDRAWN
        statement.save(update_fields=["text", "key", "state"])
    return statement


def take_number(consultation: Consultation) -> int:
    """Take the next number of a locked consultation."""
    consultation.last_statement += 1
    consultation.save(update_fields=["last_statement"])
    return consultation.last_statement


def refuse_twin(consultation: Consultation, text: str) -> None:
    """Raise NotPossible where the very same is there already; what was rejected is not said again either."""
    twin = consultation.statements.filter(key=make_key(text)).first()
    if twin is None:
        return
    if twin.is_open:
        raise NotPossible(
            "statement_there_already",
            gettext_noop("Statement %(number)d says exactly this already. Vote on it."),
            number=twin.number,
        )
    raise NotPossible(
        "statement_handled_already",
        gettext_noop(
            "The same statement was sent before; it waits for the moderators, or they did not keep it."
        ),
    )


def _find_author(
    consultation: Consultation, participant_id: int | None, network: str, now: datetime
) -> Participant:
    if participant_id is None:
        require_open_door(consultation)
        return Participant.objects.create(consultation=consultation, network=network, joined_at=now)
    author = consultation.participants.filter(pk=participant_id).first()
    if author is None:
        raise unknown_participant()
    if author.statements.count() >= consultation.statements_each:
        raise NotPossible(
            "statements_enough",
            gettext_noop("You have sent %(count)d statements, the most that one participant may. Thank you."),
            count=consultation.statements_each,
        )
    return author


def _thin_marks(text: str) -> str:
    """Drop the marks heaped on one letter beyond what any language writes."""
    kept: list[str] = []
    heap = 0
    for char in text:
        heap = heap + 1 if unicodedata.combining(char) else 0
        if heap <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
