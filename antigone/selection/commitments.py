"""Commitments and draws as their published documents, and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from antigone.core.sortition import Commitment
from antigone.core.sortition.commitments import Digits, Round, Source, format_instant
from antigone.core.sortition.public_draw import FORMAT, Beacon, PublicDraw, Thrown

if TYPE_CHECKING:  # checks run in a process that has no database
    from antigone.selection import models

Document = Mapping[str, Any]

__all__ = ["describe_draw", "format_instant", "read_commitment", "read_draw", "read_instant", "read_source"]


def read_instant(text: str) -> datetime:
    """Read an instant as the engine writes it.

    >>> read_instant("2027-01-02T03:04:05Z").hour
    3
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_source(document: Document) -> Source:
    """Give the randomness that a commitment announces."""
    if document["kind"] == "digits":
        announced_at = read_instant(document["announced_at"])
        return Digits(document["event"], announced_at, document["faces"], document["throws"])
    return Round(document["chain"], document["genesis"], document["period"], document["round"])


def read_commitment(document: Document) -> Commitment:
    """Give the commitment that `Commitment.describe` described."""
    return Commitment(
        root=document["root"],
        pool=document["pool"],
        targets=document["targets"],
        panels=document["panels"],
        people=document["people"],
        panel_count=document["panel_count"],
        total_weight=int(document["total_weight"]),
        version=document["version"],
        source=read_source(document["randomness"]),
        committed_at=read_instant(document["committed_at"]),
    )


def read_draw(document: Document) -> PublicDraw:
    """Give the draw that `describe_draw` described."""
    fallen = document["outcome"]
    if "series" in fallen:
        series = tuple(tuple(numbers) for numbers in fallen["series"])
        outcome: Thrown | Beacon = Thrown(series, read_instant(fallen["drawn_at"]))
    else:
        outcome = Beacon(fallen["round"], fallen["signature"])
    return PublicDraw(
        read_commitment(document["commitment"]),
        outcome,
        document["panel"],
        tuple(document["members"]),
        document["seal"],
    )


def describe_draw(
    draw: "models.Draw", commitment: "models.Commitment", outcome: "models.Outcome"
) -> dict[str, Any]:
    """Give the public draw as its documented JSON, with its seal and the secret that opens the commitment."""
    members = draw.seats.order_by("respondent__pseudonym").values_list("respondent__pseudonym", flat=True)
    return {
        "format": FORMAT,
        "commitment": commitment.document,
        "outcome": outcome.document,
        "panel": outcome.panel,
        "members": list(members),
        "seal": outcome.seal,
        "secret": bytes(commitment.secret).hex(),
    }
