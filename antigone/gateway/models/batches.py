"""Files that programmes leave, and the batches of requests that are answered from them."""

import secrets
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from antigone.gateway.models.keys import Endpoint, Key
from antigone.register.models import Use


def make_file_id() -> str:
    return f"file-{secrets.token_hex(12)}"


def make_batch_id() -> str:
    return f"batch_{secrets.token_hex(12)}"


def make_request_id() -> str:
    return f"batch_req_{secrets.token_hex(12)}"


class BatchFileQuerySet(models.QuerySet["BatchFile"]):
    def of_use(self, use_id: int) -> Self:
        """Keep the files of one use: keys of the same use share them, and nobody else sees them."""
        return self.filter(use=use_id)


class BatchFile(models.Model):
    """Bytes left by a programme, or made by a batch; they stand on the disk under the id and expire."""

    id = models.CharField(primary_key=True, max_length=40, default=make_file_id)
    use = models.ForeignKey(Use, models.CASCADE, related_name="files")
    filename = models.CharField(max_length=255)
    purpose = models.CharField(max_length=40)
    bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    objects = BatchFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("file")

    def __str__(self) -> str:
        return self.filename


class BatchQuerySet(models.QuerySet["Batch"]):
    def of_use(self, use_id: int) -> Self:
        """Keep the batches of one use."""
        return self.filter(use=use_id)


class Batch(models.Model):
    """Requests of a file, answered in the background one after the other, each through the same guards."""

    class State(models.TextChoices):
        VALIDATING = "validating"
        FAILED = "failed"
        IN_PROGRESS = "in_progress"
        FINALIZING = "finalizing"
        COMPLETED = "completed"
        EXPIRED = "expired"
        CANCELLING = "cancelling"
        CANCELLED = "cancelled"

    id = models.CharField(primary_key=True, max_length=40, default=make_batch_id)
    use = models.ForeignKey(Use, models.CASCADE, related_name="batches")
    # By whose limits and rights its requests go; a key revoked since stops it.
    key = models.ForeignKey(Key, models.PROTECT, related_name="batches")
    endpoint = models.CharField(max_length=20, choices=Endpoint)
    state = models.CharField(max_length=20, choices=State, default=State.VALIDATING)
    input_file = models.ForeignKey(BatchFile, models.SET_NULL, null=True, related_name="+")
    output_file = models.ForeignKey(BatchFile, models.SET_NULL, null=True, related_name="+")
    error_file = models.ForeignKey(BatchFile, models.SET_NULL, null=True, related_name="+")
    # What is wrong with the input, as OpenAI's objects.
    errors = models.JSONField(default=list, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelling_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("batch")

    def __str__(self) -> str:
        return self.id
