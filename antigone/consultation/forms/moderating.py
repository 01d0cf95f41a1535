"""What moderators type: a decision on several statements, on one; statements of the organisers, many at once."""

import codecs
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from antigone.consultation.actions.submissions import clean_statement, make_key
from antigone.consultation.models import Consultation, ModerationDecision
from antigone.core.opinion import OpinionError
from antigone.core.opinion.tables import read_rows
from antigone.errors import WrongInput
from antigone.web.explanations import say

MOST_SEEDS = 500
MOST_BYTES = 2_000_000
MOST_LINES_SAID = 20
HEADERS = {"statement", "affirmation", "comment body"}


class DecisionForm(forms.Form):
    """A decision on statements: `seen` holds, for each, its number and the last decision that the page showed."""

    ACTIONS = ("accept", "reject", "meta", "not_meta")
    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS], widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason, if it is rejected"),
        choices=[("", gettext_lazy("Choose…")), *ModerationDecision.Reason.choices],
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("In more words"),
        help_text=gettext_lazy("Everybody reads it. Do not quote what is rejected, and name nobody."),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EditForm(forms.Form):
    """Another wording, while nobody has voted."""

    text = forms.CharField(label=gettext_lazy("The words"), widget=forms.Textarea(attrs={"rows": 3}))
    note = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1_000,
        required=False,
        help_text=gettext_lazy("Everybody reads it."),
    )


class MergeForm(forms.Form):
    """Which statement stays."""

    into = forms.IntegerField(
        label=gettext_lazy("Number of the statement that stays"), min_value=1, max_value=2_000_000_000
    )


class SeedsForm(forms.Form):
    """Statements of the organisers, typed one a line or from a file; `statements` are those read, once it is valid."""

    lines = forms.CharField(
        label=gettext_lazy("One statement a line"), required=False, widget=forms.Textarea(attrs={"rows": 10})
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        help_text=gettext_lazy("Text, one statement a line; or CSV with one column."),
        required=False,
    )

    def __init__(self, *args: Any, consultation: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.consultation = consultation
        self.statements: list[str] = []

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file = given.get("file")
        if file is not None and (given.get("lines") or "").strip():
            raise ValidationError(_("Type the statements or choose a file, not both."))
        lines = list(read_file(file)) if file is not None else list(_number(given.get("lines") or ""))
        if not lines:
            raise ValidationError(_("There is no statement. Type one a line, or choose a file."))
        if len(lines) > MOST_SEEDS:
            words = {"count": len(lines), "most": MOST_SEEDS}
            raise ValidationError(_("There are %(count)d statements; add at most %(most)d at once.") % words)
        self.statements, problems = check_seeds(self.consultation, lines)
        for problem in problems[:MOST_LINES_SAID]:
            self.add_error(None, problem)
        if len(problems) > MOST_LINES_SAID:
            left = len(problems) - MOST_LINES_SAID
            self.add_error(None, _("And %(count)d more lines cannot be taken.") % {"count": left})
        return given


def check_seeds(consultation: Consultation, lines: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """Give the statements as they will be kept, and a sentence for each line that cannot be taken."""
    there = dict(consultation.statements.exclude(key="").values_list("key", "number"))
    first: dict[str, int] = {}
    kept, problems = [], []
    for line, text in lines:
        try:
            cleaned = clean_statement(text, consultation)
        except WrongInput as error:
            problems.append(_("Line %(line)d: %(problem)s") % {"line": line, "problem": say(error)})
            continue
        key = make_key(cleaned)
        words = {"line": line, "first": first.get(key, 0), "number": there.get(key, 0)}
        if key in first:
            problems.append(_("Line %(line)d says the same as line %(first)d.") % words)
        elif key in there:
            problems.append(_("Line %(line)d is there already: it is statement %(number)d.") % words)
        else:
            first[key] = line
            kept.append(cleaned)
    return kept, problems


def read_file(file: Any) -> Iterator[tuple[int, str]]:
    """Read the lines of a text, or the statements of a CSV file: its only column, or the one with a name of ours."""
    data = read_upload(file)
    if not file.name.lower().endswith(".csv"):
        yield from _number(_decode(data))
        return
    try:
        rows = list(read_rows(data, file.name))
    except OpinionError as error:
        raise ValidationError(error.explain(_)) from error
    header = [make_key(cell) for cell in rows[0][1]] if rows else []
    column = next((place for place, name in enumerate(header) if name in HEADERS), None)
    for line, cells in rows[0 if column is None else 1 :]:
        if (column is None or len(header) == 1) and any(cells[1:]):
            raise ValidationError(
                _(
                    "Line %(line)d has several cells. Put each statement between quotes, or name its column "
                    "“statement”."
                )
                % {"line": line}
            )
        if cells[column or 0 : (column or 0) + 1] and cells[column or 0].strip():
            yield line, cells[column or 0]


def read_upload(file: Any) -> bytes:
    """Give what a file holds; raise where it is larger than what anybody types."""
    if file.size > MOST_BYTES:
        words = {"most": MOST_BYTES // 1_000_000}
        raise ValidationError(_("The file is over %(most)d MB. Send it in parts.") % words)
    data: bytes = file.read()
    return data


def _decode(data: bytes) -> str:
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _number(text: str) -> Iterator[tuple[int, str]]:
    for line, words in enumerate(text.splitlines(), 1):
        if words.strip():
            yield line, words
