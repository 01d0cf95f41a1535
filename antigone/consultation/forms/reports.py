"""What those who lead a consultation type about its results."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FreezeForm(forms.Form):
    title = forms.CharField(
        label=_("What this picture is"),
        max_length=200,
        help_text=_("For example: “Before the public meeting of 12 May”."),
    )
