"""How every form of every room is drawn."""

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draw `{{ form }}` and `{{ field.as_field_group }}` with our components; widgets stay Django's."""

    form_template_name = "web/components/form.html"
    field_template_name = "web/components/field.html"


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ExampleForm(forms.Form):
    """One field of each kind, for the style guide."""

    email = forms.EmailField(label="E-mail address", help_text="The one the city gave you.")
    words = forms.CharField(label="Some words", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    one = forms.ChoiceField(label="One of these", choices=[("a", "The first"), ("b", "The second")])
    several = forms.MultipleChoiceField(
        label="Any of these",
        choices=[("a", "The first"), ("b", "The second")],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label="I have read this")
