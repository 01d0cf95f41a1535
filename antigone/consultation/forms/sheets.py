"""Votes cast off line as somebody types them: one sheet, or a table with a sheet a row."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from antigone.consultation.actions.sheets import Sheet
from antigone.consultation.actions.submissions import make_key
from antigone.consultation.forms.moderating import MOST_LINES_SAID, read_upload
from antigone.consultation.models import Consultation, Participant, Statement
from antigone.core.opinion import AGREE, DISAGREE, PASS, OpinionError
from antigone.core.opinion.tables import read_rows

MOST_SHEETS = 2_000
CHANNELS = [
    (Participant.Channel.PAPER, Participant.Channel.PAPER.label),
    (Participant.Channel.PHONE, Participant.Channel.PHONE.label),
]
SHEET_NUMBER = re.compile(r"(?=.*[0-9])[\w./-]{1,40}")
FIRST_COLUMN = {"sheet", "bulletin"}
SIGNS = {
    "1": AGREE,
    "+1": AGREE,
    "+": AGREE,
    "0": PASS,
    "-1": DISAGREE,
    "−1": DISAGREE,
    "-": DISAGREE,
    "−": DISAGREE,
}
WORDS = {
    "agree": AGREE,
    "d accord": AGREE,
    "pass": PASS,
    "passe": PASS,
    "je passe": PASS,
    "disagree": DISAGREE,
    "pas d accord": DISAGREE,
}
CHOICES = [
    (str(AGREE), gettext_lazy("Agree")),
    (str(DISAGREE), gettext_lazy("Disagree")),
    (str(PASS), gettext_lazy("Pass")),
    ("", gettext_lazy("Nothing ticked")),
]


class SheetForm(forms.Form):
    """One sheet: a row of choices for each accepted statement, in the order of the printed sheet."""

    channel = forms.ChoiceField(label=gettext_lazy("How the votes came"), choices=CHANNELS)
    sheet = forms.CharField(
        label=gettext_lazy("Number of the sheet"),
        max_length=40,
        help_text=gettext_lazy("Write it on the paper too, and no name: it is how the sheet is found again."),
    )

    def __init__(
        self,
        *args: Any,
        statements: Sequence[Statement],
        held: Mapping[int, int] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.statements = statements
        for statement in statements:
            self.fields[name_field(statement.number)] = forms.ChoiceField(
                label=f"{statement.number}. {statement.text}",
                choices=CHOICES,
                required=False,
                initial=str((held or {}).get(statement.number, "")),
                widget=forms.RadioSelect,
            )

    def rows(self) -> list[forms.BoundField]:
        """Give the fields of the statements, for the page."""
        return [self[name_field(statement.number)] for statement in self.statements]

    def clean_sheet(self) -> str:
        return check_number(self.cleaned_data["sheet"])

    def read_votes(self) -> dict[int, int]:
        """Give the votes that were ticked, by the number of the statement, once the form is valid."""
        ticked = {one.number: self.cleaned_data.get(name_field(one.number)) for one in self.statements}
        return {number: int(value) for number, value in ticked.items() if value}


class CorrectionForm(SheetForm):
    """The votes of a sheet that is there: neither its number nor how it came change."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["channel"], self.fields["sheet"]


class SheetsForm(forms.Form):
    """A CSV file of sheets; `sheets` are those read, once it is valid."""

    channel = forms.ChoiceField(label=gettext_lazy("How the votes came"), choices=CHANNELS)
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy(
            "First line: “sheet”, then the numbers of the statements. Below it a line a sheet, with 1 (agree), "
            "-1 (disagree), 0 (pass), or nothing."
        ),
    )

    def __init__(self, *args: Any, consultation: Consultation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.consultation = consultation
        self.sheets: list[Sheet] = []

    def clean_file(self) -> None:
        file = self.cleaned_data["file"]
        try:
            rows = list(read_rows(read_upload(file), file.name))
        except OpinionError as error:
            raise ValidationError(error.explain(_)) from error
        self.sheets, problems = read_sheets(self.consultation, rows)
        if len(problems) > MOST_LINES_SAID:
            left = {"count": len(problems) - MOST_LINES_SAID}
            problems[MOST_LINES_SAID:] = [_("And %(count)d more lines cannot be taken.") % left]
        if problems:
            raise ValidationError(problems)


def read_sheets(
    consultation: Consultation, rows: Sequence[tuple[int, Sequence[str]]]
) -> tuple[list[Sheet], list[str]]:
    """Read a table with a sheet a row; give the sheets, and a sentence for each line that cannot be taken."""
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    open_ones = set(consultation.statements.accepted().values_list("number", flat=True))
    if problem := _check_header(header, open_ones):
        return [], [problem]
    if len(rows) - 1 > MOST_SHEETS:
        words = {"count": len(rows) - 1, "most": MOST_SHEETS}
        return [], [_("There are %(count)d sheets; send at most %(most)d at once.") % words]
    there = set(consultation.participants.exclude(sheet="").values_list("sheet", flat=True))
    sheets, problems = [], []
    for line, cells in rows[1:]:
        try:
            sheet = _read_sheet(header, cells)
            if sheet.number in there:
                raise ValidationError(_("sheet %(number)s was entered already.") % {"number": sheet.number})
        except ValidationError as error:
            problems.append(_("Line %(line)d: %(problem)s") % {"line": line, "problem": error.messages[0]})
            continue
        there.add(sheet.number)
        sheets.append(sheet)
    if not sheets and not problems:
        problems.append(_("There is no sheet below the first line."))
    return sheets, problems


def _check_header(header: Sequence[str], open_ones: set[int]) -> str:
    """Say what is wrong with the first line, nothing where it is right."""
    if not header or make_key(header[0]) not in FIRST_COLUMN or len(header) < 2:
        return _("The first line must be “sheet”, then the numbers of the statements.")
    for place, name in enumerate(header[1:], 2):
        is_number = name.isascii() and name.isdigit() and len(name) < 10
        if not is_number or int(name) not in open_ones:
            return _("Column %(place)d: “%(name)s” is not the number of a statement that people vote on.") % {
                "place": place,
                "name": name[:40],
            }
        if int(name) in map(int, header[1 : place - 1]):
            return _("Statement %(number)s has two columns.") % {"number": name}
    return ""


def _read_sheet(header: Sequence[str], cells: Sequence[str]) -> Sheet:
    if any(cell.strip() for cell in cells[len(header) :]):
        raise ValidationError(_("there are more cells than in the first line."))
    votes = {
        int(name): _read_vote(cell, name)
        for name, cell in zip(header[1:], cells[1:], strict=False)
        if cell.strip()
    }
    number = check_number(cells[0])
    if not votes:
        raise ValidationError(_("sheet %(number)s has no vote.") % {"number": number})
    return Sheet(number, votes)


def _read_vote(cell: str, name: str) -> int:
    value = SIGNS.get(cell.strip(), WORDS.get(make_key(cell)))
    if value is None:
        words = {"cell": cell.strip()[:40], "number": name}
        raise ValidationError(
            _("“%(cell)s” for statement %(number)s is not a vote. Write 1, 0, -1 or nothing.") % words
        )
    return value


def check_number(text: str) -> str:
    """Give the number of a sheet as it is kept; raise where it is none."""
    number = text.strip()
    if not SHEET_NUMBER.fullmatch(number):
        raise ValidationError(_("the number of a sheet is made of figures, letters and hyphens, 40 at most."))
    return number


def name_field(number: int) -> str:
    return f"statement-{number}"
