"""Collections, documents with their versions, pages and passages; what may be read by whom."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Group, Organisation, Person

if TYPE_CHECKING:
    from datetime import date


class CollectionQuerySet(models.QuerySet["Collection"]):
    def readable_by(self, person: Person | None) -> Self:
        """Keep what `person` may read; None is a visitor, who reads only what is public."""
        public = Q(audience=Collection.Audience.PUBLIC)
        if person is None or not person.is_active:
            return self.filter(public)
        organisation = Q(audience=Collection.Audience.ORGANISATION, organisation=person.organisation_id)
        own = Q(owner=person.pk)
        groups = own | Q(audience=Collection.Audience.GROUPS) & (
            Q(pk__in=Collection.readers.through.objects.filter(group__people=person).values("collection"))
            | Q(
                pk__in=Collection.librarians.through.objects.filter(group__people=person).values("collection")
            )
        )
        return self.filter(public | organisation | groups if person.organisation_id else public | groups)

    def openable_by(self, person: Person | None) -> Self:
        """Keep what `person` may read or looks after."""
        return self.filter(pk__in=self.readable_by(person)) | self.filter(pk__in=self.kept_by(person))

    def with_document_count(self) -> Self:
        """Add `document_count`: how many documents are current."""
        current = models.Count("documents", filter=Q(documents__withdrawn_at=None))
        return self.annotate(document_count=current).order_by("name")

    def kept_by(self, person: Person | None) -> Self:
        """Keep what `person` may add to and withdraw from."""
        if person is None or not person.is_active:
            return self.none()
        return self.filter(
            Q(pk__in=Collection.librarians.through.objects.filter(group__people=person).values("collection"))
            | Q(owner=person.pk)
        )


class Collection(models.Model):
    """Documents that the same people may read and the same librarians look after."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        ORGANISATION = "organisation", _("The organisation")
        GROUPS = "groups", _("Some groups")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True)
    description = models.TextField(_("description"), blank=True)
    audience = models.CharField(_("who may read"), max_length=20, choices=Audience, default=Audience.GROUPS)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="collections", verbose_name=_("organisation")
    )
    readers = models.ManyToManyField(
        Group, blank=True, related_name="read_collections", verbose_name=_("readers")
    )
    librarians = models.ManyToManyField(
        Group, blank=True, related_name="kept_collections", verbose_name=_("librarians")
    )
    # Of a collection that a person's programme made: that person reads it and looks after it, and nobody else.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="own_collections",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    document_count: int  # where `with_document_count` adds it

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("collection")

    def __str__(self) -> str:
        return self.name


class Provenance(models.Model):
    """Who published a document, when, where and under what licence."""

    publisher = models.CharField(_("published by"), max_length=200, blank=True)
    source = models.CharField(
        _("source"), max_length=500, blank=True, help_text=_("Deliberation, address, service…")
    )
    published_date: "models.DateField[str | date | None, date | None]" = models.DateField(
        _("published on"), null=True, blank=True
    )
    licence = models.CharField(_("licence"), max_length=100, blank=True)

    class Meta:
        abstract = True


class DocumentQuerySet(models.QuerySet["Document"]):
    def current(self) -> Self:
        return self.filter(withdrawn_at=None)

    def readable_by(self, person: Person | None) -> Self:
        return self.filter(collection__in=Collection.objects.readable_by(person))

    def holding(self, sha256: str) -> Self:
        """Keep the documents whose latest version is made of these bytes."""
        latest = (
            Version.objects.filter(document=models.OuterRef("pk")).order_by("-number").values("sha256")[:1]
        )
        return (
            self.filter(versions__sha256=sha256)
            .annotate(latest_sha256=models.Subquery(latest))
            .filter(latest_sha256=sha256)
            .distinct()
        )

    def openable_by(self, person: Person | None) -> Self:
        """Keep what `person` may open: what is current and readable, and all that the person looks after."""
        current = Q(withdrawn_at=None, collection__in=Collection.objects.readable_by(person))
        return self.filter(current | Q(collection__in=Collection.objects.kept_by(person)))


