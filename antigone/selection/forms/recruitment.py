"""What people type of a recruitment: what it says, its register, its draw, and what those invited reply."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.core.sortition.telephones import is_landline
from antigone.errors import WrongInput
from antigone.selection.actions.recruitment import MOST_INVITED, Answers, Terms
from antigone.selection.forms.draws import MOST_SEATS, InstantInput, SmallFileField
from antigone.selection.models import Recruitment, list_shares
from antigone.selection.models.recruitment import NEVER_CALLERS
from antigone.selection.reading import parse_shares, split_names
from antigone.selection.registers import ROLE_NAMES, Layout
from antigone.web.explanations import say
from antigone.web.forms import DayInput

REGISTER_BYTES = 450_000_000
REPLIES_BYTES = 5_000_000
MOST_FEATURES = 12


class TermsForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What the letter says: “Citizens’ convention on the night”."),
    )
    purpose = forms.CharField(
        label=_("What people are invited to"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For how long, to do what, what becomes of it."),
    )
    source = forms.ChoiceField(
        label=_("Where the contacts come from"),
        choices=Recruitment.Source.choices,
        widget=forms.RadioSelect,
        initial=Recruitment.Source.REGISTER,
    )
    origin = forms.CharField(
        label=_("Origin of the data"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the notice, for those invited: which file, who keeps it, why you may use it."),
    )
    missing = forms.CharField(
        label=_("Whom this source leaves out"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Made public: foreigners and those not registered, for a register of voters."),
    )
    contact_point = forms.CharField(
        label=_("Whom to write to about one’s data"),
        max_length=300,
        help_text=_("A telephone number and an address."),
    )
    reply_date = forms.DateField(label=_("Replies are taken until"), widget=DayInput())
    purge_date = forms.DateField(
        label=_("Personal data are erased on"),
        widget=DayInput(),
        help_text=_("By itself, on that day. Once announced it may come sooner, not later."),
    )
    features = forms.CharField(
        label=_("Features, with the shares of the population"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false", "placeholder": "age,18-29,1200"}),
        help_text=_(
            "Lines of feature, value, count or share. They are the questions of the form, in this order; the shares "
            "say who is missing among the replies, then become the targets of the draw."
        ),
    )
    dates = forms.CharField(
        label=_("Dates at which one must be free"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A line each. Those invited say when they cannot come."),
    )

    def __init__(self, data: Any = None, *, recruitment: Recruitment | None = None) -> None:
        super().__init__(data, initial=_describe(recruitment) if recruitment else None)
        if recruitment:
            del self.fields["source"]

    def clean_features(self) -> dict[str, dict[str, str]]:
        try:
            shares = parse_shares(self.cleaned_data["features"])
        except WrongInput as error:
            raise forms.ValidationError(say(error)) from error
        if len(shares) > MOST_FEATURES:
            raise forms.ValidationError(
                _("That is too many questions for a form on paper: keep twelve at most.")
            )
        return {
            feature: {value: str(share) for value, share in values.items()}
            for feature, values in shares.items()
        }

    def clean_dates(self) -> list[str]:
        lines = [" ".join(line.split()).replace("|", "/") for line in self.cleaned_data["dates"].splitlines()]
        return list(dict.fromkeys(filter(None, lines)))

    def get_terms(self) -> Terms:
        given = dict(self.cleaned_data)
        given.pop("source", None)
        return Terms(**given)


def _describe(recruitment: Recruitment) -> dict[str, Any]:
    names = ("title", "purpose", "origin", "missing", "contact_point", "reply_date", "purge_date")
    rows = [
        f"{feature};{value};{share}" for feature, values in recruitment.features for value, share in values
    ]
    fields = {name: getattr(recruitment, name) for name in names}
    return fields | {"features": "\n".join(rows), "dates": "\n".join(recruitment.dates)}


class RegisterForm(forms.Form):
    register = SmallFileField(
        label=_("The file"),
        most_bytes=REGISTER_BYTES,
        help_text=_("CSV, a line a person or an address, with a header. Millions of lines are no trouble."),
    )


class ColumnsForm(forms.Form):
    """A role for each column of the file."""

    drops_repeated = forms.BooleanField(
        label=_("Leave out lines that are given twice"),
        required=False,
        help_text=_("Otherwise the file is refused, with their numbers."),
    )

    def __init__(self, data: Any = None, *, layout: Layout) -> None:
        super().__init__(data)
        self.layout = layout
        guesses = layout.guess_roles()
        for place, name in enumerate(layout.header):
            field = forms.ChoiceField(
                choices=[("", _("Not kept")), *ROLE_NAMES.items()], required=False, initial=guesses[place]
            )
            field.widget.attrs["aria-label"] = str(_("What “%(column)s” holds")) % {"column": name}
            self.fields[f"role_{place}"] = field

    def list_columns(self) -> Iterator[tuple[str, str, forms.BoundField]]:
        """Give each column's name, its first cells and its field."""
        for place, name in enumerate(self.layout.header):
            cells = [row[place] for row in self.layout.samples if row[place]]
            yield name, ", ".join(cells), self[f"role_{place}"]

    def get_roles(self) -> list[str]:
        return [self.cleaned_data[f"role_{place}"] for place in range(len(self.layout.header))]


