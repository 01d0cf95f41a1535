"""The contents of the avis → a document with headings, paragraphs and tables, in its language."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from antigone.convention.documents.content import (
    AvisDocument,
    Block,
    List,
    Note,
    Paragraph,
    Quote,
    Section,
    Table,
)
from antigone.convention.documents.contents import Contents, OpinionPart, ProposalPart, Vote
from antigone.convention.wording import LEVELS
from antigone.web.templatetags.web import day


def describe_avis(contents: Contents, *, site: str, now: datetime) -> AvisDocument:
    """Lay the avis out as everybody reads it; `site` is the address that its links begin with; `now` dates a draft."""
    with translation.override(contents.language):
        return AvisDocument(
            title=contents.title,
            subtitle=contents.question,
            organisation=contents.organisation,
            language=contents.language,
            issued_at=contents.delivered_at or now,
            facts=tuple(_list_facts(contents, site)),
            sections=tuple(_list_sections(contents, site)),
        )


def say_vote(vote: Vote) -> str:
    """Say the result of a vote in a sentence, in the language that is active."""
    where = _("Vote on paragraph %(place)s") % {"place": vote.place} if vote.place else _("Vote")
    counts = ", ".join(
        f"{LEVELS[level]} {count}" for level, count in reversed(list(enumerate(vote.counts, 1))) if count
    )
    return _("%(where)s: %(kept)s of %(voters)s judgments at levels 4 and 5 (%(counts)s).") % {
        "where": where,
        "kept": vote.kept,
        "voters": vote.voters,
        "counts": counts,
    }


def say_place(number: int, vote: Vote) -> str:
    """Say what a vote was on: “4” for a proposal, “4.2” for its second paragraph."""
    return f"{number}.{vote.place}" if vote.place else str(number)


def say_signatures(count: int) -> str:
    return ngettext("Signed by %(count)s member", "Signed by %(count)s members", count) % {"count": count}


def _list_facts(contents: Contents, site: str) -> Iterator[tuple[str, str]]:
    yield _("Commissioned by"), contents.commissioner
    if contents.delivered_at is not None:
        yield _("Delivered on"), day(contents.delivered_at)
    yield _("Proposals"), str(len(contents.proposals))
    if contents.answers_due_date is not None:
        yield _("Each proposal is answered by"), day(contents.answers_due_date)
    yield _("On the web"), site.rstrip("/") + reverse("convention:avis", args=[contents.slug])


def _list_sections(contents: Contents, site: str) -> Iterator[Section]:
    if contents.preamble:
        yield Section(_("Preamble"), 1, _split(contents.preamble))
    yield Section(_("The proposals"), 1)
    for theme in contents.themes:
        yield Section(theme.title, 2)
        for proposal in theme.proposals:
            yield Section(f"{proposal.number}. {proposal.title}", 3, tuple(_list_blocks(proposal)))
    if contents.opinions:
        blocks = [block for opinion in contents.opinions for block in _quote(opinion)]
        yield Section(_("Minority opinions on the avis as a whole"), 1, tuple(blocks))
    yield Section(_("All the votes"), 1, (_tabulate_votes(contents),))
    if contents.method:
        yield Section(_("Method"), 1, _split(contents.method))
    yield from _list_people(contents, site)
    yield from _list_work(contents)
    if contents.is_translation:
        note = _(
            "The avis was adopted in another language, whose text alone is binding. The names of sessions, the "
            "hearings and the observations of the guarantors are left as they were written."
        )
        yield Section(_("About this translation"), 1, (Note(note),))


def _list_blocks(proposal: ProposalPart) -> Iterator[Block]:
    for place, text in enumerate(proposal.paragraphs, 1):
        yield Paragraph(text, mark=f"{proposal.number}.{place}")
    for vote in proposal.votes:
        yield Note(say_vote(vote))
    for opinion in proposal.opinions:
        yield from _quote(opinion)


def _quote(opinion: OpinionPart) -> Iterator[Block]:
    yield Paragraph(_("Minority opinion: %(title)s") % {"title": opinion.title})
    yield Quote(opinion.text, say_signatures(opinion.signatures))


def _tabulate_votes(contents: Contents) -> Table:
    rows = [
        (
            say_place(proposal.number, vote),
            *(str(count) for count in vote.counts),
            str(vote.voters),
        )
        for proposal in contents.proposals
        for vote in proposal.votes
    ]
    header = (_("Proposal"), *(str(word) for word in LEVELS.values()), _("Judgments"))
    return Table(_("How many members gave each level"), header, tuple(rows))


def _list_people(contents: Contents, site: str) -> Iterator[Section]:
    tables = tuple(
        Table(
            name,
            (_("Value"), _("Members"), _("Target")),
            tuple((row.value, str(row.count), _say_bounds(row.bounds)) for row in rows),
        )
        for name, rows in contents.features
    )
    count = len(contents.members)
    said = ngettext("%(count)s member sits.", "%(count)s members sit.", count) % {"count": count}
    note = Note(_("The members are named on the web, as each of them wishes to be; this file names none."))
    yield Section(_("Who sits"), 1, (Paragraph(said), note, *tables))
    if contents.certificate is not None:
        certificate = contents.certificate
        blocks: list[Block] = [
            Paragraph(_("Hash committed to before the lot: %(root)s") % {"root": certificate.root})
        ]
        if certificate.is_published:
            address = site.rstrip("/") + reverse("selection:draw", args=[certificate.draw])
            blocks.append(Paragraph(_("Certificate and public draw: %(address)s") % {"address": address}))
        yield Section(_("How the members were drawn"), 1, tuple(blocks))
    if contents.committee:
        people = tuple(", ".join(filter(None, person)) for person in contents.committee)
        yield Section(_("The guarantors and experts"), 1, (List(people),))


def _list_work(contents: Contents) -> Iterator[Section]:
    if contents.sessions:
        sessions = tuple(
            " · ".join(filter(None, [row.title, say_days(row.starts_at, row.ends_at), row.place]))
            for row in contents.sessions
        )
        yield Section(_("The sessions"), 1, (List(sessions),))
    if contents.hearings:
        header = (_("Heard"), _("Subject"), _("Declared interests"))
        rows = tuple(
            (", ".join(filter(None, [row.name, row.function])), row.subject, row.interests)
            for row in contents.hearings
        )
        yield Section(_("The hearings"), 1, (Table(_("Who was heard"), header, rows),))
    if contents.observations:
        quotes = tuple(Quote(text, day(written_at)) for written_at, text in contents.observations)
        yield Section(_("Observations of the guarantors"), 1, quotes)


def say_days(starts_at: datetime, ends_at: datetime) -> str:
    """Say the days of a session: one, or the first and the last."""
    first, last = timezone.localtime(starts_at).date(), timezone.localtime(ends_at).date()
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def _say_bounds(bounds: tuple[int, int] | None) -> str:
    if bounds is None:
        return "–"
    return str(bounds[0]) if bounds[0] == bounds[1] else f"{bounds[0]} – {bounds[1]}"


def _split(text: str) -> tuple[Block, ...]:
    return tuple(Paragraph(part.strip()) for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())
