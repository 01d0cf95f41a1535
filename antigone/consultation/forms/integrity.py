"""What is decided of unusual votes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.consultation.models import Suspicion

DECISIONS = (Suspicion.State.CLEARED, Suspicion.State.SET_APART)


class SuspicionForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[(state.value, state.label) for state in DECISIONS],
        widget=forms.RadioSelect,
        help_text=_("Set apart, their votes stay; results are shown with and without them."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it."),
    )
