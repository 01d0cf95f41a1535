"""What people type when they write together: words, themes, proposals, paragraphs, amendments."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from antigone.consultation.models import Consultation, Statement
from antigone.convention.actions.amendments import ARGUMENT_LENGTH
from antigone.convention.actions.contributions import CONTRIBUTION_LENGTH, Words
from antigone.convention.actions.drafting import PARAGRAPH_LENGTH, REASON_LENGTH
from antigone.convention.actions.origins import SOURCE_LENGTH, STATEMENT_LENGTH, Sources
from antigone.convention.models import Contribution, Convention, ExpertAnswer, Member, Proposal
from antigone.core.sortition.errors import SortitionError
from antigone.core.sortition.tables import Table, find_twin, read_table

CSV_BYTES = 2_000_000
ERRORS_SHOWN = 20
CUT = re.compile(r"^\s*-{3,}\s*$", re.MULTILINE)


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NumbersField(forms.CharField):
    """Numbers of things, as people write them in a row: “3, 12 and 40”, “c3 c12”."""

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        return [int(number) for number in re.findall(r"\d{1,9}", str(value or ""))]

    def validate(self, value: Any) -> None:
        """Take any numbers, none included: the form says which are known."""


class ContributeForm(forms.Form):
    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"] = forms.ModelChoiceField(
            convention.themes.all(), label=_("Theme"), required=False, empty_label=_("I do not know")
        )

    text = forms.CharField(
        label=_("Your words"),
        max_length=CONTRIBUTION_LENGTH,
        widget=text_area(5),
        help_text=_("One idea. They stay exactly as you write them, and nobody can change them."),
    )
    is_named = forms.BooleanField(
        label=_("Show my name in public under these words"), required=False, initial=True
    )


class AddContributionsForm(forms.Form):
    """Notes copied out, one a line, or a file."""

    lines = forms.CharField(
        label=_("The notes, one a line"),
        max_length=200_000,
        required=False,
        widget=text_area(10),
        help_text=_("As they are written, mistakes included."),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "A column “text”, and where you have them “theme” and “member” (the number of the seat)."
        ),
    )

    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.convention = convention
        self.fields["theme"] = forms.ModelChoiceField(
            convention.themes.all(), label=_("Theme"), required=False, empty_label=_("No theme yet")
        )
        self.fields["session"] = forms.ModelChoiceField(
            convention.sessions.all(), label=_("Session"), required=False, empty_label=_("No session")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None and file.size > CSV_BYTES:
            raise forms.ValidationError(
                _("This file is too large: the most is %(megabytes)s MB."),
                params={"megabytes": CSV_BYTES // 1_000_000},
            )
        words = self._read_lines(cleaned.get("lines", "")) + (self._read_file(file) if file else [])
        if not words and not self.errors:
            raise forms.ValidationError(_("Write at least one contribution, or choose a file."))
        cleaned["words"] = words
        return cleaned

    def _read_lines(self, text: str) -> list[Words]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for number, line in enumerate(lines, 1):
            self._check(number, line)
        return [Words(line, self.cleaned_data.get("theme")) for line in lines]

    def _read_file(self, file: Any) -> list[Words]:
        try:
            table = read_table(file.read(), str(file.name))
            return self._read_rows(table)
        except SortitionError as error:
            raise forms.ValidationError(error.explain(gettext)) from error

    def _read_rows(self, table: Table) -> list[Words]:
        columns = {name: find_twin(name, table.header) or find_twin(other, table.header) for name, other in (
            ("text", "texte"), ("theme", "thème"), ("member", "membre"))}  # fmt: skip
        text = table.find_column(columns["text"] or "text")
        themes = {theme.title.casefold(): theme for theme in self.convention.themes.all()}
        members = {str(member.number): member for member in self.convention.members.all()}
        words = []
        for line, row in table.rows:
            found: dict[str, Any] = {}
            for name, known, complaint in (
                ("theme", themes, _("Line %(line)s: there is no theme “%(value)s”.")),
                ("member", members, _("Line %(line)s: there is no member of seat “%(value)s”.")),
            ):
                value = row[table.find_column(columns[name])] if columns[name] else ""
                found[name] = known.get(value.casefold()) if value else None
                if value and found[name] is None:
                    self._complain(complaint, line=line, value=value[:80])
            self._check(line, row[text])
            words.append(Words(row[text], found["theme"] or self.cleaned_data.get("theme"), found["member"]))
        return words

    def _check(self, line: int, text: str) -> None:
        if not text:
            self._complain(_("Line %(line)s: there are no words."), line=line)
        if len(text) > CONTRIBUTION_LENGTH:
            self._complain(
                _("Line %(line)s: %(length)s characters, the most is %(most)s."),
                line=line,
                length=len(text),
                most=CONTRIBUTION_LENGTH,
            )
        if "\0" in text:
            self._complain(_("Line %(line)s holds characters that are no text."), line=line)

    def _complain(self, message: Any, **params: object) -> None:
        if len(self.non_field_errors()) < ERRORS_SHOWN:
            self.add_error(None, forms.ValidationError(message, params=params))


class ClassifyForm(forms.Form):
    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"] = forms.ModelChoiceField(
            convention.themes.all(), label=_("Theme"), required=False, empty_label=_("No theme")
        )


class ThemeForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)


class NewProposalForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=300, help_text=_("What is asked, in a sentence that begins with a verb.")
    )

    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"] = forms.ModelChoiceField(convention.themes.all(), label=_("Theme"))


class TitleForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    title = forms.CharField(label=_("Title"), max_length=300)


class ArrangeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["theme"] = forms.ModelChoiceField(convention.themes.all(), label=_("Theme"))
        self.fields["writers"] = forms.ModelMultipleChoiceField(
            Member.objects.filter(convention=convention).sitting(),
            label=_("Members who write in it"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("With none, every member does. Everybody may propose amendments."),
        )


class ReasonForm(forms.Form):
    """A reason that everybody reads, and that is never empty."""

    reason = forms.CharField(label=_("Why"), max_length=2_000, widget=text_area(3))


class RetireForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH, widget=text_area(2))


class SourcesForm(forms.Form):
    """Where words come from."""

    contributions = NumbersField(
        label=_("Contributions"),
        max_length=1_000,
        required=False,
        help_text=_("Their numbers: “3, 12, 40”."),
    )
    consultation = forms.ModelChoiceField(
        Consultation.objects.public(),
        label=_("Consultation held here"),
        required=False,
        empty_label=_("None"),
    )
    cited = NumbersField(
        label=_("Its statements"),
        max_length=1_000,
        required=False,
        help_text=_("Their numbers: “12, 15”. What their votes say today is kept beside them."),
    )
    statement = forms.CharField(
        label=_("Statement of another consultation"),
        max_length=STATEMENT_LENGTH,
        required=False,
        widget=text_area(2),
    )
    statement_source = forms.CharField(
        label=_("Where it can be read"),
        max_length=SOURCE_LENGTH,
        required=False,
        help_text=_("An address, or the title and the date."),
    )

    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.convention = convention
        self.fields["expert_answers"] = forms.ModelMultipleChoiceField(
            ExpertAnswer.objects.filter(question__convention=convention),
            label=_("Answers of experts"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        if not self.fields["expert_answers"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["expert_answers"]
        if not Consultation.objects.public().exists():
            del self.fields["consultation"], self.fields["cited"]

    def clean_contributions(self) -> list[Contribution]:
        numbers: list[int] = self.cleaned_data["contributions"]
        known = {each.number: each for each in self.convention.contributions.filter(number__in=numbers)}
        missing = [number for number in numbers if number not in known]
        if missing:
            raise forms.ValidationError(
                ngettext_lazy(
                    "There is no contribution %(numbers)s.",
                    "There are no contributions %(numbers)s.",
                    len(missing),
                ),
                params={"numbers": ", ".join(map(str, missing))},
            )
        return [known[number] for number in dict.fromkeys(numbers)]

    def clean_cited(self) -> list[Statement]:
        numbers: list[int] = self.cleaned_data["cited"]
        consultation = self.cleaned_data.get("consultation")
        if bool(numbers) != bool(consultation):
            raise forms.ValidationError(
                _("Choose a consultation together with the numbers of its statements.")
            )
        if consultation is None:
            return []
        statements = consultation.statements.accepted().select_related("consultation")
        known = {one.number: one for one in statements.filter(number__in=numbers)}
        if missing := [number for number in numbers if number not in known]:
            raise forms.ValidationError(
                ngettext_lazy(
                    "There is no accepted statement %(numbers)s in this consultation.",
                    "There are no accepted statements %(numbers)s in this consultation.",
                    len(missing),
                ),
                params={"numbers": ", ".join(map(str, missing))},
            )
        return [known[number] for number in dict.fromkeys(numbers)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("statement")) != bool(cleaned.get("statement_source")):
            raise forms.ValidationError(_("Give a statement together with the place where it can be read."))
        return cleaned

    def get_sources(self) -> Sources:
        given = self.cleaned_data
        return Sources(
            contributions=given["contributions"],
            expert_answers=list(given.get("expert_answers", ())),
            statements=[(given["statement"], given["statement_source"])] if given["statement"] else (),
            cited=given.get("cited", ()),
        )


class ParagraphForm(SourcesForm):
    """A new paragraph."""

    text = forms.CharField(label=_("Text"), max_length=PARAGRAPH_LENGTH, widget=text_area(8))
    field_order = ["text"]


class EditForm(SourcesForm):
    """Another version of a paragraph, with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(label=_("Text"), max_length=PARAGRAPH_LENGTH, widget=text_area(10))
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH, required=False)
    field_order = ["text", "reason"]