class NumbersForm(forms.Form):
    count = forms.IntegerField(label=_("How many numbers"), min_value=1, max_value=1_000_000)
    mobile_share = forms.IntegerField(
        label=_("Of a hundred, how many are mobile"), min_value=0, max_value=100, initial=80
    )
    prefixes = forms.CharField(
        label=_("Beginnings of the other numbers"),
        max_length=500,
        required=False,
        help_text=_("Between commas: 0467, 0499. Without any, all numbers are mobile, of the whole country."),
    )
    seed = forms.CharField(
        label=_("Seed"), max_length=200, help_text=_("Made public: the same seed gives the same numbers.")
    )

    def clean_prefixes(self) -> list[str]:
        prefixes = ["".join(name.split()) for name in split_names(self.cleaned_data["prefixes"])]
        for prefix in prefixes:
            if not (
                prefix.isascii() and prefix.isdecimal() and 2 <= len(prefix) <= 7 and is_landline(prefix)
            ):
                raise forms.ValidationError(
                    _("“%(prefix)s” is not the beginning of landline numbers of the mainland."),
                    params={"prefix": prefix},
                )
        return list(dict.fromkeys(prefixes))


class SeedForm(forms.Form):
    event = forms.CharField(
        label=_("Where the seed will come from"),
        max_length=300,
        help_text=_("“Six digits thrown at the town hall, before the guarantor and the public.”"),
    )
    due_at = forms.DateTimeField(
        label=_("When"),
        widget=InstantInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=_("Contacts are not drawn before. An announcement is public, and does not change."),
    )


class ContactsForm(forms.Form):
    size = forms.IntegerField(label=_("How many to contact"), min_value=1, max_value=MOST_INVITED)
    seed = forms.CharField(
        label=_("Seed"),
        max_length=200,
        help_text=_(
            "Digits thrown in public, or the result of a lottery announced in advance: what nobody could know before "
            "the fingerprint was published."
        ),
    )
    one_per_household = forms.BooleanField(
        label=_("One person at most of each household"),
        required=False,
        help_text=_("Of each address, where the register has no column of households."),
    )


class CallersForm(forms.Form):
    callers = forms.ModelMultipleChoiceField(
        label=_("Who telephones"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the names and numbers of those invited, and enter replies. Nothing else."),
    )

    def __init__(self, data: Any = None, *, recruitment: Recruitment) -> None:
        super().__init__(data, initial={"callers": list(recruitment.callers.all())})
        people = Person.objects.filter(organisation=recruitment.organisation_id, is_active=True)
        field = self.fields["callers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = people.exclude(roles__role__in=NEVER_CALLERS)


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Number of the invitation, telephone, name or address"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autofocus": True}),
    )


class ReplyForm(forms.Form):
    """The questions of a recruitment: its features first, then what one needs in order to come."""

    def __init__(self, data: Any = None, *, recruitment: Recruitment) -> None:
        super().__init__(data)
        self.recruitment = recruitment
        self.features = list(list_shares(recruitment).items())
        for place, (feature, values) in enumerate(self.features):
            self.fields[f"feature_{place}"] = forms.ChoiceField(
                label=feature, choices=[(value, value) for value in values], widget=forms.RadioSelect
            )
        if recruitment.dates:
            self.fields["unavailable"] = forms.MultipleChoiceField(
                label=_("When you cannot come"),
                choices=[(line, line) for line in recruitment.dates],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields |= _make_needs()

    def get_answers(self) -> Answers:
        """Return what was answered, as the action takes it."""
        given = dict(self.cleaned_data)
        features = {
            name: given.pop(f"feature_{place}") for place, (name, _values) in enumerate(self.features)
        }
        return Answers(features=features, **given)


def _make_needs() -> dict[str, forms.Field]:
    return {
        "childcare": forms.BooleanField(label=_("I need somebody to look after my children"), required=False),
        "mobility": forms.BooleanField(
            label=_("I need help to come or to move about (wheelchair, transport…)"), required=False
        ),
        "plain_language": forms.BooleanField(
            label=_("I prefer documents that are easy to read"), required=False
        ),
        "interpreter": forms.CharField(
            label=_("I need an interpreter: into which language"), max_length=100, required=False
        ),
        "name": forms.CharField(
            label=_("Your name"),
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        ),
        "reach": forms.CharField(
            label=_("A telephone number or an e-mail address, to tell you whether you are drawn"),
            max_length=200,
        ),
        "note": forms.CharField(
            label=_("Anything else we should know"),
            max_length=1_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
    }


class RepliesForm(forms.Form):
    replies = SmallFileField(
        label=_("The file of replies"),
        most_bytes=REPLIES_BYTES,
        help_text=_(
            "CSV: number, a column for each feature, and those of the needs. All the lines, or none."
        ),
    )


class InvitationCodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code of your letter"),
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        ),
        help_text=_("Three groups of four signs. Spaces, hyphens and capitals make no difference."),
    )


class ToDrawForm(forms.Form):
    size = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)
    tolerance = forms.IntegerField(
        label=_("Around census shares, how many per cent more or less"),
        min_value=0,
        max_value=100,
        initial=10,
    )
    households = forms.BooleanField(label=_("At most one person of each address"), required=False)
    only_free = forms.BooleanField(
        label=_("Leave out those who cannot come at one of the dates"), required=False
    )


class PurgeForm(forms.Form):
    agreed = forms.BooleanField(label=_("I understand that nothing of it can be brought back."))
