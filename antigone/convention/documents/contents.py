"""What the avis holds, gathered once: the page, the ODT and the PDF are made from these same values.

Nothing here joins a member to an identity. Files never name a member, since what they say cannot be taken back;
the page does, as each member wishes to be named that day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Prefetch, Q

from antigone.convention.models import (
    Appointment,
    Avis,
    Ballot,
    Convention,
    Hearing,
    Member,
    MinorityOpinion,
    Observation,
    Paragraph,
    Proposal,
    ProposalTranslation,
)
from antigone.convention.wording import sort_key
from antigone.core.deliberation.judgment import LEVELS, find_majority_level
from antigone.selection.models import Commitment

VOTE_FIELDS = ("number", "counts", "members", "threshold", "is_kept", "closed_at")
Passages = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Vote:
    """The last closed vote on a proposal, or on the paragraph at `place` of it (0: on the whole)."""

    number: int
    place: int
    counts: tuple[int, ...]
    members: int
    threshold: int
    is_kept: bool
    closed_at: datetime | None

    @property
    def voters(self) -> int:
        return sum(self.counts)

    @property
    def kept(self) -> int:
        """How many judged it good or very good."""
        return sum(self.counts[3:])

    @property
    def majority_level(self) -> int:
        return find_majority_level(self.counts)


@dataclass(frozen=True, slots=True)
class OpinionPart:
    """A minority opinion with how many sign it."""

    number: int
    title: str
    text: str
    signatures: int


@dataclass(frozen=True, slots=True)
class ProposalPart:
    """An adopted proposal; `is_translated` is False where its words are still those of another language."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    votes: tuple[Vote, ...]
    opinions: tuple[OpinionPart, ...]
    is_translated: bool


@dataclass(frozen=True, slots=True)
class ThemePart:
    title: str
    proposals: tuple[ProposalPart, ...]
    is_translated: bool


@dataclass(frozen=True, slots=True)
class FeatureCount:
    """How many members have a value of a feature, and how many were to have it where a draw is linked."""

    value: str
    count: int
    bounds: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where the draw of the members is published, and the hash committed to before the lot."""

    draw: int
    title: str
    root: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class SessionPart:
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class HearingPart:
    name: str
    function: str
    subject: str
    interests: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole avis in one language."""

    title: str
    question: str
    organisation: str
    commissioner: str
    language: str
    original_language: str
    slug: str
    answers_due_date: date | None
    delivered_at: datetime | None
    preamble: str
    method: str
    themes: tuple[ThemePart, ...]
    opinions: tuple[OpinionPart, ...]
    seats: int
    members: tuple[str, ...]
    features: tuple[tuple[str, tuple[FeatureCount, ...]], ...]
    certificate: Certificate | None
    committee: tuple[tuple[str, str], ...]
    facilitators: tuple[tuple[str, str], ...]
    sessions: tuple[SessionPart, ...]
    hearings: tuple[HearingPart, ...]
    observations: tuple[tuple[datetime, str], ...]
    missing: int

    @property
    def proposals(self) -> list[ProposalPart]:
        return [proposal for theme in self.themes for proposal in theme.proposals]

    @property
    def is_translation(self) -> bool:
        return self.language != self.original_language


def gather_contents(convention: Convention, language: str, now: datetime) -> Contents:
    """Read the avis in a language, with the same number of queries whatever its length.

    What is not translated is given in the language of the convention, and counted in `missing`.
    """
    originals = {avis.language: avis for avis in convention.avis.all()}
    main = originals.get(convention.language, Avis())
    avis = originals.get(language, Avis())
    words = _Words(language, avis.passages if language != convention.language else None)
    own, general = _gather_opinions(convention, words)
    themes = _gather_themes(convention, words, own)
    frame = {name: words.choose(getattr(main, name), getattr(avis, name)) for name in ("preamble", "method")}
    team = list(convention.appointments.order_by("role", "pk").values_list("role", "name", "title"))
    members = list(
        Member.objects.filter(convention=convention).sitting().only("pseudonym", "published_name", "features")
    )
    return Contents(
        title=convention.title,
        question=convention.question,
        organisation=convention.organisation.name,
        commissioner=convention.commissioner,
        language=language,
        original_language=convention.language,
        slug=convention.slug,
        answers_due_date=convention.answers_due_date,
        delivered_at=avis.delivered_at,
        themes=themes,
        opinions=general,
        seats=convention.seats,
        members=tuple(sorted((member.shown_name for member in members), key=sort_key)),
        features=_count_features(convention, [member.features for member in members]),
        certificate=_find_certificate(convention),
        committee=_pick(team, Appointment.Role.GUARANTOR, Appointment.Role.EXPERT),
        facilitators=_pick(team, Appointment.Role.FACILITATOR),
        sessions=tuple(
            SessionPart(row.title, row.starts_at, row.ends_at, row.place) for row in convention.sessions.all()
        ),
        hearings=_gather_hearings(convention),
        observations=tuple(
            Observation.objects.filter(convention=convention).public(now).values_list("written_at", "text")
        ),
        missing=words.missing,
        **frame,
    )


