"""Contributions, proposals with their paragraphs, versions and origins; amendments, ballots, minority opinions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext_noop as _

from antigone.convention.models import (
    Amendment,
    Ballot,
    Contribution,
    Descent,
    MinorityOpinion,
    Origin,
    Paragraph,
    ParagraphVersion,
    Proposal,
    Theme,
)
from antigone.convention.opendata.columns import choice, counts, instant, key, number, refers, text, yes_no
from antigone.convention.opendata.schema import Kind, Scope, Table

FIGURES = ("consultation", "fingerprint", "number", "votes", "agrees", "disagrees", "passes")


def read_words(origin: Origin) -> str:
    """Give the words of a statement; of one taken out since, its number."""
    return origin.words or (f"n° {origin.cited.number}" if origin.cited is not None else "")


def read_source(origin: Origin) -> str:
    return origin.statement_source if origin.cited is None else origin.cited.consultation.title


def read_figure(name: str, origin: Origin) -> str | int | None:
    found: str | int | None = origin.figures.get(name)
    return "" if found is None and name in FIGURES[:2] else found


def keep_figures(line: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Keep the figures of a statement of a consultation that may be held elsewhere."""
    return {"figures": {name: line[name] for name in FIGURES if line[name] not in (None, "")}}


def read_themes(scope: Scope) -> Iterable[Theme]:
    for index, theme in enumerate(scope.convention.themes.order_by("position", "pk"), 1):
        theme.order = index  # type: ignore[attr-defined]
        yield theme


def read_paragraphs(scope: Scope) -> Iterable[Paragraph]:
    """Give every paragraph, retired ones too; its key is “proposal.rank”, by the order in which they began."""
    written = Paragraph.objects.filter(proposal__convention=scope.convention).select_related("proposal")
    ranks: Counter[int] = Counter()
    for paragraph in written.order_by("proposal__number", "pk"):
        ranks[paragraph.proposal.number] += 1
        paragraph.key = f"{paragraph.proposal.number}.{ranks[paragraph.proposal.number]}"  # type: ignore[attr-defined]
        yield paragraph


def read_versions(scope: Scope) -> Iterable[ParagraphVersion]:
    """Give every version; its key is that of its paragraph with its number behind."""
    paragraphs = scope.keys("paragraphs")
    saved = ParagraphVersion.objects.filter(paragraph__proposal__convention=scope.convention)
    for version in saved.order_by("paragraph__proposal__number", "paragraph_id", "number"):
        version.key = f"{paragraphs[version.paragraph_id]}.{version.number}"  # type: ignore[attr-defined]
        yield version


WRITING_TABLES = (
    Table(
        name="themes",
        meaning=_("The chapters of the avis."),
        model=Theme,
        key="theme",
        unique=(("theme",), ("title",)),
        read=read_themes,
        fields=(
            number("theme", "Place of the theme", source="order", attribute="position"),
            text("title", "Title", 200),
        ),
    ),
    Table(
        name="contributions",
        meaning=_("What members wrote, in their own words."),
        model=Contribution,
        key="number",
        unique=(("number",),),
        read=lambda scope: scope.convention.contributions.order_by("number"),
        fields=(
            number("number", "Number of the contribution"),
            refers("session", "sessions", "Number of the session", is_required=False),
            refers("theme", "themes", "Theme", is_required=False),
            refers(
                "member",
                "members",
                "Member who wrote; empty where it was written together",
                is_required=False,
            ),
            text("text", "Contribution", 2_000),
            instant("written_at", "When it was written"),
        ),
    ),
    Table(
        name="proposals",
        meaning=_("The proposals; their words are in the paragraphs."),
        model=Proposal,
        key="number",
        unique=(("number",),),
        read=lambda scope: scope.convention.proposals.order_by("number"),
        fields=(
            number("number", "Number of the proposal"),
            refers("theme", "themes", "Theme"),
            text("title", "Title", 300),
            choice("state", "Where it is", Proposal.State.values),
            instant("adopted_at", "When it was adopted", required=False),
            text("set_aside_reason", "Why it was set aside", 2_000, required=False),
        ),
    ),
    Table(
        name="paragraphs",
        meaning=_("The paragraphs of the proposals; those that were merged or split stay, retired."),
        model=Paragraph,
        key="paragraph",
        unique=(("paragraph",),),
        read=read_paragraphs,
        fields=(
            key("paragraph", "Proposal and rank of the paragraph: 3.2", source="key"),
            refers("proposal", "proposals", "Number of the proposal"),
            number("position", "Place in the proposal"),
            text("text", "Words of the latest version", 10_000),
            number("version", "Number of the latest version"),
            number("kept_version", "Version that a vote kept", required=False),
            instant("retired_at", "When it was merged, split or taken out", required=False),
            text(
                "retired_reason",
                "Why it was taken out; empty where it was merged or split",
                300,
                required=False,
            ),
        ),
    ),
    Table(
        name="versions",
        meaning=_("Every version of every paragraph."),
        model=ParagraphVersion,
        key="version",
        unique=(("version",), ("paragraph", "number")),
        read=read_versions,
        fields=(
            key("version", "Paragraph and number of the version: 3.2.1", source="key"),
            refers("paragraph", "paragraphs", "Paragraph", kind=Kind.KEY),
            number("number", "Number of the version"),
            text("text", "Words", 10_000),
            refers("member", "members", "Member who wrote; empty: the facilitators", is_required=False),
            instant("saved_at", "When it was saved"),
            text("reason", "Why", 300, required=False),
        ),
    ),
    Table(
        name="descents",
        meaning=_("Which version was made from which."),
        model=Descent,
        unique=(("parent", "child"),),
        read=lambda scope: Descent.objects.filter(
            child__paragraph__proposal__convention=scope.convention
        ).order_by("pk"),
        fields=(
            refers("parent", "versions", "Version it was made from", kind=Kind.KEY),
            refers("child", "versions", "Version that was made", kind=Kind.KEY),
            choice("kind", "How", Descent.Kind.values),
        ),
    ),
    Table(
        name="origins",
        meaning=_(
            "What a version takes from: a contribution, an expert’s answer or a statement, one a line."
        ),
        model=Origin,
        read=lambda scope: (
            Origin.objects.filter(version__paragraph__proposal__convention=scope.convention)
            .select_related("cited__consultation")
            .order_by("pk")
        ),
        adds=keep_figures,
        fields=(
            refers("version", "versions", "Version", kind=Kind.KEY),
            refers("contribution", "contributions", "Number of the contribution", is_required=False),
            refers("expert_answer", "expert_answers", "Expert’s answer", kind=Kind.KEY, is_required=False),
            text("statement", "Statement of a consultation", 2_000, required=False, source=read_words),
            text("statement_source", "Where the statement stands", 500, required=False, source=read_source),
            *(
                text(name, meaning, most, required=False, source=partial(read_figure, name), attribute="")
                for name, meaning, most in (
                    ("consultation", "Address of the consultation held here", 80),
                    (
                        "fingerprint",
                        "SHA-256 of a salt and of the votes it was cited with",
                        64,
                    ),
                )
            ),
            *(
                number(name, meaning, required=False, source=partial(read_figure, name), attribute="")
                for name, meaning in (
                    ("number", "Number of the statement in it"),
                    ("votes", "Votes on it when it was cited; empty where withheld"),
                    ("agrees", "Of which agreed"),
                    ("disagrees", "Of which disagreed"),
                    ("passes", "Of which passed"),
                )
            ),
        ),
    ),
    Table(
        name="amendments",
        meaning=_("Other wordings that members proposed, and what became of them."),
        model=Amendment,
        unique=(("paragraph", "number"),),
        read=lambda scope: Amendment.objects.filter(
            paragraph__proposal__convention=scope.convention
        ).order_by("paragraph__proposal__number", "paragraph_id", "number"),
        fields=(
            refers("paragraph", "paragraphs", "Paragraph", kind=Kind.KEY),
            number("number", "Number of the amendment to this paragraph"),
            number("base", "Number of the version that it amends"),
            text("text", "Wording proposed", 10_000),
            text("reason", "Why", 2_000, required=False),
            refers("member", "members", "Member who proposed it"),
            instant("proposed_at", "When it was proposed"),
            choice("state", "What became of it", Amendment.State.values),
            instant("decided_at", "When it was decided", required=False),
            text("decision", "Why it was accepted or refused", 2_000, required=False),
        ),
    ),
)


