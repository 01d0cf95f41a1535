"""The consultations of the demonstration: one that is open, one that is over, with invented people in camps."""

import random
import tomllib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from antigone.accounts.models import Person
from antigone.consultation.actions.imports import DatedVote, add_dated_votes
from antigone.consultation.actions.submissions import make_key
from antigone.consultation.drawing import refresh_pictures
from antigone.consultation.models import (
    Consultation,
    ModerationDecision,
    Participant,
    ProfileAnswer,
    ProfileOption,
    Statement,
    Suspicion,
)
from antigone.core.opinion import AGREE, DISAGREE, PASS

OPEN, OVER = "ia.toml", "nuit.toml"
USUAL_VOTES, SPREAD_VOTES, FEWEST_VOTES = 19, 9, 3
SECONDS_A_VOTE = 20
PASSES, IMPORTANT, TELLS = 0.1, 0.07, 0.62


@transaction.atomic
def load_demo_consultations(*, folder: Path, by: Person) -> None:
    """Make the two consultations from the files of a folder, with their pictures; done twice, it adds nothing."""
    if by.organisation is None or Consultation.objects.filter(organisation=by.organisation).exists():
        return
    now = timezone.now()
    for name in (OVER, OPEN):
        _Builder(tomllib.loads((folder / name).read_text()), by, now).build()
    refresh_pictures(now)


