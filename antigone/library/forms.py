"""What people type: the documents they add, the reason of a withdrawal, a search."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.library.actions import About
from antigone.library.models import Collection, Document, Import

FILES_AT_ONCE = 1_000
PROVENANCE = ("publisher", "source", "published_date", "licence")


class DateInput(forms.DateInput):
    """The browser's own calendar, which takes and gives ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; an empty one is let through, and refused with its reason by the import."""

    widget = FilesInput

    def clean(
        self, data: "Sequence[UploadedFile[Any]] | None", initial: Any = None
    ) -> "list[UploadedFile[Any]]":
        return [file for file in data or [] if file]


class DescribeForm(forms.ModelForm[Document]):
    class Meta:
        model = Document
        fields: ClassVar[list[str]] = ["title", *PROVENANCE]
        widgets: ClassVar[dict[str, forms.Widget]] = {"published_date": DateInput()}

    def get_about(self) -> About:
        return About(**self.cleaned_data)


class AddForm(forms.ModelForm[Import]):
    documents = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("PDF, DOCX, ODT, XLSX, ODS, PPTX, ODP, HTML, Markdown, text, e-mail, scans."),
    )
    folder = FilesField(
        label=_("Or a whole folder"),
        required=False,
        widget=FilesInput(attrs={"webkitdirectory": True}),
        help_text=_("With all that it holds, but hidden files."),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        required=False,
        help_text=_("For a single file. Without one, the title in the file is taken."),
    )

    class Meta:
        model = Import
        fields: ClassVar[list[str]] = [*PROVENANCE, "brings_back"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"published_date": DateInput()}

    field_order = ["documents", "folder", "title"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        files = self.get_files()
        if not files:
            self.add_error("documents", _("Choose at least one file."))
        if len(files) > FILES_AT_ONCE:
            self.add_error(
                "documents",
                _("%(count)s files are too many at once; the limit is %(limit)s.")
                % {"count": len(files), "limit": FILES_AT_ONCE},
            )
        if cleaned.get("title") and len(files) > 1:
            self.add_error("title", _("Several files cannot have the same title: leave it empty."))
        return cleaned

    def get_files(self) -> "list[UploadedFile[Any]]":
        """Return the files that were chosen, and those of the folder that are not hidden."""
        listed = [file for file in self.cleaned_data["folder"] if not (file.name or "").startswith(".")]
        return [*self.cleaned_data["documents"], *listed]

    def get_about(self) -> About:
        return About(**{name: self.cleaned_data[name] for name in About.__slots__})


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Kept with the document, for the librarians.")
    )


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Words to look for"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    collection = forms.ModelMultipleChoiceField(
        Collection.objects.none(),
        label=_("Collections"),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.DateField(label=_("Published since"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Published until"), required=False, widget=DateInput)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("All languages")), ("fr", _("French")), ("en", _("English"))],
    )

    def __init__(self, *args: Any, person: Person | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        collections = self.fields["collection"]
        assert isinstance(collections, forms.ModelMultipleChoiceField)
        collections.queryset = Collection.objects.readable_by(person)

    def get_filters(self) -> dict[str, Any]:
        """Return what was chosen, as `library.search` takes it."""
        chosen = self.cleaned_data
        return {
            "collections": chosen["collection"] or None,
            "languages": [chosen["language"]] if chosen["language"] else None,
            "published_from": chosen["since"],
            "published_until": chosen["until"],
        }