def final_counts(ballot: Ballot) -> list[int]:
    """Give how many gave each level, once nobody votes any more."""
    return list(ballot.counts) if ballot.state == Ballot.State.CLOSED else []


VOTE_TABLES = (
    Table(
        name="ballots",
        meaning=_("The votes, by levels; they are not secret, but who gave which level is not published."),
        model=Ballot,
        key="number",
        unique=(("number",),),
        read=lambda scope: scope.convention.ballots.order_by("number"),
        fields=(
            number("number", "Number of the vote"),
            refers("proposal", "proposals", "Number of the proposal"),
            refers(
                "paragraph",
                "paragraphs",
                "Paragraph; empty: the whole proposal",
                kind=Kind.KEY,
                is_required=False,
            ),
            choice("mode", "How it was voted", Ballot.Mode.values),
            choice("state", "Where it is", Ballot.State.values),
            number("members", "Members who sat"),
            number("threshold", "Share of levels 4 and 5 that keeps a text, in %"),
            number("quorum", "Share of the members who must vote, in %"),
            counts(
                "counts",
                "How many gave each level, from 1 to 5; empty until the vote is closed",
                source=final_counts,
            ),
            yes_no("is_quorate", "Whether the quorum was reached"),
            yes_no("is_kept", "Whether the text was kept"),
            instant("opened_at", "When it was opened"),
            instant("closed_at", "When it was closed", required=False),
        ),
    ),
    Table(
        name="ballot_versions",
        meaning=_("The very words that each vote was about."),
        model=Ballot.versions.through,
        unique=(("ballot", "version"),),
        read=lambda scope: Ballot.versions.through.objects.filter(
            ballot__convention=scope.convention
        ).order_by("ballot__number", "pk"),
        fields=(
            refers("ballot", "ballots", "Number of the vote"),
            refers(
                "version",
                "versions",
                "Version",
                kind=Kind.KEY,
                source="paragraphversion_id",
                attribute="paragraphversion",
            ),
        ),
    ),
    Table(
        name="minority_opinions",
        meaning=_("What some members hold against a proposal or beside the avis, and how many sign it."),
        model=MinorityOpinion,
        unique=(("number",),),
        read=lambda scope: (
            scope.convention.minority_opinions.filter(withdrawn_at=None)
            .annotate(signatures=Count("signatories") + F("paper_signatures"))
            .order_by("number")
        ),
        fields=(
            number("number", "Number of the opinion"),
            refers(
                "proposal", "proposals", "Number of the proposal; empty: the whole avis", is_required=False
            ),
            text("title", "Title", 300),
            text("text", "Words", 10_000),
            number("signatures", "How many members sign it", attribute="paper_signatures"),
            instant("written_at", "When it was written"),
        ),
    ),
)
