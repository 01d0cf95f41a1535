"""What the votes on a statement say, to be kept by whoever cites it."""

from collections.abc import Iterable
from typing import Any

from antigone.consultation.models import Picture, Statement
from antigone.consultation.opendata.withholding import COUNTS, publish_statement

KEPT = (*COUNTS, "group_aware_consensus", "group_aware_consensus_disagree", "groups")


def describe_statements(statements: Iterable[Statement]) -> dict[int, dict[str, Any]]:
    """Give, by primary key, which statement it is, and the figures of the live picture, small counts withheld.

    Each says the fingerprint of its picture and when that was drawn; without a picture there are no figures.
    """
    chosen = list(statements)
    wanted = {one.consultation_id for one in chosen}
    pictures = {one.consultation_id: one for one in Picture.objects.live().filter(consultation__in=wanted)}
    return {one.pk: _describe(one, pictures.get(one.consultation_id)) for one in chosen}


def _describe(statement: Statement, picture: Picture | None) -> dict[str, Any]:
    told: dict[str, Any] = {"consultation": statement.consultation.slug, "number": statement.number}
    figures = picture.figures.get("statements", {}).get(str(statement.number)) if picture else None
    if picture is None or figures is None:
        return told
    published = publish_statement(figures)
    return (
        told
        | {name: published[name] for name in KEPT}
        | {
            "fingerprint": picture.fingerprint,
            "drawn_at": picture.drawn_at.isoformat(),
        }
    )
