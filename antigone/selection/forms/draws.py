"""What people type: a new draw, its targets, what to compute, the randomness to come and what fell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from antigone.core.sortition.beacons import QUICKNET
from antigone.core.sortition.commitments import Digits, Round, Source, find_round
from antigone.selection.actions.compute import LOTTERY_SIZES, TIME_LIMITS
from antigone.selection.models import Draw, Target
from antigone.selection.reading import Columns, Upload, split_names
from antigone.selection.wording import list_objectives

MOST_SEATS = 10_000
POOL_BYTES = 60_000_000
TARGETS_BYTES = 2_000_000
FACES = 10


class InstantInput(forms.DateTimeInput):
    """The browser's own calendar and clock, in the city's time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SmallFileField(forms.FileField):
    """One file of at most so many bytes; an empty one is let through, and refused with the engine's sentence."""

    def __init__(self, *, most_bytes: int, **options: Any) -> None:
        self.most_bytes = most_bytes
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > self.most_bytes:
            raise forms.ValidationError(
                _("This file is too large: the most is %(megabytes)s MB."),
                params={"megabytes": self.most_bytes // 1_000_000},
            )
        return file


class NewDrawForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What everybody will read: “Citizens’ convention on the night”."),
    )
    question = forms.CharField(
        label=_("What the panel is for"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In a sentence or two, for everybody."),
    )
    size = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)
    pool = SmallFileField(
        label=_("The pool"),
        most_bytes=POOL_BYTES,
        help_text=_(
            "Who said yes: CSV, a line a person, an identifier and a column for each feature. Or our JSON."
        ),
    )
    households = forms.BooleanField(
        label=_("At most one person of each address"),
        required=False,
        help_text=_("The file then has the columns of the address. Addresses themselves are not kept."),
    )
    targets = SmallFileField(
        label=_("The targets"),
        most_bytes=TARGETS_BYTES,
        required=False,
        help_text=_("CSV with the columns feature, value, min, max. Or our JSON."),
    )
    shares = forms.CharField(
        label=_("Or census shares"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "placeholder": "age,18-29,1200"}),
        help_text=_(
            "Lines of feature, value, count. With neither, targets begin wide open and you narrow them."
        ),
    )
    tolerance = forms.IntegerField(
        label=_("Around census shares, how many per cent more or less"),
        min_value=0,
        max_value=100,
        initial=0,
        required=False,
    )
    identifier = forms.CharField(
        label=_("Column of the identifier"),
        max_length=200,
        required=False,
        help_text=_("Guessed when empty: id, nationbuilder_id… else the first column."),
    )
    addresses = forms.CharField(
        label=_("Columns of the address"),
        max_length=500,
        required=False,
        help_text=_("Between commas. Guessed when empty: household, primary_address1, primary_zip."),
    )
    features = forms.CharField(
        label=_("Columns that are features"),
        max_length=1_000,
        required=False,
        help_text=_("Between commas, where no targets say them. Guessed when empty: those of few values."),
    )

    def get_question(self) -> dict[str, Any]:
        """Return what was given, as `reading.read_files` takes it."""
        given = self.cleaned_data
        columns = Columns(
            given["identifier"], tuple(split_names(given["addresses"])), tuple(split_names(given["features"]))
        )
        return {
            "pool": _read(given["pool"]),
            "size": given["size"],
            "targets": _read(given["targets"]) if given["targets"] else None,
            "shares": given["shares"],
            "tolerance": given["tolerance"] or 0,
            "columns": columns,
            "households": given["households"],
        }


def _read(file: UploadedFile) -> Upload:  # type: ignore[type-arg]
    return Upload(file.name or "", file.read())


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target in the table, with the two cells that edit it."""

    target: Target
    saved: str
    min: forms.BoundField
    max: forms.BoundField


class TargetsForm(forms.Form):
    """The seats and all bounds of a draw, with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    size = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)

    def __init__(self, data: Any = None, *, draw: Draw) -> None:
        super().__init__(data, initial={"version": draw.version, "size": draw.size}, prefix=None)
        self.targets = list(draw.targets.all())
        self._saved = {target.pk: f"{target.min} – {target.max}" for target in self.targets}
        for target in self.targets:
            for bound, label in (("min", _("Minimum")), ("max", _("Maximum"))):
                field = forms.IntegerField(
                    label=label, min_value=0, max_value=MOST_SEATS, initial=getattr(target, bound)
                )
                field.widget.attrs |= {"aria-label": f"{label}, {target.feature}, {target.value}"}
                self.fields[f"{bound}_{target.pk}"] = field

    def list_features(self) -> Iterator[tuple[str, list[TargetRow]]]:
        """Give the rows of the table, feature by feature."""
        groups: dict[str, list[TargetRow]] = {}
        for target in self.targets:
            cells = self[f"min_{target.pk}"], self[f"max_{target.pk}"]
            row = TargetRow(target, self._saved[target.pk], *cells)
            groups.setdefault(target.feature, []).append(row)
        yield from groups.items()

    def get_targets(self) -> list[Target]:
        """Return the targets with the bounds that were typed; nothing is saved."""
        for target in self.targets:
            target.min = self.cleaned_data[f"min_{target.pk}"]
            target.max = self.cleaned_data[f"max_{target.pk}"]
        return self.targets


