"""Statements that say nearly the same as a text."""

from antigone.consultation.actions.submissions import make_key
from antigone.consultation.models import Consultation, Statement

LEAST_SHARED = 0.4
MOST_SHOWN = 5


def find_similar(consultation: Consultation, text: str) -> list[Statement]:
    """Give the accepted statements nearest to a text, the nearest first: the same words, or many of them."""
    words = set(make_key(text).split())
    near = []
    for statement in consultation.statements.accepted():
        others = set(make_key(statement.text).split())
        shared = len(words & others) / max(len(words | others), 1)
        if shared >= LEAST_SHARED:
            near.append((-shared, statement.number, statement))
    return [statement for *_order, statement in sorted(near)[:MOST_SHOWN]]
