"""Pictures that follow the votes: the background keeps the votes of each consultation in memory, and draws.

What is kept in memory only saves time. A picture depends on the votes that hold, on what moderation decided and on the
history in the row of the picture before: another process, or the same one after a restart, draws the same.
"""

import hashlib
import time
from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from antigone.consultation.figures import describe_figures
from antigone.consultation.models import (
    Consultation,
    Participant,
    Picture,
    ProfileAnswer,
    Statement,
    Suspicion,
    Vote,
)
from antigone.consultation.opendata.withholding import publish_counts
from antigone.consultation.placing import describe_placing
from antigone.core.opinion import AGREE, DISAGREE, PASS, History, Opinion, Rules, draw_picture
from antigone.core.opinion import Picture as Drawn

# A drawing is followed by at least this many times as long without one.
REST = 10
IDLE_SECONDS = 3_600
# Fewer new votes than this wait so long for others: totals that follow one vote tell everybody what it was, and when.
FEW_VOTES = 5
PATIENCE = timedelta(minutes=2)
# After this long nobody decides on statements or suspicions any more, but somebody may still take votes away.
LOOKED_AT = timedelta(days=90)
# A difference of fewer participants would show how they voted.
LEAST_APART = 5
CHUNK = 50_000


@dataclass(slots=True)
class Memory:
    """The votes of a consultation up to the line `number` of its log; `rests_until` and `used` on the clock."""

    opinion: Opinion
    number: int
    rests_until: float = 0.0
    used: float = 0.0


@dataclass(frozen=True, slots=True)
class Decided:
    """Statements by number: those `shown`, those of them about the consultation itself (`meta`), all the others."""

    shown: frozenset[int]
    meta: frozenset[int]
    rejected: frozenset[int]


# By key and moment of creation: a key alone may come back in another database.
_memories: dict[tuple[int, datetime], Memory] = {}


def refresh_pictures(now: datetime) -> None:
    """Draw what is behind the votes or the decisions, keep the last picture of what has just closed."""
    marks = _mark_decisions(now)
    behind = set(Consultation.objects.with_new_votes().values_list("pk", flat=True))
    live = Picture.objects.live().defer("figures", "history", "placing")
    pictures = {picture.consultation_id: picture for picture in live.filter(consultation__in=behind)}
    drawn = dict(Picture.objects.live().values_list("consultation", "placing__decisions"))
    changed = {key for key, mark in marks.items() if key in drawn and drawn[key] != mark}
    for consultation in Consultation.objects.filter(pk__in=behind | changed):
        if consultation.pk not in changed and not _is_due(consultation, pictures.get(consultation.pk), now):
            continue
        memory = _memories.get((consultation.pk, consultation.created_at))
        if memory is None or time.monotonic() >= memory.rests_until:
            refresh_picture(consultation, now)
    for consultation in _list_closed_without_picture(now):
        keep_final_picture(consultation, now)
    _forget_idle()


def _is_due(consultation: Consultation, live: Picture | None, now: datetime) -> bool:
    """Tell whether the votes after the live picture are many enough, or old enough, to be shown."""
    if live is None or not consultation.is_open(timezone.localdate(now)):
        return True
    return consultation.last_number - live.number >= FEW_VOTES or now - live.drawn_at >= PATIENCE


def refresh_picture(consultation: Consultation, now: datetime) -> Picture:
    """Draw the live picture of a consultation at once, and save it."""
    began = time.monotonic()
    marks = _mark_decisions(now, consultation)
    memory = follow_votes(consultation)
    before = Picture.objects.live().filter(consultation=consultation).first()
    decided = read_decisions(consultation)
    memory.opinion.add_statements(decided.shown)
    drawn = draw_picture(
        memory.opinion, rejected=decided.rejected, meta=decided.meta, before=_read_history(before)
    )
    important, channels = count_important(consultation), count_channels(consultation, drawn)
    figures = describe_figures(drawn, decided.shown, important, channels)
    figures["profile"] = describe_profile(consultation)
    suspects = list_suspects(consultation)
    figures["looked_at"] = len(suspects)
    figures["apart"] = _draw_apart(consultation, memory.opinion, drawn, suspects, decided)
    live = _save_live(
        consultation,
        number=memory.number,
        drawn_at=now,
        fingerprint=take_fingerprint(memory.opinion, consultation.salt),
        figures=figures,
        placing={**describe_placing(drawn), "decisions": marks.get(consultation.pk, "")},
        history=write_history(drawn.history),
    )
    memory.used = time.monotonic()
    memory.rests_until = memory.used + REST * (memory.used - began)
    return live


def keep_final_picture(consultation: Consultation, now: datetime) -> None:
    """Keep the picture of the last votes of a consultation that has closed, once each time that it closes."""
    closed_at = _find_closing(consultation, now)
    if closed_at is None:
        return
    kept = consultation.pictures.frozen().filter(title="", frozen_by=None, frozen_at__gte=closed_at)
    if kept.exists():
        return
    live = consultation.pictures.live().defer("history", "placing").first()
    if live is not None and live.number == consultation.last_number:
        copy_picture(live, title="", now=now)