class ComputeForm(forms.Form):
    objective = forms.ChoiceField(
        label=_("What is fair"), choices=list_objectives, initial="leximin", widget=forms.RadioSelect
    )
    lottery = forms.TypedChoiceField(
        label=_("The lot is drawn among"),
        coerce=int,
        choices=[
            (LOTTERY_SIZES[0], _("1,000 equal panels: three digits")),
            (LOTTERY_SIZES[1], _("100 equal panels: two digits")),
            (LOTTERY_SIZES[2], _("panels of unequal weight: a public beacon")),
        ],
        initial=LOTTERY_SIZES[0],
    )
    time_limit = forms.TypedChoiceField(
        label=_("At most"),
        coerce=int,
        choices=[
            (TIME_LIMITS[0], _("10 seconds")),
            (TIME_LIMITS[1], _("1 minute")),
            (TIME_LIMITS[2], _("5 minutes")),
            (TIME_LIMITS[3], _("30 minutes")),
        ],
        initial=TIME_LIMITS[1],
    )


class CommitForm(forms.Form):
    """The randomness to come: what one kind asks for, the other does without."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Where chance comes from"),
        choices=[
            ("digits", _("Digits thrown in public: balls or ten-sided dice")),
            ("beacon", _("A public beacon: a round of drand (quicknet)")),
        ],
        widget=forms.RadioSelect,
        initial="digits",
    )
    event = forms.CharField(
        label=_("Where the digits are thrown"),
        max_length=300,
        help_text=_("“At the town hall, before the guarantors and the public.”"),
    )
    instant = forms.DateTimeField(
        label=_("When"),
        widget=InstantInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=_("The lot cannot be drawn before. For a beacon: the first round after it is taken."),
    )
    round = forms.IntegerField(
        label=_("Or the number of the round"),
        min_value=1,
        max_value=10**12,
        required=False,
        help_text=_("For a beacon only."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == "beacon":
            self.errors.pop("event", None)
            if cleaned.get("round"):
                self.errors.pop("instant", None)
        return cleaned

    def get_source(self, total: int) -> Source:
        """Return the randomness announced, able to choose among `total` tickets."""
        instant: datetime | None = self.cleaned_data.get("instant")
        if self.cleaned_data["kind"] == "digits":
            assert instant is not None
            return Digits(self.cleaned_data["event"], instant, FACES, count_throws(total))
        number = self.cleaned_data["round"]
        if number is None:
            assert instant is not None
            return find_round(QUICKNET.hash, instant)
        return Round(QUICKNET.hash, QUICKNET.genesis, QUICKNET.period, number)


def count_throws(total: int) -> int:
    """Give how many digits tell so many tickets apart.

    >>> count_throws(1000), count_throws(100), count_throws(1)
    (3, 2, 1)
    """
    return max(1, len(str(total - 1)))


class DigitsForm(forms.Form):
    digits = forms.CharField(
        label=_("The digits, in the order in which they fell"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_digits(self) -> list[list[int]]:
        lines = [line for line in self.cleaned_data["digits"].splitlines() if line.strip()]
        series = ["".join(line.replace(",", " ").split()) for line in lines]
        if not series or not all(text.isascii() and text.isdecimal() for text in series):
            raise forms.ValidationError(_("Write digits from 0 to 9 alone, a line for each series thrown."))
        return [[int(digit) for digit in text] for text in series]

    def get_fallen(self) -> list[list[int]]:
        digits: list[list[int]] = self.cleaned_data["digits"]
        return digits


class SignatureForm(forms.Form):
    signature = forms.CharField(
        label=_("The signature of the round"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("In hexadecimal, as the beacon publishes it."),
    )

    def get_fallen(self) -> str:
        return "".join(self.cleaned_data["signature"].split()).lower()


class AlternatesForm(forms.Form):
    number = forms.IntegerField(label=_("How many alternates"), min_value=1, max_value=1_000)
    dropout = forms.IntegerField(
        label=_("How many members in a hundred may drop out"), min_value=1, max_value=90, initial=10
    )


class PublishForm(forms.Form):
    agreed = forms.BooleanField(label=_("I have read what becomes public, and that it cannot be taken back."))


class FindPersonForm(forms.Form):
    person = forms.CharField(
        label=_("Identifier of a respondent"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, one at least."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = [file for file in data or [] if file is not None]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class VerifyForm(forms.Form):
    documents = FilesField(
        label=_("The files of a draw"),
        help_text=_(
            "draw.json, and with it lottery.json, public-draw.json… where you have them. Compressed with gzip "
            "(.json.gz) where they are larger than 2 MB together."
        ),
    )