def gather_votes(convention: Convention, *, proposal: Proposal | None = None) -> dict[int, tuple[Vote, ...]]:
    """Give, by proposal, the last closed vote on the whole; else those on its paragraphs. One query."""
    ballots = (
        Ballot.objects.closed()
        .filter(convention=convention)
        .filter(Q(paragraph=None) | Q(paragraph__retired_at=None))
        .annotate(position=F("paragraph__position"))
        .only("proposal", "paragraph", *VOTE_FIELDS)
        .order_by("number")
    )
    if proposal is not None:
        ballots = ballots.filter(proposal=proposal)
    last: dict[int, dict[int | None, Ballot]] = {}
    for ballot in ballots:
        last.setdefault(ballot.proposal_id, {})[ballot.paragraph_id] = ballot
    return {
        pk: tuple(_make_votes([found[None]] if None in found else list(found.values())))
        for pk, found in last.items()
    }


def _make_votes(ballots: list[Ballot]) -> Iterable[Vote]:
    ordered = sorted(ballots, key=lambda ballot: (getattr(ballot, "position", None) or 0, ballot.number))
    for place, ballot in enumerate(ordered, 1):
        counts = tuple(int(count) for count in ballot.counts) or (0,) * LEVELS
        yield Vote(
            number=ballot.number,
            place=0 if ballot.paragraph_id is None else place,
            counts=counts,
            members=ballot.members,
            threshold=ballot.threshold,
            is_kept=ballot.is_kept,
            closed_at=ballot.closed_at,
        )


class Wording(NamedTuple):
    """A paragraph as an avis needs it: a page reads hundreds of them."""

    pk: int
    version: int
    text: str


class _Words:
    """Chooses between original and translated words, and counts what is missing."""

    def __init__(self, language: str, passages: Passages | None) -> None:
        self.language = language
        self.passages = passages
        self.missing = 0

    def choose(self, original: str, translated: str) -> str:
        if self.passages is None or not original.strip() or translated.strip():
            return translated if self.passages is not None and original.strip() else original
        self.missing += 1
        return original

    def say(self, key: str, original: str) -> tuple[str, bool]:
        """Give a passage in the language, and whether it is: a translation of other words is none."""
        if self.passages is None or not original.strip():
            return original, True
        passage = self.passages.get(key, {})
        if passage.get("source") == original and passage.get("text", "").strip():
            return passage["text"], True
        self.missing += 1
        return original, False

    def translate(self, proposal: Proposal, paragraphs: list[Wording]) -> tuple[str, tuple[str, ...], bool]:
        """Give the title and the paragraphs: all in the language, or all as they were adopted."""
        original = proposal.title, tuple(paragraph.text for paragraph in paragraphs)
        if self.passages is None:
            return *original, True
        translation = next(iter(getattr(proposal, "in_language", [])), None)
        texts = read_translation(translation, paragraphs) if translation is not None else None
        if translation is None or texts is None:
            self.missing += 1
            return *original, False
        return translation.title, texts, True


def read_translation(
    translation: ProposalTranslation, paragraphs: Iterable[Wording]
) -> tuple[str, ...] | None:
    """Give the paragraphs in the language of `translation`; None where one is missing or of an older version."""
    texts: list[str] = []
    for paragraph in paragraphs:
        kept: Mapping[str, Any] = translation.paragraphs.get(str(paragraph.pk), {})
        if kept.get("version") != paragraph.version or not str(kept.get("text", "")).strip():
            return None
        texts.append(str(kept["text"]))
    return tuple(texts) if translation.title.strip() else None


def select_proposals(convention: Convention, language: str) -> list[Proposal]:
    """Give the adopted proposals with their paragraphs (`shown`) and their translation (`in_language`).

    Three queries, whatever their number.
    """
    proposals = list(
        Proposal.objects.filter(convention=convention)
        .adopted()
        .select_related("theme")
        .order_by("theme__position", "theme", "number")
        .prefetch_related(
            Prefetch(
                "translations",
                queryset=ProposalTranslation.objects.filter(language=language),
                to_attr="in_language",
            ),
        )
    )
    wordings: dict[int, list[Wording]] = {}
    paragraphs = Paragraph.objects.current().filter(proposal__in=[proposal.pk for proposal in proposals])
    for owner, pk, version, text in paragraphs.values_list("proposal", "pk", "version", "text"):
        wordings.setdefault(owner, []).append(Wording(pk, version, text))
    for proposal in proposals:
        vars(proposal)["shown"] = wordings.get(proposal.pk, [])
    return proposals