class AttachForm(SourcesForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SplitForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(
        label=_("Text"),
        max_length=PARAGRAPH_LENGTH + 200,
        widget=text_area(12),
        help_text=_("Where it is to be cut, write a line of three hyphens alone: ---"),
    )
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH, required=False)

    def clean_text(self) -> list[str]:
        parts = CUT.split(self.cleaned_data["text"].replace("\r\n", "\n"))
        if len(parts) < 2:
            raise forms.ValidationError(_("No line of three hyphens: say where to cut."))
        if not all(part.strip() for part in parts):
            raise forms.ValidationError(
                _("One of the parts is empty. Take away the line of hyphens beside it.")
            )
        return [part.strip() for part in parts]


class MoveForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    position = forms.IntegerField(
        label=_("Place"), min_value=1, max_value=10_000, help_text=_("1: the first paragraph.")
    )

    def __init__(self, *args: Any, convention: Convention, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["proposal"] = forms.ModelChoiceField(
            convention.proposals.filter(state=Proposal.State.DRAFT), label=_("Proposal"), empty_label=None
        )
        self.order_fields(["proposal"])


class MergeForm(forms.Form):
    """Several paragraphs, with the versions read, and the text that replaces them."""

    text = forms.CharField(label=_("Text"), max_length=PARAGRAPH_LENGTH, widget=text_area(12))
    reason = forms.CharField(label=_("Why"), max_length=REASON_LENGTH, required=False)


class AmendForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    text = forms.CharField(label=_("Wording proposed"), max_length=PARAGRAPH_LENGTH, widget=text_area(8))
    reason = forms.CharField(label=_("Why"), max_length=ARGUMENT_LENGTH, widget=text_area(3))


class DecideForm(forms.Form):
    """What becomes of an amendment; the text is asked for where the paragraph has changed since."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.CharField(
        label=_("Why"),
        max_length=ARGUMENT_LENGTH,
        required=False,
        widget=text_area(3),
        help_text=_("Everybody reads it. Needed to refuse."),
    )

    def __init__(self, *args: Any, is_old: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_old:
            self.fields["text"] = forms.CharField(
                label=_("Both wordings put together"),
                required=False,
                max_length=PARAGRAPH_LENGTH,
                widget=text_area(8),
            )
            self.order_fields(["text"])
