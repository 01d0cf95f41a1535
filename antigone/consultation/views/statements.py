"""The statements that everybody reads: their list, and the lasting page of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from antigone.consultation import rules
from antigone.consultation.actions.submissions import make_key
from antigone.consultation.models import Consultation, ModerationDecision, Picture, Statement
from antigone.consultation.views.people import found, get_consultation
from antigone.consultation.views.shell import render_place
from antigone.consultation.wording import name_group

PER_PAGE = 30
# Under so many votes a group's figures say little of it, and much of somebody.
LEAST_VOTES = 5
SORTS = {
    "new": _("Newest"),
    "votes": _("Most votes"),
    "agreed": _("Most agreed"),
    "divisive": _("Most divisive"),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many votes say what; `name` is that of a group, empty for everybody."""

    agrees: int
    disagrees: int
    passes: int
    name: str = ""

    @property
    def votes(self) -> int:
        return self.agrees + self.disagrees + self.passes

    @property
    def is_shown(self) -> bool:
        return self.votes >= LEAST_VOTES

    @property
    def shares(self) -> tuple[int, int, int]:
        """Those who agree, disagree and pass, in % of the votes."""
        counts = (self.agrees, self.disagrees, self.passes)
        total = max(self.votes, 1)
        shares = [100 * one // total for one in counts]
        # What rounding down leaves goes to whoever lost most, so that the shares add up to 100.
        losers = sorted(range(3), key=lambda place: -(100 * counts[place] % total))
        for place in losers[: 100 - sum(shares) if self.votes else 0]:
            shares[place] += 1
        agrees, disagrees, passes = shares
        return agrees, disagrees, passes

    @property
    def place_of_passes(self) -> int:
        return self.agrees + self.disagrees


@dataclass(frozen=True, slots=True)
class Listed:
    """A statement with its votes."""

    statement: Statement
    counts: Counts


def find_figures(consultation: Consultation) -> dict[str, Any]:
    """Give what the live picture says in public; nothing before the first one."""
    figures: dict[str, Any] | None = (
        Picture.objects.live().filter(consultation=consultation).values_list("figures", flat=True).first()
    )
    return figures or {}


def count_votes(figures: Mapping[str, Any], number: int) -> Counts:
    """Read the counts of a statement in the figures of a picture."""
    return _read_counts(figures.get("statements", {}).get(str(number), {}))


@require_safe
def statements(request: HttpRequest, slug: str) -> HttpResponse:
    """List the accepted statements: searched, sorted, a page at a time."""
    consultation = get_consultation(request, slug)
    figures = find_figures(consultation)
    words = request.GET.get("q", "").strip()[:200]
    sort = request.GET.get("sort", "new")
    listed = consultation.statements.accepted()
    for word in make_key(words).split():
        listed = listed.filter(key__contains=word)
    ordered = sort_statements(list(listed), figures, sort)
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "listed": [Listed(one, count_votes(figures, one.number)) for one in page],
        "words": words,
        "sorts": SORTS.items(),
        "sort": sort,
    }
    return render_place(
        request, "consultation/statements/list.html", consultation, context, place="consultation:statements"
    )


def sort_statements(
    statements: Sequence[Statement], figures: Mapping[str, Any], sort: str
) -> list[Statement]:
    """Sort statements, the newest first where the sort is none of ours or says nothing of two of them."""
    by_number = figures.get("statements", {})
    are_groups_clear = bool(figures.get("clear_groups"))

    def measure(statement: Statement) -> float:
        held = by_number.get(str(statement.number), {})
        counts = _read_counts(held)
        if sort == "votes":
            return counts.votes
        if sort == "agreed":
            return (counts.agrees + 1) / (counts.votes + 2)
        if sort == "divisive":
            # What sets two groups apart; what splits everybody where there are no groups.
            return float((held.get("gap") if are_groups_clear else held.get("split")) or 0)
        return 0

    return sorted(statements, key=lambda one: (measure(one), one.number), reverse=True)


@require_safe
def statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a statement at its lasting address; of one that is not accepted, why, and never its words."""
    consultation = get_consultation(request, slug)
    shown = found(consultation.statements.select_related("merged_into").filter(number=number).first())
    context: dict[str, Any] = {
        "number": number,
        "statement_state": shown.state,
        "citations": rules.list_citations(shown),
    }
    if shown.is_open:
        context |= _describe_open(consultation, shown)
    elif shown.state == Statement.State.MERGED:
        context |= {"into": shown.merged_into}
    elif shown.state == Statement.State.REJECTED:
        rejections = shown.decisions.filter(kind=ModerationDecision.Kind.REJECT)
        context |= {"rejection": rejections.first()}
    else:
        context |= {"since": shown.created_at}
    return render_place(
        request,
        "consultation/statements/statement.html",
        consultation,
        context,
        place="consultation:statements",
    )


def _describe_open(consultation: Consultation, statement: Statement) -> dict[str, Any]:
    figures = find_figures(consultation)
    held = figures.get("statements", {}).get(str(statement.number), {})
    groups = held.get("groups", {}) if figures.get("clear_groups") else {}
    edits = statement.decisions.filter(kind=ModerationDecision.Kind.EDIT)
    return {
        "statement": statement,
        "counts": _read_counts(held),
        "important": held.get("important", 0),
        "groups": [
            _read_counts(one, name_group(int(name)))
            for name, one in sorted(groups.items(), key=lambda item: int(item[0]))
        ],
        "merged_numbers": list(statement.merged.values_list("number", flat=True)),
        "edited_at": edits.values_list("decided_at", flat=True).first(),
    }


def _read_counts(held: Mapping[str, Any], name: str = "") -> Counts:
    return Counts(held.get("agrees", 0), held.get("disagrees", 0), held.get("passes", 0), name)