def copy_picture(live: Picture, *, title: str, now: datetime, by_id: int | None = None) -> Picture:
    """Keep a picture for good: its figures, and nothing of what places people or names groups."""
    return Picture.objects.create(
        consultation_id=live.consultation_id,
        number=live.number,
        drawn_at=live.drawn_at,
        fingerprint=live.fingerprint,
        figures=live.figures,
        title=title,
        frozen_at=now,
        frozen_by_id=by_id,
    )


def take_fingerprint(opinion: Opinion, salt: str) -> str:
    """Give the SHA-256 of the votes that hold: the salt, then ascending lines `participant,statement number,vote`.

    Without the salt, whoever reads the totals as they change could try which votes give the fingerprint.
    """
    votes, digest = opinion.votes, hashlib.sha256(f"{salt}\n".encode())
    ends = [f"{number},{vote}\n" for number in votes.statements.tolist() for vote in (DISAGREE, PASS, AGREE)]
    codes, starts = votes.codes.tolist(), votes.starts.tolist()
    for row, participant in enumerate(votes.participants.tolist()):
        who = f"{participant},"
        digest.update(
            (who + who.join([ends[code] for code in codes[starts[row] : starts[row + 1]]])).encode()
        )
    return digest.hexdigest()


def count_important(consultation: Consultation, without: Iterable[int] = ()) -> dict[int, int]:
    """Count by statement number the participants to whom it is important."""
    votes = Vote.objects.filter(statement__consultation=consultation, is_important=True)
    counted = votes.exclude(participant__in=list(without)).values_list("statement__number")
    return dict(counted.annotate(count=Count("pk")))


def count_channels(consultation: Consultation, drawn: Drawn) -> dict[str, int]:
    """Count the participants of a picture by the way in which their votes came."""
    voted = set(drawn.votes.participants.tolist())
    counts = dict.fromkeys(Participant.Channel.values, 0)
    others = consultation.participants.exclude(channel=Participant.Channel.ONLINE)
    for key, channel in others.values_list("pk", "channel"):
        counts[channel] += key in voted
    counts[Participant.Channel.ONLINE] = len(voted) - sum(counts.values())
    return {str(channel): count for channel, count in counts.items()}


def read_decisions(consultation: Consultation) -> Decided:
    """Say which statements are in a picture and which are out, as moderation has it now."""
    states = list(consultation.statements.values_list("number", "state", "is_meta"))
    shown = frozenset(number for number, state, _meta in states if state == Statement.State.ACCEPTED)
    meta = frozenset(number for number, _state, is_meta in states if is_meta)
    return Decided(shown, meta & shown, frozenset(number for number, *_rest in states) - shown)


def describe_profile(consultation: Consultation) -> list[dict[str, Any]]:
    """Count what participants said of themselves, beside the shares of the inhabitants; `people` None is withheld."""
    answers = ProfileAnswer.objects.filter(participant__consultation=consultation).order_by()
    counts = dict(answers.values_list("option").annotate(people=Count("pk")))
    described = []
    for question in consultation.profile_questions.prefetch_related("options"):
        options = list(question.options.all())
        people = publish_counts({str(option.pk): counts.get(option.pk, 0) for option in options})
        described.append(
            {
                "question": question.text,
                "source": question.source,
                "answered": sum(counts.get(option.pk, 0) for option in options),
                "options": [
                    {
                        "option": option.text,
                        "share": None if option.share is None else float(option.share),
                        "people": people[str(option.pk)],
                    }
                    for option in options
                ],
            }
        )
    return described


def list_suspects(consultation: Consultation) -> set[int]:
    """List the participants who are being looked at, or set apart."""
    found = consultation.suspicions.exclude(state=Suspicion.State.CLEARED)
    listed = consultation.participants.filter(suspicions__in=found, votes__isnull=False)
    return set(listed.values_list("pk", flat=True).distinct())


def _draw_apart(
    consultation: Consultation, opinion: Opinion, whole: Drawn, suspects: set[int], decided: Decided
) -> dict[str, Any] | None:
    """Draw the picture without suspects, where they are enough; its groups are named after those of the whole one."""
    if len(suspects) < LEAST_APART:
        return None
    drawn = draw_picture(
        opinion.without(suspects),
        rejected=decided.rejected,
        meta=decided.meta,
        before=whole.history,
        rules=Rules(patience=1),
    )
    important = count_important(consultation, suspects)
    return describe_figures(drawn, decided.shown, important, count_channels(consultation, drawn))


