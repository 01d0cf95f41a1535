"""Contributions, proposals with their paragraphs, versions and origins; amendments, ballots, minority opinions."""

from collections import Counter
from collections.abc import Iterable

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
            number("theme", _("Place of the theme"), source="order", attribute="position"),
            text("title", _("Title"), 200),
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
            number("number", _("Number of the contribution")),
            refers("session", "sessions", _("Number of the session"), is_required=False),
            refers("theme", "themes", _("Theme"), is_required=False),
            refers(
                "member",
                "members",
                _("Member who wrote; empty where it was written together"),
                is_required=False,
            ),
            text("text", _("Contribution"), 2_000),
            instant("written_at", _("When it was written")),
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
            number("number", _("Number of the proposal")),
            refers("theme", "themes", _("Theme")),
            text("title", _("Title"), 300),
            choice("state", _("Where it is"), Proposal.State.values),
            instant("adopted_at", _("When it was adopted"), required=False),
            text("set_aside_reason", _("Why it was set aside"), 2_000, required=False),
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
            key("paragraph", _("Proposal and rank of the paragraph: 3.2"), source="key"),
            refers("proposal", "proposals", _("Number of the proposal")),
            number("position", _("Place in the proposal")),
            text("text", _("Words of the latest version"), 10_000),
            number("version", _("Number of the latest version")),
            number("kept_version", _("Version that a vote kept"), required=False),
            instant("retired_at", _("When it was merged, split or taken out"), required=False),
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
            key("version", _("Paragraph and number of the version: 3.2.1"), source="key"),
            refers("paragraph", "paragraphs", _("Paragraph"), kind=Kind.KEY),
            number("number", _("Number of the version")),
            text("text", _("Words"), 10_000),
            refers("member", "members", _("Member who wrote; empty: the facilitators"), is_required=False),
            instant("saved_at", _("When it was saved")),
            text("reason", _("Why"), 300, required=False),
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
            refers("parent", "versions", _("Version it was made from"), kind=Kind.KEY),
            refers("child", "versions", _("Version that was made"), kind=Kind.KEY),
            choice("kind", _("How"), Descent.Kind.values),
        ),
    ),
    Table(
        name="origins",
        meaning=_(
            "What a version takes from: a contribution, an expert’s answer or a statement, one a line."
        ),
        model=Origin,
        read=lambda scope: Origin.objects.filter(
            version__paragraph__proposal__convention=scope.convention
        ).order_by("pk"),
        fields=(
            refers("version", "versions", _("Version"), kind=Kind.KEY),
            refers("contribution", "contributions", _("Number of the contribution"), is_required=False),
            refers("expert_answer", "expert_answers", _("Expert’s answer"), kind=Kind.KEY, is_required=False),
            text("statement", _("Statement of a consultation"), 2_000, required=False),
            text("statement_source", _("Where the statement stands"), 500, required=False),
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
            refers("paragraph", "paragraphs", _("Paragraph"), kind=Kind.KEY),
            number("number", _("Number of the amendment to this paragraph")),
            number("base", _("Number of the version that it amends")),
            text("text", _("Wording proposed"), 10_000),
            text("reason", _("Why"), 2_000, required=False),
            refers("member", "members", _("Member who proposed it")),
            instant("proposed_at", _("When it was proposed")),
            choice("state", _("What became of it"), Amendment.State.values),
            instant("decided_at", _("When it was decided"), required=False),
            text("decision", _("Why it was accepted or refused"), 2_000, required=False),
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
            number("number", _("Number of the vote")),
            refers("proposal", "proposals", _("Number of the proposal")),
            refers(
                "paragraph",
                "paragraphs",
                _("Paragraph; empty: the whole proposal"),
                kind=Kind.KEY,
                is_required=False,
            ),
            choice("mode", _("How it was voted"), Ballot.Mode.values),
            choice("state", _("Where it is"), Ballot.State.values),
            number("members", _("Members who sat")),
            number("threshold", _("Share of levels 4 and 5 that keeps a text, in %")),
            number("quorum", _("Share of the members who must vote, in %")),
            counts(
                "counts",
                _("How many gave each level, from 1 to 5; empty until the vote is closed"),
                source=final_counts,
            ),
            yes_no("is_quorate", _("Whether the quorum was reached")),
            yes_no("is_kept", _("Whether the text was kept")),
            instant("opened_at", _("When it was opened")),
            instant("closed_at", _("When it was closed"), required=False),
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
            refers("ballot", "ballots", _("Number of the vote")),
            refers(
                "version",
                "versions",
                _("Version"),
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
            number("number", _("Number of the opinion")),
            refers(
                "proposal", "proposals", _("Number of the proposal; empty: the whole avis"), is_required=False
            ),
            text("title", _("Title"), 300),
            text("text", _("Words"), 10_000),
            number("signatures", _("How many members sign it"), attribute="paper_signatures"),
            instant("written_at", _("When it was written")),
        ),
    ),
)
