"""The members' evaluation of the convention: anonymous, shown from five answers on."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from antigone.convention.models.conventions import Convention
from antigone.convention.models.members import Member


class Survey(models.Model):
    """Some questions put to the members."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="surveys")
    title = models.CharField(_("title"), max_length=200)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who answered, without what: a member answers once.
    answered_by = models.ManyToManyField(Member, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("survey")

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.closed_at is None


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
