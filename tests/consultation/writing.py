"""Statements that participants sent, and how they stand."""

from django.utils import timezone

from antigone.consultation.actions.submissions import make_key
from antigone.consultation.models import Consultation, ModerationDecision, Participant, Statement

SECRET = "SECRET-propos que personne ne doit lire"


def send_statement(
    consultation: Consultation,
    text: str = SECRET,
    *,
    state: str = Statement.State.WAITING,
    author: Participant | None = None,
) -> Statement:
    """Send a statement of a participant, in the state given."""
    now = timezone.now()
    consultation.refresh_from_db()
    consultation.last_statement += 1
    consultation.save(update_fields=["last_statement"])
    return Statement.objects.create(
        consultation=consultation,
        number=consultation.last_statement,
        text=text,
        key=make_key(text),
        author=author or Participant.objects.create(consultation=consultation, joined_at=now),
        state=state,
        created_at=now,
    )


def find_seen(*statements: Statement) -> dict[int, int]:
    """Give the last decision on each statement, as a page shows it now."""
    seen = {}
    for statement in statements:
        last = ModerationDecision.objects.filter(statement=statement).order_by("-pk").first()
        seen[statement.number] = last.pk if last else 0
    return seen