def follow_votes(consultation: Consultation) -> Memory:
    """Bring what is in memory up to the log as it is now; without anything in memory, read the votes.

    The last number is read first: all lines up to it are there then. Votes read meanwhile may be ahead of it, and the
    lines after it, which say them again, change nothing.
    """
    key = (consultation.pk, consultation.created_at)
    last = Consultation.objects.values_list("last_number", flat=True).get(pk=consultation.pk)
    if key not in _memories:
        votes = Vote.objects.filter(statement__consultation=consultation).order_by()
        held = votes.values_list("participant_id", "statement__number", "value")
        memory = Memory(Opinion(), last)
        _record(memory.opinion, held.iterator(chunk_size=CHUNK))
        _memories[key] = memory
    memory = _memories[key]
    lines = consultation.vote_changes.filter(number__gt=memory.number, number__lte=last).order_by("number")
    changes = lines.values_list("participant", "statement__number", "value")
    _record(memory.opinion, changes.iterator(chunk_size=CHUNK))
    memory.number = last
    return memory


def _record(opinion: Opinion, votes: Iterable[tuple[int, int, int]]) -> None:
    cells = array("q")
    for vote in votes:
        cells.extend(vote)
    if cells:
        table = np.frombuffer(cells, dtype=np.int64).reshape(-1, 3)
        opinion.record_many(table[:, 0], table[:, 1], table[:, 2])


def _save_live(consultation: Consultation, **values: Any) -> Picture:
    with transaction.atomic():
        live, _is_new = Picture.objects.update_or_create(
            consultation=consultation, frozen_at=None, defaults=values
        )
    return live


def _mark_decisions(now: datetime, consultation: Consultation | None = None) -> dict[int, str]:
    """Give for each consultation a short text that changes with what is shown, out, or looked at.

    Two queries for all consultations, so that it can be asked every second.
    """
    wanted = Consultation.objects.public().filter(closes_date__gte=timezone.localdate(now - LOOKED_AT))
    if consultation is not None:
        wanted = Consultation.objects.filter(pk=consultation.pk)
    keys = wanted.values("pk")
    found: defaultdict[int, list[list[Any]]] = defaultdict(list)
    statements = Statement.objects.filter(consultation__in=keys).order_by()
    for key, *mark in statements.values_list("consultation", "state", "is_meta").annotate(
        count=Count("pk"), sum=Sum("number"), squares=Sum(F("number") * F("number"))
    ):
        found[key].append(mark)
    suspicions = Suspicion.objects.filter(~Q(state=Suspicion.State.CLEARED), consultation__in=keys).order_by()
    for key, *mark in suspicions.values_list("consultation", "state").annotate(
        count=Count("participants"), sum=Sum("participants")
    ):
        found[key].append(mark)
    return {key: _digest(marks) for key, marks in found.items()}


def _digest(marks: list[list[Any]]) -> str:
    """Sum marks up in a text that no database takes for JSON within JSON."""
    lines = sorted(" ".join(map(str, mark)) for mark in marks)
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _list_closed_without_picture(now: datetime) -> QuerySet[Consultation]:
    """List what is closed and whose last picture is not kept yet: one query, as this is asked every second."""
    is_after = Q(frozen_at__gte=F("consultation__closed_at")) | Q(
        consultation__closed_at=None, frozen_at__date__gt=F("consultation__closes_date")
    )
    kept = Picture.objects.frozen().filter(is_after, title="", frozen_by=None)
    is_over = Q(closed_at__isnull=False) | Q(closes_date__lt=timezone.localdate(now))
    closed = Consultation.objects.public().filter(is_over, last_number__gt=0)
    return closed.exclude(pk__in=kept.values("consultation"))


def _find_closing(consultation: Consultation, now: datetime) -> datetime | None:
    """Say when a consultation closed, None where it has not."""
    if consultation.closed_at is not None:
        return consultation.closed_at
    day = consultation.closes_date
    if day is None or timezone.localdate(now) <= day:
        return None
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight)


def _forget_idle() -> None:
    """Free the memory of consultations in which nothing has happened for a while."""
    limit = time.monotonic() - IDLE_SECONDS
    for key in [key for key, memory in _memories.items() if memory.used < limit]:
        del _memories[key]


def write_history(history: History) -> dict[str, Any]:
    """Write down what the next picture needs of this one; floats survive JSON bit for bit."""
    return {
        "participants": history.participants.tolist(),
        "labels": history.labels.tolist(),
        "shown": history.shown,
        "wanted": history.wanted,
        "times": history.times,
        "statements": history.statements.tolist(),
        "components": history.components.tolist(),
    }


def _read_history(picture: Picture | None) -> History | None:
    if picture is None or not picture.history:
        return None
    known = picture.history
    return History(
        participants=np.array(known["participants"], dtype=np.int64),
        labels=np.array(known["labels"], dtype=np.int64),
        shown=known["shown"],
        wanted=known["wanted"],
        times=known["times"],
        statements=np.array(known["statements"], dtype=np.int64),
        components=np.array(known["components"], dtype=np.float64).reshape(-1, 2),
    )
