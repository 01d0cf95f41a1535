"""The members' evaluation of the convention: anonymous, shown from five answers on.

What stands in the tables joins nobody to a sheet. Keys and instants are not enough: databases also keep rows in the
order of their writing. So each answer writes anew who answered, in the order of the seats, and all sheets, in the
order of keys drawn by lot (`actions/surveys.py`); when the survey closes, who answered is forgotten, and so is what
too few answered.
"""

import random
import secrets
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.convention.models.conventions import Convention
from antigone.convention.models.members import Member

# Under so many answers nothing is shown.
FLOOR = 5
LEVELS = 5


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What the members answered to one question: how many gave each level, or their words in no order."""

    question: "SurveyQuestion"
    answers: int
    counts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        return self.answers >= FLOOR


class SurveyQuerySet(models.QuerySet["Survey"]):
    def opened(self) -> Self:
        """Keep those that members answer now."""
        return self.exclude(opened_at=None).filter(closed_at=None)

    def closed(self) -> Self:
        """Keep those whose results everybody reads."""
        return self.exclude(closed_at=None)

    def readable_by(self, person: Person | None, convention: Convention) -> Self:
        """Keep those of a convention of which `person` may know: opened for its members, all for who follows it."""
        surveys = self.filter(convention=convention)
        if Convention.objects.followed_by(person).filter(pk=convention.pk).exists():
            return surveys
        if Member.objects.of_person(person).sitting().filter(convention=convention).exists():
            return surveys.exclude(opened_at=None)
        return surveys.closed()


class Survey(models.Model):
    """Some questions put to the members."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="surveys")
    title = models.CharField(_("title"), max_length=200)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who answered, without what: a member answers once.
    answered_by = models.ManyToManyField(Member, blank=True, related_name="+")
    # How many answered, for when who did is forgotten.
    answers = models.PositiveIntegerField(default=0)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("survey")

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_draft(self) -> bool:
        return self.opened_at is None

    def read_results(self) -> list[QuestionResult]:
        """Return the results of a closed survey, question by question; none while it can still be answered.

        Shown while it is open, they would tell what the latest member answered. Two queries.
        """
        if self.closed_at is None:
            return []
        sheets = [sheet.answers for sheet in self.sheets.all()]
        return [
            _gather(question, [sheet[str(question.pk)] for sheet in sheets if str(question.pk) in sheet])
            for question in self.questions.all()
        ]


class SurveyQuestion(models.Model):
    """One question of a survey: a level from 1 to 5, or words."""

    class Kind(models.TextChoices):
        LEVEL = "level", _("From 1 to 5")
        WORDS = "words", _("In words")

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    text = models.CharField(_("question"), max_length=300)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.LEVEL)

    class Meta:
        ordering = ["position"]
        verbose_name = _("survey question")

    def __str__(self) -> str:
        return self.text


def _draw_key() -> int:
    return secrets.randbits(62)


class SurveySheet(models.Model):
    """What somebody answered: no name, no instant, and a key that says nothing of the order."""

    id = models.BigIntegerField(primary_key=True, default=_draw_key, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="sheets")
    # {question pk: level or words}
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        verbose_name = _("survey sheet")

    def __str__(self) -> str:
        return f"sheet {self.pk}"


def _gather(question: SurveyQuestion, given: list[int | str]) -> QuestionResult:
    if len(given) < FLOOR:
        return QuestionResult(question, len(given))
    if question.kind == SurveyQuestion.Kind.LEVEL:
        counts = tuple(given.count(level) for level in range(1, LEVELS + 1))
        return QuestionResult(question, len(given), counts=counts)
    words = [str(text) for text in given]
    random.SystemRandom().shuffle(words)
    return QuestionResult(question, len(given), words=tuple(words))
