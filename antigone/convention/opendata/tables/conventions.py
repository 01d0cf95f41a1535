"""The mandate, who is appointed, the phases, what is published, the members as everybody knows them."""

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace

from django.utils.translation import gettext_noop as _

from antigone.convention.models import (
    Appointment,
    Convention,
    Departure,
    Freeze,
    MandateChange,
    Member,
    Phase,
    PhaseOpening,
    Publication,
)
from antigone.convention.opendata.columns import choice, date, decimal, instant, number, text, yes_no
from antigone.convention.opendata.schema import Scope, Table


def read_members(scope: Scope) -> Iterable[Member]:
    """Give the members by their public names, numbered in that order."""
    members = scope.convention.members.in_bulk(scope.member_order)
    for index, pk in enumerate(scope.member_order, 1):
        member = members[pk]
        member.order = index  # type: ignore[attr-defined]
        yield member


def read_features(scope: Scope) -> Iterable[SimpleNamespace]:
    """Count the members who sit by what the draw counted: totals, never the values of one person."""
    listed = scope.convention.members.sitting().values_list("features", flat=True)
    totals = Counter(pair for features in listed for pair in features.items())
    for feature, value in sorted(totals):
        yield SimpleNamespace(feature=feature, value=value, members=totals[feature, value])


CONVENTION_TABLES = (
    Table(
        name="convention",
        meaning=_("The mandate of the convention: one line."),
        model=Convention,
        is_single=True,
        read=lambda scope: [scope.convention],
        fields=(
            text("title", "Title", 200),
            text("question", "Question put to the convention", 1_000),
            text("commissioner", "Commissioning body", 200),
            text("context", "Why this convention", 5_000, required=False),
            text("commitment", "What the elected officials commit to", 2_000, required=False),
            text("criteria", "Criteria of the panel", 2_000, required=False),
            number("seats", "How many members the mandate asks for"),
            decimal("budget", "Budget in euros", 10, required=False),
            text("funding", "Who pays", 1_000, required=False),
            date("starts_date", "First day", required=False),
            date("ends_date", "Last day", required=False),
            date("answers_due_date", "Day by which each proposal is to be answered", required=False),
            decimal("indemnity", "Indemnity of a member for a day, in euros", 6),
            number(
                "vote_threshold",
                "A text is kept where this share of the judgments, in %, is at levels 4 and 5",
            ),
            number("vote_quorum", "Share of the members who must vote, in %"),
            text("language", "Language of the convention (ISO 639-1)", 8),
            choice("phase", "Where the convention is", Phase.values),
            instant("published_at", "When the mandate was published"),
            instant("closed_at", "When the convention was closed", required=False),
            text(
                "sources",
                "Public sources of a reconstruction; empty where the convention was held in Antigone",
                20_000,
                required=False,
            ),
        ),
    ),
    Table(
        name="committee",
        meaning=_("Who is appointed: facilitators, guarantors, experts, elected officials."),
        model=Appointment,
        read=lambda scope: scope.convention.appointments.order_by("role", "pk"),
        fields=(
            text("name", "Name", 150),
            choice("role", "Role", Appointment.Role.values),
            text("title", "Function", 200, required=False),
        ),
    ),
    Table(
        name="departures",
        meaning=_("Who left the team once the mandate was published, and why."),
        model=Departure,
        read=lambda scope: scope.convention.departures.order_by("left_at", "pk"),
        fields=(
            text("name", "Name", 150),
            choice("role", "Role", Appointment.Role.values),
            text("title", "Function", 200, required=False),
            text("reason", "Reason", 2_000),
            yes_no("is_own", "Whether they left by themself"),
            instant("left_at", "When"),
        ),
    ),
    Table(
        name="mandate_changes",
        meaning=_("What the published mandate said before it was corrected, and why it was."),
        model=MandateChange,
        read=lambda scope: scope.convention.mandate_changes.order_by("changed_at", "pk"),
        fields=(
            text("field", "Field of the mandate", 40),
            text("before", "What it said", 20_000, required=False),
            text("after", "What it says since", 20_000, required=False),
            text("reason", "Why it was changed", 2_000),
            instant("changed_at", "When"),
        ),
    ),
    Table(
        name="phases",
        meaning=_("When each phase began."),
        model=PhaseOpening,
        unique=(("phase",),),
        read=lambda scope: scope.convention.openings.order_by("opened_at", "pk"),
        fields=(
            choice("phase", "Phase", Phase.values),
            instant("opened_at", "When it began"),
        ),
    ),
    Table(
        name="publications",
        meaning=_("What was published, after the principles of the OECD, and where."),
        model=Publication,
        unique=(("kind",),),
        read=lambda scope: scope.convention.publications.order_by("published_at", "pk"),
        fields=(
            choice("kind", "What is published", Publication.Kind.values),
            text("address", "Address, or path in this Antigone", 500),
            instant("published_at", "When"),
        ),
    ),
    Table(
        name="freezes",
        meaning=_("Phases that a guarantor stopped, and why."),
        model=Freeze,
        read=lambda scope: scope.convention.freezes.order_by("frozen_at", "pk"),
        fields=(
            choice("phase", "Phase that was stopped", Phase.values),
            text("reason", "Reason", 2_000),
            instant("frozen_at", "When it was stopped"),
            instant("lifted_at", "When the freeze was lifted", required=False),
            text("lifting_reason", "Why it was lifted", 2_000, required=False),
        ),
    ),
    Table(
        name="members",
        meaning=_("The members under the name that each has in public, in the order of these names."),
        model=Member,
        key="member",
        unique=(("member",),),
        read=read_members,
        adds=lambda line, now: {"joined_at": now, "left_at": None if line["is_sitting"] else now},
        fields=(
            number("member", "Number in this file alone: not the seat", source="order", attribute="number"),
            text(
                "name",
                "Pseudonym, or name of a member who wants it public",
                150,
                source="shown_name",
                attribute="pseudonym",
            ),
            yes_no("is_sitting", "Whether the member still sits", attribute=""),
        ),
    ),
    Table(
        name="features",
        meaning=_("How many members have each value of each criterion: totals only."),
        unique=(("feature", "value"),),
        read=read_features,
        fields=(
            text("feature", "Criterion", 200),
            text("value", "Value", 200),
            number("members", "Members who have it"),
        ),
    ),
)
