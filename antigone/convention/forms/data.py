"""What people give to import a convention of the past."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from antigone.convention.opendata.unpacking import MOST_BYTES


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("The file"),
        allow_empty_file=True,
        help_text=_(
            "The JSON document or the ZIP of CSV files of a convention, as its page of open data gives them."
        ),
    )
    sources = forms.CharField(
        label=_("Public sources"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where these facts come from, one a line; kept where the file does not say it."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile) and (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("This file is too large: the most is %(megabytes)s MB."),
                params={"megabytes": MOST_BYTES // 1_000_000},
            )
        return file
