"""What people type about uses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.register.models import Use


class UseForm(forms.ModelForm[Use]):
    """A use as its organisation declares it."""

    class Meta:
        model = Use
        fields = ("name", "purpose", "audience")
        widgets = {"purpose": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "name": _("A few words that everybody understands: “Summaries of council minutes”."),
            "purpose": _(
                "What is asked of the machine, with which data, what is done with the answers, and who checks them. "
                "Everybody reads it once the use is accepted."
            ),
        }


class DecisionForm(forms.Form):
    """A decision on a use, with its reason where it takes something away."""

    decision = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it."),
    )

    def __init__(self, *args: Any, needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
