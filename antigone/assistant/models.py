"""Conversations of people with an account (a visitor has none), their exchanges, and what readers said of them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.library.models import Collection, Document


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of(self, person: Person) -> Self:
        """Keep the person's own: nobody reads another's conversations, operators neither."""
        return self.filter(person=person)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class Conversation(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conversations")
    title = models.CharField(max_length=200)
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("conversation")

    def __str__(self) -> str:
        return self.title


class Exchange(models.Model):
    """A question and its answer, kept as it was shown.

    `answer` is `Answer.as_json()`: sentences with their marks and citations, so that an old answer
    shows what was verified then.
    """

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="exchanges")
    question = models.TextField()
    answer = models.JSONField()
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.question[:80]


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def for_person(self, person: Person | None) -> Self:
        """Keep the questions whose answer the person may read now."""
        return self.filter(document__in=Document.objects.current().readable_by(person))


class Suggestion(models.Model):
    """A question that `document` answers; it goes when the document does."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="suggestions", verbose_name=_("document")
    )
    question = models.CharField(_("question"), max_length=200)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("suggestion")
        constraints = [
            models.UniqueConstraint(fields=["document", "question"], name="one_suggestion_of_a_question")
        ]

    def __str__(self) -> str:
        return self.question


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def for_librarian(self, person: Person | None) -> Self:
        """Keep those whose every collection the person looks after, since a reader's quotes come with them."""
        kept = Collection.objects.kept_by(person)
        if not kept.exists():
            return self.none()
        return self.exclude(collections__in=Collection.objects.exclude(pk__in=kept.values("pk")))

    def waiting(self) -> Self:
        return self.filter(handled_at=None)


class Feedback(models.Model):
    """What a reader said of an answer, for the librarians of the collections that it quoted."""

    class Verdict(models.TextChoices):
        USEFUL = "useful", _("Useful")
        WRONG = "wrong", _("Wrong")
        SOURCE_MISSING = "source_missing", _("A source is missing")

    verdict = models.CharField(max_length=20, choices=Verdict)
    comment = models.TextField(blank=True, max_length=2_000)
    question = models.TextField()
    answer = models.JSONField()
    collections = models.ManyToManyField(Collection, related_name="feedback")
    given_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at"]
        verbose_name = _("feedback")

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.question[:60]}"