class _Builder:
    """Makes one consultation of what its file says: the same people and votes each time, moved to today."""

    def __init__(self, told: dict[str, Any], by: Person, now: datetime) -> None:
        self.told = told
        self.by = by
        self.now = now
        self.chance = random.Random(told["seed"])  # noqa: S311 (invented people)
        self.opens_at = self._find_day(told["opens_in_days"], time(8))
        self.ends_at = min(now, self._find_day(told["closes_in_days"], time(22)))
        self.consultation = self._begin()
        # Of each accepted statement, out of ten how many of each camp agree.
        self.minds: dict[int, str] = {}

    def build(self) -> None:
        self._add_statements()
        people, camps = self._add_participants()
        self._add_authors(people)
        self._add_decisions()
        self._add_profiles(people)
        votes = [
            vote for person, camp in zip(people, camps, strict=True) for vote in self._vote(person, camp)
        ]
        if "burst" in self.told:
            votes += self._add_burst(self.told["burst"])
        add_dated_votes(self.consultation, sorted(votes, key=lambda vote: vote.at))

    def _find_day(self, days: int, hour: time) -> datetime:
        day = timezone.localdate(self.now) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, hour))

    def _begin(self) -> Consultation:
        names = ("slug", "title", "question", "asked_by", "use")
        assert self.by.organisation is not None
        consultation = Consultation.objects.create(
            organisation=self.by.organisation,
            context=self.told["context"].strip(),
            opens_date=self._find_day(self.told["opens_in_days"], time()).date(),
            closes_date=self._find_day(self.told["closes_in_days"], time()).date(),
            published_at=self.opens_at - timedelta(days=3),
            created_by=self.by,
            **{name: self.told[name] for name in names},
        )
        for choice in self.told.get("choices", ()):
            told = {name: choice[name] for name in ("kind", "before", "after", "reason")}
            at = self._find_day(-choice["days_ago"], time(10))
            consultation.choices.create(made_at=at, made_by=self.by, **told)
        return consultation

    def _add_statements(self) -> None:
        """Add statements in the order of the file: those accepted, then the rejected, the merged and the waiting."""
        for block in self.told["statements"]:
            flags = {"is_seed": block.get("seed", False), "is_meta": block.get("meta", False)}
            for text, minds in block["items"]:
                added = self._add_statement(text, Statement.State.ACCEPTED, **flags)
                self.minds[added.pk] = minds
        for one in self.told.get("rejected", ()):
            self._add_statement(one["text"], Statement.State.REJECTED)
        for one in self.told.get("merged", ()):
            into = self.consultation.statements.get(number=one["into"])
            self._add_statement(one["text"], Statement.State.MERGED, merged_into=into)
        for one in self.told.get("waiting", ()):
            at = self.now - timedelta(hours=one["hours_ago"])
            self._add_statement(one["text"], Statement.State.WAITING, created_at=at)
        self.consultation.save(update_fields=["last_statement"])

    def _add_statement(self, text: str, state: Statement.State, **more: Any) -> Statement:
        self.consultation.last_statement += 1
        number = self.consultation.last_statement
        at = self.opens_at + (timedelta() if more.get("is_seed") else timedelta(hours=number))
        told = {"created_at": at, "read_at": None if state == Statement.State.WAITING else at} | more
        return Statement.objects.create(
            consultation=self.consultation, number=number, text=text, key=make_key(text), state=state, **told
        )

    def _add_participants(self) -> tuple[list[Participant], list[int]]:
        """Add people of each camp, some of them on paper or by telephone; the last ones joined just now."""
        count, paper, phone = (self.told[name] for name in ("participants", "paper", "phone"))
        channels = [Participant.Channel.PAPER] * paper + [Participant.Channel.PHONE] * phone
        channels += [Participant.Channel.ONLINE] * (count - len(channels))
        self.chance.shuffle(channels)
        length = (self.ends_at - self.opens_at) * 0.98
        joined = sorted(self.opens_at + length * self.chance.random() for _ in channels)
        people = Participant.objects.bulk_create(
            Participant(
                consultation=self.consultation,
                channel=channel,
                sheet="" if channel == Participant.Channel.ONLINE else f"{number:04d}",
                entered_by=None if channel == Participant.Channel.ONLINE else self.by,
                joined_at=at,
            )
            for number, (channel, at) in enumerate(zip(channels, joined, strict=True), 1)
        )
        shares = self.told["camps"]
        return people, self.chance.choices(range(len(shares)), shares, k=len(people))

    def _add_authors(self, people: list[Participant]) -> None:
        written = list(self.consultation.statements.filter(is_seed=False))
        for statement in written:
            statement.author = self.chance.choice(people)
        Statement.objects.bulk_update(written, ["author"])

    def _add_decisions(self) -> None:
        """Add what the moderators decided of the statements of participants."""
        kinds = {
            Statement.State.ACCEPTED: "accept",
            Statement.State.REJECTED: "reject",
            Statement.State.MERGED: "merge",
        }
        reasons = {one["text"]: one for one in self.told.get("rejected", ())}
        decided = self.consultation.statements.filter(is_seed=False, state__in=kinds)
        ModerationDecision.objects.bulk_create(
            ModerationDecision(
                consultation=self.consultation,
                statement=one,
                kind=kinds[Statement.State(one.state)],
                reason=reasons.get(one.text, {}).get("reason", ""),
                note=reasons.get(one.text, {}).get("note", ""),
                decided_at=one.created_at + timedelta(minutes=self.chance.randrange(20, 600)),
                decided_by=self.by,
            )
            for one in decided
        )

    def _add_profiles(self, people: list[Participant]) -> None:
        answers = []
        for position, told in enumerate(self.told.get("profile", ())):
            question = self.consultation.profile_questions.create(
                text=told["text"], source=told["source"], position=position
            )
            options = [
                ProfileOption.objects.create(
                    question=question, text=text, share=share or None, position=place
                )
                for place, (text, share, _weight) in enumerate(told["options"])
            ]
            weights = [weight for _text, _share, weight in told["options"]]
            for person in people:
                if self.chance.random() < TELLS:
                    (option,) = self.chance.choices(options, weights)
                    answers.append(ProfileAnswer(participant=person, question=question, option=option))
        ProfileAnswer.objects.bulk_create(answers)

    def _vote(self, person: Participant, camp: int) -> Iterable[DatedVote]:
        """Give the votes of somebody of a camp, one after another."""
        count = max(FEWEST_VOTES, round(self.chance.gauss(USUAL_VOTES, SPREAD_VOTES)))
        asked = self.chance.sample(sorted(self.minds), min(count, len(self.minds)))
        for place, statement in enumerate(asked):
            agrees = int(self.minds[statement][camp]) / 10 * (1 - PASSES)
            said = self.chance.random()
            value = AGREE if said < agrees else PASS if said < agrees + PASSES else DISAGREE
            at = min(person.joined_at + timedelta(seconds=SECONDS_A_VOTE * place), self.now)
            yield DatedVote(person.pk, statement, value, at, self.chance.random() < IMPORTANT)

    def _add_burst(self, told: dict[str, Any]) -> list[DatedVote]:
        """Add people who come all at once and vote alike, and the suspicion that says so."""
        first_at = self._find_day(-told["days_ago"], time(14, 7))
        step = timedelta(minutes=told["minutes"]) / told["people"]
        people = Participant.objects.bulk_create(
            Participant(
                consultation=self.consultation,
                network=f"demo-{self.told['seed']}",
                joined_at=first_at + step * place,
            )
            for place in range(told["people"])
        )
        suspicion = Suspicion.objects.create(
            consultation=self.consultation,
            kind=Suspicion.Kind.BURST,
            key="demo",
            first_at=first_at,
            last_at=people[-1].joined_at,
            found_at=people[-1].joined_at + timedelta(minutes=5),
        )
        suspicion.participants.set(people)
        keys = dict(self.consultation.statements.values_list("number", "pk"))
        return [
            DatedVote(person.pk, keys[number], value, person.joined_at + timedelta(seconds=2 * place))
            for person in people
            for place, (number, value) in enumerate(told["votes"])
        ]
