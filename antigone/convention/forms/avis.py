"""What facilitators type around the proposals of the avis, and its translation."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.convention.documents.contents import Passage
from antigone.convention.models import Paragraph, ProposalTranslation


class AvisForm(forms.Form):
    preamble = forms.CharField(
        label=_("Preamble"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What the members say before their proposals. A blank line begins another paragraph."),
    )
    method = forms.CharField(
        label=_("Method"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("How the convention worked: what is not said by the lists that follow the proposals."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class PassagesForm(AvisForm):
    """The preamble and the method in another language, then a field for each theme and minority opinion."""

    def __init__(self, *args: object, passages: Sequence[Passage], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["preamble"].help_text = ""
        self.fields["method"].help_text = ""
        self.passages = passages
        for passage in passages:
            is_long = passage.key.endswith("-text")
            self.fields[passage.key] = forms.CharField(
                label=passage.source[:120],
                max_length=10_000 if is_long else 300,
                required=False,
                initial=passage.text,
                widget=forms.Textarea(attrs={"rows": 6}) if is_long else forms.TextInput(),
            )

    def get_passages(self) -> dict[str, str]:
        return {passage.key: self.cleaned_data[passage.key] for passage in self.passages}

    def list_rows(self) -> list[tuple[Passage, forms.BoundField]]:
        return [(passage, self[passage.key]) for passage in self.passages]


class TranslationForm(forms.Form):
    """The title and each paragraph of a proposal in another language."""

    title = forms.CharField(label=_("Title"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: object,
        paragraphs: Iterable[Paragraph],
        kept: ProposalTranslation | None,
        **options: object,
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.paragraphs = list(paragraphs)
        self.kept = kept
        self.fields["title"].initial = kept.title if kept is not None else ""
        self.fields["version"].initial = kept.version if kept is not None else 0
        for place, paragraph in enumerate(self.paragraphs, 1):
            self.fields[f"text-{paragraph.pk}"] = forms.CharField(
                label=_("Paragraph %(place)s") % {"place": place},
                max_length=10_000,
                required=False,
                initial=self._read(paragraph).get("text", ""),
                widget=forms.Textarea(attrs={"rows": 5}),
            )
            # Which version is being translated: if it changes meanwhile, this is a translation of the older one.
            self.fields[f"version-{paragraph.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=paragraph.version, min_value=1
            )

    def get_paragraphs(self) -> dict[int, tuple[int, str]]:
        return {
            paragraph.pk: (
                self.cleaned_data[f"version-{paragraph.pk}"],
                self.cleaned_data[f"text-{paragraph.pk}"],
            )
            for paragraph in self.paragraphs
        }

    def list_rows(self) -> list[tuple[Paragraph, forms.BoundField, forms.BoundField, bool]]:
        """Give each paragraph with its two fields, and whether what is kept translates an older version."""
        return [
            (
                paragraph,
                self[f"text-{paragraph.pk}"],
                self[f"version-{paragraph.pk}"],
                self._read(paragraph).get("version", paragraph.version) != paragraph.version,
            )
            for paragraph in self.paragraphs
        ]

    def _read(self, paragraph: Paragraph) -> dict[str, object]:
        read: dict[str, object] = (
            self.kept.paragraphs.get(str(paragraph.pk), {}) if self.kept is not None else {}
        )
        return read
