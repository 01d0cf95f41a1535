"""A question that participants may answer about themselves, and its usual models."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from antigone.consultation.actions.profiles import ProfileDraft
from antigone.consultation.models import Consultation

MOST_OPTIONS = 40
MODELS = {
    "age": (
        _("Your age"),
        [_("Under 18"), _("18 to 29"), _("30 to 44"), _("45 to 59"), _("60 to 74"), _("75 and over")],
    ),
    "genre": (_("You are"), [_("A woman"), _("A man"), _("Another answer")]),
    "commune": (_("Where you live"), [_("In this commune"), _("In a neighbouring commune"), _("Elsewhere")]),
}


class OptionsField(forms.CharField):
    """Answers, one a line, each with its share in % after a bar where it is known: `18 to 29 | 21.5`."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[tuple[str, Decimal | None]]:
        text: str = super().clean(value)
        options = [_read_option(line) for line in text.splitlines() if line.strip()]
        if not 2 <= len(options) <= MOST_OPTIONS:
            raise ValidationError(_("Give 2 to %(most)d answers."), params={"most": MOST_OPTIONS})
        if len({text.casefold() for text, _share in options}) < len(options):
            raise ValidationError(_("Two answers are the same."))
        if sum(share or 0 for _text, share in options) > 101:
            raise ValidationError(_("The shares make more than 100 %% together."))
        return options


class ProfileForm(forms.Form):
    text = forms.CharField(label=_("Question"), max_length=200)
    options = OptionsField(
        label=_("Answers"),
        help_text=_(
            "One a line; after a bar, the share of the inhabitants in %, where it is known: “18 to 29 | 21.5”."
        ),
    )
    source = forms.CharField(
        label=_("Source of the shares"),
        max_length=200,
        required=False,
        help_text=_("For example: Insee, census of 2022."),
    )
    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The consultation is published: everybody reads what was changed, and why."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["options"].widget.attrs["rows"] = 8
        if not consultation.is_public:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        has_share = any(share is not None for _text, share in cleaned.get("options", []))
        if has_share and not cleaned.get("source"):
            self.add_error("source", _("Say where these shares come from."))
        return cleaned

    def get_draft(self) -> ProfileDraft:
        given = self.cleaned_data
        return ProfileDraft(given["text"], given["source"], given["options"])


class DeleteForm(forms.Form):
    reason = forms.CharField(label=_("Why it is deleted"), max_length=2_000, required=False)


def write_options(draft: ProfileDraft) -> str:
    """Write answers as the form reads them."""
    return "\n".join(f"{text} | {share}" if share is not None else text for text, share in draft.options)


def fill_model(name: str) -> dict[str, str]:
    """Give what a usual question is made of, to begin from; nothing for a name that is none of them."""
    if name not in MODELS:
        return {}
    text, options = MODELS[name]
    return {"text": str(text), "options": "\n".join(map(str, options))}


def _read_option(line: str) -> tuple[str, Decimal | None]:
    text, bar, typed = (part.strip() for part in line.partition("|"))
    if not text or len(text) > 100:
        raise ValidationError(_("“%(line)s”: an answer has 1 to 100 characters."), params={"line": line[:80]})
    if not bar:
        return text, None
    try:
        share = Decimal(typed.removesuffix("%").strip().replace(",", "."))
        if not 0 <= share <= 100:
            raise InvalidOperation
        return text, share.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValidationError(
            _("“%(line)s”: a share is a number from 0 to 100."), params={"line": line[:80]}
        ) from None
