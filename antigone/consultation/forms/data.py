"""The files with which a consultation comes from Polis."""

from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from antigone.core.opinion import OpinionError, read_export
from antigone.core.opinion.reading import COMMENTS, PARTICIPANTS, SUMMARY, VOTES

MOST_BYTES = 60_000_000
NAMES = {SUMMARY, COMMENTS, VOTES, *PARTICIPANTS}


class FilesField(forms.FileField):
    """Several files, or one ZIP of them: their bytes by name."""

    widget = type("Files", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> dict[str, bytes]:
        given: list[UploadedFile[Any]] = data if isinstance(data, list) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"])
        if sum(file.size or 0 for file in given) > MOST_BYTES:
            raise _too_large()
        files: dict[str, bytes] = {}
        for file in given:
            content = file.read()
            found = _unpack(content) if content.startswith(b"PK") else {str(file.name): content}
            files |= {_find_name(name): content for name, content in found.items()}
        return {name: content for name, content in files.items() if name in NAMES}


class ImportForm(forms.Form):
    exported = FilesField(
        label=_("The files"),
        help_text=_(
            "summary.csv, comments.csv, and votes.csv or participants-votes.csv: all chosen at once, or one ZIP."
        ),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Without it, the topic of summary.csv."),
    )
    agree = forms.TypedChoiceField(
        label=_("How the files write to agree"),
        choices=[(1, "1"), (-1, "-1")],
        coerce=int,
        initial=1,
        help_text=_("1, save in some versions of Polis. Files of which the signs are exchanged are refused."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                cleaned["export"] = read_export(cleaned["exported"], agree=cleaned["agree"])
            except OpinionError as error:
                raise forms.ValidationError(error.explain(gettext)) from error
        return cleaned


def _unpack(content: bytes) -> dict[str, bytes]:
    """Give the files of an archive; what it says of their sizes is not believed."""
    files: dict[str, bytes] = {}
    left = MOST_BYTES
    try:
        with ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                if _find_name(entry.filename) not in NAMES:
                    continue
                with archive.open(entry) as file:
                    files[entry.filename] = file.read(left + 1)
                left -= len(files[entry.filename])
                if left < 0:
                    raise _too_large()
    # zipfile: encrypted (RuntimeError), an unknown compression (NotImplementedError), cut short (EOFError).
    except (BadZipFile, OSError, RuntimeError, EOFError, ValueError) as error:
        raise forms.ValidationError(_("The ZIP archive is damaged.")) from error
    return files


def _find_name(path: str) -> str:
    """Give the name that the file has among those of an export: Polis puts the date before it."""
    name = PurePosixPath(path.replace("\\", "/")).name.casefold()
    return next((known for known in sorted(NAMES, key=len, reverse=True) if name.endswith(known)), name)


def _too_large() -> forms.ValidationError:
    return forms.ValidationError(
        _("These files are too large: the most is %(megabytes)s MB. The command imports larger ones."),
        params={"megabytes": MOST_BYTES // 1_000_000},
    )
