"""Codes by letter, and the sites that may show the vote."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from antigone.consultation.actions.codes import MOST_CODES
from antigone.consultation.models import Consultation

MOST_SITES = 20
HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class SitesField(forms.CharField):
    """Sites, one a line: `https://name` or `https://name:port`, and nothing that would name more than one."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        sites = list(dict.fromkeys(read_site(line.strip()) for line in text.splitlines() if line.strip()))
        if len(sites) > MOST_SITES or len("\n".join(sites)) > 1_000:
            raise ValidationError(_("Give %(most)d sites at most."), params={"most": MOST_SITES})
        return sites


def read_site(typed: str) -> str:
    """Return a site as browsers write it: in small letters, a name with accents in its ASCII form (xn--…).

    >>> read_site("https://Évry.Example:8443/")
    'https://xn--vry-9la.example:8443'
    """
    try:
        parts = urlsplit(typed)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        raise _refuse(typed) from None
    has_more = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme != "https" or has_more or not HOST.fullmatch(host) or typed.endswith(("?", "#")):
        raise _refuse(typed)
    return f"https://{host}" if port in (None, 443) else f"https://{host}:{port}"


class SitesForm(forms.Form):
    sites = SitesField(
        label=_("Sites that may show the vote"),
        required=False,
        help_text=_(
            "One a line, as https://www.ville.example: neither a page nor a star. None: no site may."
        ),
    )
    reason = forms.CharField(
        label=_("Why it is changed"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The consultation is published: everybody reads what was changed, and why."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sites"].widget.attrs["rows"] = 4
        if not consultation.is_public:
            del self.fields["reason"]


class CodesForm(forms.Form):
    count = forms.IntegerField(
        label=_("How many codes"),
        min_value=1,
        max_value=MOST_CODES,
        help_text=_("One for each letter. Make a few more for the letters that get lost."),
    )


def _refuse(typed: str) -> ValidationError:
    return ValidationError(
        _("“%(site)s” is not a site: write https:// and its name alone, as https://www.ville.example."),
        params={"site": typed[:80]},
    )