def _gather_themes(
    convention: Convention, words: _Words, opinions: Mapping[int, list[OpinionPart]]
) -> tuple[ThemePart, ...]:
    votes = gather_votes(convention)
    titles: dict[int, tuple[str, bool]] = {}
    parts: dict[int, list[ProposalPart]] = {}
    for proposal in select_proposals(convention, words.language):
        if proposal.theme_id not in titles:
            titles[proposal.theme_id] = words.say(f"theme-{proposal.theme_id}", proposal.theme.title)
        title, paragraphs, is_translated = words.translate(proposal, getattr(proposal, "shown", []))
        parts.setdefault(proposal.theme_id, []).append(
            ProposalPart(
                number=proposal.number,
                title=title,
                paragraphs=paragraphs,
                votes=votes.get(proposal.pk, ()),
                opinions=tuple(opinions.get(proposal.pk, ())),
                is_translated=is_translated,
            )
        )
    return tuple(ThemePart(titles[pk][0], tuple(found), titles[pk][1]) for pk, found in parts.items())


def _gather_opinions(
    convention: Convention, words: _Words
) -> tuple[dict[int, list[OpinionPart]], tuple[OpinionPart, ...]]:
    """Give the minority opinions by proposal, and those on the avis as a whole."""
    own: dict[int, list[OpinionPart]] = {}
    general: list[OpinionPart] = []
    for opinion in select_opinions(convention):
        part = OpinionPart(
            number=opinion.number,
            title=words.say(f"opinion-{opinion.pk}-title", opinion.title)[0],
            text=words.say(f"opinion-{opinion.pk}-text", opinion.text)[0],
            signatures=opinion.paper_signatures + getattr(opinion, "signed", 0),
        )
        place = own.setdefault(opinion.proposal_id, []) if opinion.proposal_id is not None else general
        place.append(part)
    return own, tuple(general)


def select_opinions(convention: Convention) -> Iterable[MinorityOpinion]:
    """Give the minority opinions that the avis carries, with how many sign on screen (`signed`)."""
    return (
        convention.minority_opinions.filter(withdrawn_at=None)
        .filter(Q(proposal=None) | Q(proposal__state=Proposal.State.ADOPTED))
        .annotate(signed=Count("signatories"))
        .order_by("number")
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """A text around the proposals: what it says, and what is kept of its translation."""

    key: str
    source: str
    text: str
    is_current: bool


def list_passages(convention: Convention, avis: Avis) -> list[Passage]:
    """Give the titles of the themes and the minority opinions, with what `avis` has of them in its language."""
    themes = {
        proposal.theme_id: proposal.theme.title
        for proposal in Proposal.objects.filter(convention=convention).adopted().select_related("theme")
    }
    sources = {f"theme-{pk}": title for pk, title in themes.items()}
    for opinion in select_opinions(convention):
        sources[f"opinion-{opinion.pk}-title"] = opinion.title
        sources[f"opinion-{opinion.pk}-text"] = opinion.text
    passages: Passages = avis.passages
    return [
        Passage(
            key=key,
            source=source,
            text=passages.get(key, {}).get("text", ""),
            is_current=passages.get(key, {}).get("source", source) == source,
        )
        for key, source in sources.items()
    ]


def _count_features(
    convention: Convention, features: list[Mapping[str, str]]
) -> tuple[tuple[str, tuple[FeatureCount, ...]], ...]:
    """Count the members by value; where a draw is linked, beside what its targets ask, in their order."""
    bounds: dict[str, dict[str, tuple[int, int]]] = {}
    if convention.draw_id is not None and convention.draw is not None:
        for target in convention.draw.targets.all():
            bounds.setdefault(target.feature, {})[target.value] = (target.min, target.max)
    names = list(dict.fromkeys([*bounds, *(name for member in features for name in member)]))
    counted = {name: Counter(member[name] for member in features if name in member) for name in names}
    return tuple(
        (
            name,
            tuple(
                FeatureCount(value, counted[name][value], bounds.get(name, {}).get(value))
                for value in dict.fromkeys([*bounds.get(name, {}), *sorted(counted[name])])
            ),
        )
        for name in names
    )


def _find_certificate(convention: Convention) -> Certificate | None:
    if convention.draw_id is None or convention.draw is None:
        return None
    commitment = Commitment.objects.filter(draw=convention.draw_id).only("root").first()
    if commitment is None:
        return None
    draw = convention.draw
    return Certificate(draw.pk, draw.title, commitment.root, draw.published_at is not None)


def _gather_hearings(convention: Convention) -> tuple[HearingPart, ...]:
    published = Hearing.objects.filter(convention=convention, is_published=True)
    return tuple(
        HearingPart(row.expert_name, row.expert_title, row.subject, row.interests) for row in published
    )


def _pick(team: list[tuple[str, str, str]], *roles: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, title) for role, name, title in team if role in roles)
