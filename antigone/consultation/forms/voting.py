"""What a participant types: a statement, a code."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StatementForm(forms.Form):
    """A statement; its length is the consultation's, checked with the rest by the action."""

    text = forms.CharField(
        label=_("Your statement"),
        max_length=5_000,
        error_messages={"required": _("Write a statement: there are no words in it.")},
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The code on your letter"),
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=_("Twelve letters and figures, in three groups. Capitals and hyphens do not matter."),
    )