class Document(Provenance):
    """One text of the city, whatever its versions."""

    collection = models.ForeignKey(
        Collection, models.PROTECT, related_name="documents", verbose_name=_("collection")
    )
    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(_("language"), max_length=8, default="fr")
    # The name under which it was imported: the same name in the same collection is a new version.
    filename = models.CharField(_("file name"), max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.CharField(_("reason for the withdrawal"), max_length=500, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(fields=["collection", "filename"], name="one_document_a_filename"),
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The bytes of a document at one time. Only the latest has passages."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # The title that the file gives itself; the document's follows it until somebody writes another.
    title = models.CharField(max_length=300)
    # The bytes lie under FILES_FOLDER at a path made of their SHA-256.
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    has_page_images = models.BooleanField(default=False)
    notices = models.JSONField(default=list, blank=True)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.document} ({self.number})"


class Page(models.Model):
    """The text of one page, slide, sheet or part of a version."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    # In points; 0 where the page has no image.
    width = models.FloatField(default=0)
    height = models.FloatField(default=0)
    is_scanned = models.BooleanField(default=False)
    # Where OCR found each word, as `core.reading.words` packs it.
    word_boxes = models.BinaryField(default=b"", blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_page_a_number")]

    def __str__(self) -> str:
        return f"{self.version}, {self.label}"


class PassageQuerySet(models.QuerySet["Passage"]):
    def without_vector(self, model: str) -> Self:
        """Keep the passages that this model has still to read."""
        return self.exclude(vector__model=model)


class Passage(models.Model):
    """`page.text[start:end]`: what search finds and answers quote.

    The stored terms are those of `core.retrieval`; the inverted index follows this table by itself
    (triggers on SQLite, a GIN index on PostgreSQL), so it can never say anything else. Write rows through
    `library.index`, which also counts. SQLite drops a table's triggers when a migration alters it: such a
    migration ends with `get_inverted_index(connection).install()`, as 0002 does.
    """

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="passages")
    page = models.ForeignKey(Page, models.CASCADE, related_name="passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    title_terms = models.TextField(blank=True)
    stems = models.TextField(blank=True)
    surfaces = models.TextField(blank=True)
    sentences = models.TextField(blank=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=models.F("end")), name="passage_is_not_empty")
        ]

    def __str__(self) -> str:
        return f"{self.page} [{self.start}:{self.end}]"

    @property
    def text(self) -> str:
        return self.page.text[self.start : self.end]

    @property
    def titled_text(self) -> str:
        """Return what an engine compares with a question: a passage alone may not say what it is about."""
        return f"{self.document.title}\n{self.text}"


class PassageVector(models.Model):
    """What a passage means, as numbers of an embedding engine's model: `library.index.vectors` packs them."""

    passage = models.OneToOneField(Passage, models.CASCADE, primary_key=True, related_name="vector")
    model = models.CharField(max_length=200)
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.passage}, {self.model}"


class ImportQuerySet(models.QuerySet["Import"]):
    def unfinished(self) -> Self:
        return self.exclude(state__in=[Import.State.DONE, Import.State.CANCELLED])

    def kept_by(self, person: Person | None) -> Self:
        return self.filter(collection__in=Collection.objects.kept_by(person))

    def with_progress(self) -> Self:
        """Add `total` files, how many are `done`, how many were `refused`."""
        waiting = Q(files__state=ImportedFile.State.WAITING)
        refused = Q(files__state=ImportedFile.State.REFUSED)
        return self.annotate(
            total=models.Count("files"),
            done=models.Count("files", filter=~waiting),
            refused=models.Count("files", filter=refused),
        ).order_by("-asked_at", "-pk")


class Import(Provenance):
    """Some files that a person asked to add together: their progress, and what was refused and why."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("In progress")
        STOPPED = "stopped", _("Stopped: the machine could not go on")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="imports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    brings_back = models.BooleanField(_("bring withdrawn documents back"), default=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"{self.collection}, {self.asked_at:%Y-%m-%d %H:%M}"


class ImportedFile(models.Model):
    """One file of an import and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ADDED = "added", _("Added")
        NEW_VERSION = "new_version", _("New version")
        UNCHANGED = "unchanged", _("Already there")
        REFUSED = "refused", _("Refused")

    import_of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    filename = models.CharField(max_length=500)
    title = models.CharField(max_length=300, blank=True)
    # Where the bytes wait until they are read; emptied afterwards.
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    error_code = models.CharField(max_length=50, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.filename


class Vocabulary(models.Model):
    """In how many passages a stem stands, in title or text: the weight of a word in a search."""

    term = models.CharField(primary_key=True, max_length=80)
    passages = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.term


class Corpus(models.Model):
    """The size of the whole, in one row (1), kept with every change of passages; `terms` has titles too."""

    passages = models.PositiveBigIntegerField(default=0)
    terms = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.passages} passages"
