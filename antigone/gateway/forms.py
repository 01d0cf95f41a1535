"""What people type about keys, limits, and in the playground."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from antigone.gateway.actions.keys import MOST_DAYS
from antigone.gateway.models import Endpoint, Limit
from antigone.gateway.snapshot import Model
from antigone.register.models import Use
from antigone.web.forms import DayInput

USUAL_DAYS = 180
MOST_AMOUNT = 10**15


def list_choices(models: Sequence[Model]) -> list[tuple[str, str]]:
    """Return models as the choices of a field, by their name."""
    return [
        (model.name, f"{model.title} ({model.name})" if model.title != model.name else model.name)
        for model in models
    ]


class KeyForm(forms.Form):
    """A key to be made."""

    use = forms.ModelChoiceField(label=_("For which use"), queryset=Use.objects.none())
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("To recognise it by: the programme or the machine that holds it."),
    )
    expires = forms.DateField(label=_("Expires on"), widget=DayInput)
    models = forms.MultipleChoiceField(
        label=_("Models"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all that are offered, those to come too."),
    )
    endpoints = forms.MultipleChoiceField(
        label=_("What it may ask"),
        required=False,
        choices=Endpoint.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everything."),
    )
    networks = forms.CharField(
        label=_("From which networks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as 192.0.2.0/24. Empty: from everywhere."),
    )

    def __init__(self, *args: Any, uses: Any, models: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use"].queryset = uses  # type: ignore[attr-defined]
        self.fields["models"].choices = list_choices(models)  # type: ignore[attr-defined]
        self.fields["expires"].initial = timezone.localdate() + timedelta(days=USUAL_DAYS)
        self.fields["expires"].help_text = _("Within %(days)s days.") % {"days": MOST_DAYS}

    def clean_expires(self) -> datetime:
        """Return the end of the day."""
        day: date = self.cleaned_data["expires"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def clean_networks(self) -> list[str]:
        text: str = self.cleaned_data["networks"]
        return [line.strip() for line in text.replace(",", "\n").splitlines() if line.strip()]


class LimitsForm(forms.Form):
    """The six measures of one thing. An empty one is no limit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for measure in Limit.Measure:
            self.fields[measure.value] = forms.IntegerField(
                label=measure.label,
                required=False,
                min_value=0,
                max_value=MOST_AMOUNT,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )


class PlaygroundForm(forms.Form):
    """A question to a model, and how it is to answer."""

    use = forms.ModelChoiceField(label=_("For which use"), queryset=Use.objects.none())
    model = forms.ChoiceField(label=_("Model"))
    system = forms.CharField(
        label=_("Instructions"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    question = forms.CharField(
        label=_("Question"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    max_tokens = forms.IntegerField(
        label=_("Tokens of the answer, at most"), initial=500, min_value=1, max_value=100_000
    )
    temperature = forms.FloatField(
        label=_("Temperature"),
        initial=0.3,
        min_value=0,
        max_value=2,
        help_text=_("0: always the most likely word. 1 and more: more varied, less sure."),
    )

    def __init__(self, *args: Any, uses: Any, models: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["use"].queryset = uses  # type: ignore[attr-defined]
        self.fields["model"].choices = list_choices(models)  # type: ignore[attr-defined]
