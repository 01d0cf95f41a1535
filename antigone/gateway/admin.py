"""What operators declare: passports of models, and the engines that run them. A key once typed is never shown."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from yarl import URL

from antigone.accounts.models import Person
from antigone.errors import WrongInput
from antigone.gateway import actions
from antigone.gateway.models import DeclaredEngine, Passport
from antigone.gateway.networks import check_url


class EngineForm(forms.ModelForm[DeclaredEngine]):
    """An engine, with its key to be typed anew or left as it is."""

    new_key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Empty: the key stays as it is. It is kept sealed, and never shown again."),
    )
    without_key = forms.BooleanField(label=gettext_lazy("Take the key away"), required=False)

    class Meta:
        model = DeclaredEngine
        fields = ("name", "passport", "url", "model", "timeout_seconds", "concurrency", "is_enabled")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except WrongInput as error:
            raise ValidationError(_(error.template) % error.params) from error
        return url

    def clean(self) -> dict[str, Any]:
        """Have a key typed anew where it would go to another server, which could read it."""
        cleaned = super().clean() or self.cleaned_data
        is_kept = self.instance.sealed_key and not (cleaned["new_key"] or cleaned["without_key"])
        if is_kept and "url" in cleaned and URL(cleaned["url"]).origin() != URL(self.initial["url"]).origin():
            self.add_error(
                "new_key",
                _(
                    "The server of this engine changed, and its key is not given to another one: type the key anew."
                ),
            )
        return cleaned


@admin.register(DeclaredEngine)
class DeclaredEngineAdmin(admin.ModelAdmin[DeclaredEngine]):
    form = EngineForm
    list_display = ("name", "passport", "url", "concurrency", "is_enabled")
    list_select_related = ("passport",)

    def save_model(
        self, request: HttpRequest, engine: DeclaredEngine, form: EngineForm, change: bool
    ) -> None:
        """Save it by the same action as everywhere else."""
        assert isinstance(request.user, Person)
        key: str | None = form.cleaned_data["new_key"] or None
        if form.cleaned_data["without_key"]:
            key = ""
        actions.save_engine(engine=engine, key=key, by=request.user)


@admin.register(Passport)
class PassportAdmin(admin.ModelAdmin[Passport]):
    list_display = ("title", "name", "kind", "licence", "is_offered")
    list_filter = ("kind", "is_offered", "licence")
    search_fields = ("name", "title", "maker")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Say how a list is written."""
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if found is not None and db_field.name in ("aliases", "languages"):
            found.help_text = _("A list such as [“fr”, “en”], with straight quotes.")
        return found
