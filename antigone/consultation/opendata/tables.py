"""The tables of the open data, each field with what it means: export, page, schema and documentation follow them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from antigone.consultation.models import (
    Choice,
    Consultation,
    ModerationDecision,
    Statement,
)
from antigone.consultation.opendata.schema import LICENCE, Field, Kind, Scope, Table
from antigone.consultation.opendata.withholding import COUNTS
from antigone.consultation.wording import name_group

NUMBER, TEXT, DECIMAL, YES_NO = Kind.NUMBER, Kind.TEXT, Kind.DECIMAL, Kind.YES_NO
SIDES = ("agree", "disagree")
UNKNOWN = "not_said"


def read_consultation(scope: Scope) -> Iterator[tuple[Any, ...]]:
    one, figures = scope.consultation, scope.figures
    part = figures.get("participation", {})
    yield (
        one.title, one.question, one.context, one.asked_by, one.use, one.opens_date, one.closes_date,
        one.moderation, one.door,
        *(part.get(name) for name in ("participants", "grouped", *COUNTS, "median_votes")),
        figures.get("clear_groups"), figures.get("silhouette"), scope.fingerprint, scope.drawn_at, LICENCE,
    )  # fmt: skip


def read_statements(scope: Scope) -> Iterator[tuple[Any, ...]]:
    told = scope.figures.get("statements", {})
    names = (
        *COUNTS, "important", "group_aware_consensus", "group_aware_consensus_disagree", "gap", "split", "extremity",
    )  # fmt: skip
    for number, one in scope.statements.items():
        figures = told.get(str(number), {})
        yield (number, one.text, one.is_seed, one.is_meta, *(figures.get(name) for name in names))


def read_groups(scope: Scope) -> Iterator[tuple[Any, ...]]:
    for group, size in scope.figures.get("group_sizes", {}).items():
        yield name_group(int(group)), size


def read_group_votes(scope: Scope) -> Iterator[tuple[Any, ...]]:
    for number, figures in scope.figures.get("statements", {}).items():
        for group, counts in figures["groups"].items():
            values = [counts[name] for name in COUNTS] if counts else [None] * len(COUNTS)
            yield int(number), name_group(int(group)), *values, counts is None


def read_representative(scope: Scope) -> Iterator[tuple[Any, ...]]:
    names = ("statement", "side", "count", "votes", "probability", "ratio")
    for group, chosen in scope.figures.get("representative", {}).items():
        for place, one in enumerate(chosen, 1):
            yield name_group(int(group)), place, *(one.get(name) for name in names)


def read_findings(scope: Scope) -> Iterator[tuple[Any, ...]]:
    for name in ("consensus", "shared"):
        for side, numbers in scope.figures.get(name, {}).items():
            for place, number in enumerate(numbers, 1):
                yield name, side, place, number
    for place, number in enumerate(scope.figures.get("divisive", ()), 1):
        yield "divisive", "", place, number


def read_channels(scope: Scope) -> Iterator[tuple[Any, ...]]:
    yield from scope.figures.get("channels", {}).items()


def read_profiles(scope: Scope) -> Iterator[tuple[Any, ...]]:
    for question in scope.profile:
        for one in question["options"]:
            yield question["question"], one["option"], one["people"], one["share"], question["source"]


def read_moderation(scope: Scope) -> Iterator[tuple[Any, ...]]:
    """Count statements by what became of them; those rejected by the reason that was given last."""
    statements = scope.consultation.statements
    states = Counter(statements.values_list("state", flat=True))
    rejected = statements.filter(state=Statement.State.REJECTED)
    decisions = ModerationDecision.objects.filter(statement__in=rejected, kind=ModerationDecision.Kind.REJECT)
    last = dict(decisions.order_by("decided_at", "pk").values_list("statement", "reason"))
    reasons = Counter(last.values())
    for state in Statement.State.values:
        if state != Statement.State.REJECTED:
            yield state, "", states[state]
    for reason in ModerationDecision.Reason.values:
        yield Statement.State.REJECTED.value, reason, reasons[reason]
    yield Statement.State.REJECTED.value, UNKNOWN, states[Statement.State.REJECTED] - len(last)


def read_choices(scope: Scope) -> Iterator[tuple[Any, ...]]:
    for one in scope.consultation.choices.order_by("made_at", "pk"):
        yield one.made_at, one.kind, one.before, one.after, one.reason


COUNT_FIELDS = (
    Field("votes", NUMBER, "Votes that hold; empty where withheld", is_required=False),
    Field("agrees", NUMBER, "Of which agree", is_required=False),
    Field("disagrees", NUMBER, "Of which disagree", is_required=False),
    Field("passes", NUMBER, "Of which pass", is_required=False),
)
TABLES = (
    Table(
        name="consultation",
        meaning=_("The question, who asks, the rules, and how many took part."),
        is_single=True,
        read=read_consultation,
        fields=(
            Field("title", TEXT, "Title"),
            Field("question", TEXT, "Question"),
            Field("context", TEXT, "What one should know", is_required=False),
            Field("asked_by", TEXT, "Who is asking"),
            Field("use", TEXT, "What will be done with it", is_required=False),
            Field("opens_date", Kind.DATE, "First day", is_required=False),
            Field("closes_date", Kind.DATE, "Last day", is_required=False),
            Field("moderation", TEXT, "When statements are read", choices=tuple(Consultation.Moderation.values)),
            Field("door", TEXT, "Who may vote", choices=tuple(Consultation.Door.values)),
            Field("participants", NUMBER, "Participants; empty before the first picture", is_required=False),
            Field("grouped", NUMBER, "Participants who voted enough to be in a group", is_required=False),
            *COUNT_FIELDS,
            Field("median_votes", DECIMAL, "Half of the participants cast as many votes or more", is_required=False),
            Field("clear_groups", YES_NO, "Whether opinions fall into clear groups", is_required=False),
            Field("silhouette", DECIMAL, "How clearly apart the groups stand, 1 at most", is_required=False),
            Field("fingerprint", TEXT, "SHA-256 of a salt and of the votes behind the figures", is_required=False),
            Field("drawn_at", Kind.INSTANT, "When they were", is_required=False),
            Field("licence", TEXT, "Under which conditions these data may be used again"),
        ),
    ),
    Table(
        name="statements",
        meaning=_("The accepted statements, with the votes on each."),
        read=read_statements,
        fields=(
            Field("number", NUMBER, "Number of the statement, which never changes"),
            Field("text", TEXT, "Statement"),
            Field("is_seed", YES_NO, "Whether the organisers wrote it"),
            Field("is_meta", YES_NO, "Whether it is about the consultation itself: then it is in no finding"),
            *COUNT_FIELDS,
            Field("important", NUMBER, "Participants to whom it is important; empty from 1 to 4", is_required=False),
            Field(
                "group_aware_consensus", DECIMAL,
                "Product of each group’s probability to agree; empty where a group is withheld", is_required=False,
            ),
            Field("group_aware_consensus_disagree", DECIMAL, "The same to disagree", is_required=False),
            Field("gap", DECIMAL, "How far apart the two furthest groups are", is_required=False),
            Field("split", DECIMAL, "How evenly all votes agree and disagree", is_required=False),
            Field("extremity", DECIMAL, "How much it spreads the map", is_required=False),
        ),
    ),
    Table(
        name="groups",
        meaning=_("The groups of opinion, and how many people are in each."),
        read=read_groups,
        fields=(
            Field("group", TEXT, "Letter of the group"),
            Field("participants", NUMBER, "People in it"),
        ),
    ),
    Table(
        name="group_votes",
        meaning=_("The votes of each group on each statement, those withheld marked so."),
        read=read_group_votes,
        fields=(
            Field("statement", NUMBER, "Number of the statement"),
            Field("group", TEXT, "Letter of the group"),
            *COUNT_FIELDS,
            Field("is_withheld", YES_NO, "Whether the counts are withheld, for themselves or to protect others"),
        ),
    ),
    Table(
        name="representative",
        meaning=_("What tells each group from the others."),
        read=read_representative,
        fields=(
            Field("group", TEXT, "Letter of the group"),
            Field("place", NUMBER, "Place in its list"),
            Field("statement", NUMBER, "Number of the statement"),
            Field("side", TEXT, "What it says of it", choices=SIDES),
            Field("count", NUMBER, "How many of its votes say so", is_required=False),
            Field("votes", NUMBER, "Its votes on the statement", is_required=False),
            Field("probability", DECIMAL, "Probability that one of it says so", is_required=False),
            Field("ratio", DECIMAL, "The same, over that of the others", is_required=False),
        ),
    ),
    Table(
        name="findings",
        meaning=_("What all agree or disagree on, what a majority of every group shares, what divides."),
        read=read_findings,
        fields=(
            Field(
                "finding", TEXT, "Of all together, of every group, or what divides",
                choices=("consensus", "shared", "divisive"),
            ),
            Field("side", TEXT, "On which side", is_required=False, choices=SIDES),
            Field("place", NUMBER, "Place in its list"),
            Field("statement", NUMBER, "Number of the statement"),
        ),
    ),
    Table(
        name="channels",
        meaning=_("How people took part: online, on paper, by telephone."),
        read=read_channels,
        fields=(
            Field("channel", TEXT, "How"),
            Field("participants", NUMBER, "Participants; empty where withheld", is_required=False),
        ),
    ),
    Table(
        name="profiles",
        meaning=_("What participants chose to say of themselves, beside the shares of the inhabitants."),
        read=read_profiles,
        fields=(
            Field("question", TEXT, "Question"),
            Field("answer", TEXT, "Answer"),
            Field("participants", NUMBER, "Participants; empty where withheld", is_required=False),
            Field("share", DECIMAL, "Share of the inhabitants, in %", is_required=False),
            Field("source", TEXT, "Source of the shares", is_required=False),
        ),
    ),
    Table(
        name="moderation",
        meaning=_("How many statements were accepted, merged, withdrawn, rejected and for which reason."),
        read=read_moderation,
        fields=(
            Field("state", TEXT, "What became of them", choices=tuple(Statement.State.values)),
            Field(
                "reason", TEXT, "Why they were rejected", is_required=False,
                choices=(*ModerationDecision.Reason.values, UNKNOWN),
            ),
            Field("statements", NUMBER, "How many"),
        ),
    ),
    Table(
        name="choices",
        meaning=_("What was chosen or changed while everybody could see it, and why."),
        read=read_choices,
        fields=(
            Field("made_at", Kind.INSTANT, "When"),
            Field("kind", TEXT, "About what", choices=tuple(Choice.Kind.values)),
            Field("before", TEXT, "Before", is_required=False),
            Field("after", TEXT, "After", is_required=False),
            Field("reason", TEXT, "Why"),
        ),
    ),
)  # fmt: skip
BY_NAME = {table.name: table for table in TABLES}
