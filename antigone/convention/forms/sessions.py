"""What is typed of the sessions: when, agenda, hearings, questions, minutes, observations."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from antigone.accounts.models import Person
from antigone.convention.models import (
    AgendaItem,
    Appointment,
    Convention,
    ExpertAnswer,
    Hearing,
    Observation,
    Session,
)
from antigone.library.models import Document

INSTANT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class InstantInput(forms.DateTimeInput):
    """The browser's own calendar and clock, in the city's time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def _instant(label: Any, **options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=InstantInput(), input_formats=INSTANT_FORMATS, **options)


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that says which version of a row it was filled from."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def get_version(self) -> int:
        return int(self.cleaned_data["version"] or 0)

    def get_words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class SessionForm(VersionedForm):
    starts_at = _instant(_("Begins"))
    ends_at = _instant(_("Ends"))

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = ["title", "starts_at", "ends_at", "place", "practical"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"practical": forms.Textarea(attrs={"rows": 5})}
        help_texts: ClassVar[dict[str, Any]] = {
            "practical": _("How to come, meals, whom to call. Read by the members and the team alone.")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("This ends before it begins. Correct one of the two."))
        return cleaned


class AgendaForm(forms.ModelForm[AgendaItem]):
    starts_at = _instant(_("Begins"))

    class Meta:
        model = AgendaItem
        fields: ClassVar[list[str]] = ["starts_at", "title", "description"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"description": forms.Textarea(attrs={"rows": 2})}


class MinutesForm(VersionedForm):
    recording = forms.URLField(
        label=_("Address of the recording"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where the recording is to be seen or heard."),
    )

    class Meta:
        model = Session
        fields: ClassVar[list[str]] = ["minutes", "recording"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"minutes": forms.Textarea(attrs={"rows": 18})}
        help_texts: ClassVar[dict[str, Any]] = {
            "minutes": _("Markdown: ## for a heading, - for a list, **strong**."),
        }


class AttachForm(forms.Form):
    document = forms.ModelChoiceField(Document.objects.none(), label=_("A document of the library"))

    def __init__(self, *args: Any, person: Person | None, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document = self.fields["document"]
        assert isinstance(document, forms.ModelChoiceField)
        readable = Document.objects.current().readable_by(person)
        document.queryset = readable.exclude(pk__in=convention.documents.values("document")).order_by("title")


class UploadForm(forms.Form):
    file = forms.FileField(label=_("A file"), help_text=_("PDF, DOCX, ODT, HTML, Markdown, text…"))
    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    readers = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[("public", _("Everybody")), ("members", _("The members and the team"))],
        initial="public",
        widget=forms.RadioSelect,
    )


class GroupsForm(forms.Form):
    number = forms.IntegerField(label=_("How many groups"), min_value=2, max_value=100)
    among = forms.ChoiceField(
        label=_("Among whom"),
        choices=[("present", _("Those present")), ("sitting", _("All who sit"))],
        initial="present",
        widget=forms.RadioSelect,
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=100,
        required=False,
        help_text=_(
            "Words or figures that the room chooses, thrown with dice for instance. Empty: drawn here."
        ),
    )


class HearingForm(VersionedForm):
    class Meta:
        model = Hearing
        fields: ClassVar[list[str]] = [
            "expert",
            "expert_name",
            "expert_title",
            "session",
            "subject",
            "interests",
            "summary",
        ]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "interests": forms.Textarea(attrs={"rows": 3}),
            "summary": forms.Textarea(attrs={"rows": 8}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "interests": _(
                "Employers, contracts, shares, mandates that touch the subject. Where there are none: “none”."
            ),
        }

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experts = convention.appointments.filter(role=Appointment.Role.EXPERT, person__isnull=False)
        self.named = {
            entry.person_id: (entry.name, entry.title) for entry in experts if entry.person_id is not None
        }
        expert, session = self.fields["expert"], self.fields["session"]
        assert isinstance(expert, forms.ModelChoiceField)
        assert isinstance(session, forms.ModelChoiceField)
        expert.queryset = Person.objects.filter(pk__in=self.named)
        expert.label = _("Account of the expert")
        expert.help_text = _("Where they answer the questions by themselves.")
        session.queryset = convention.sessions.all()
        self.fields["expert_name"].required = False

    def clean(self) -> dict[str, Any]:
        """Take name and function from the appointment where they are not written."""
        cleaned = super().clean() or self.cleaned_data
        name, title = self.named.get(getattr(cleaned.get("expert"), "pk", 0), ("", ""))
        cleaned["expert_name"] = cleaned.get("expert_name") or name
        cleaned["expert_title"] = cleaned.get("expert_title") or title
        if not cleaned["expert_name"]:
            self.add_error("expert_name", _("Say who is heard."))
        return cleaned


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    hearing = forms.ModelChoiceField(
        Hearing.objects.none(), label=_("For"), required=False, empty_label=_("Whoever can answer")
    )

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hearing = self.fields["hearing"]
        assert isinstance(hearing, forms.ModelChoiceField)
        hearing.queryset = convention.hearings.published()


class NotedQuestionForm(QuestionForm):
    """A question asked aloud; the member is chosen under the name that everybody knows."""

    name = forms.ChoiceField(label=_("Asked by"), required=False)

    field_order = ["text", "name", "hearing"]

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, convention=convention, **kwargs)
        self.fields["text"].label = _("Question")
        self.members = {member.shown_name: member for member in convention.members.sitting()}
        name = self.fields["name"]
        assert isinstance(name, forms.ChoiceField)
        name.choices = [("", _("Nobody in particular")), *((known, known) for known in sorted(self.members))]


class SendForm(forms.Form):
    hearing = forms.ModelChoiceField(Hearing.objects.none(), label=_("Send it to"))

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hearing = self.fields["hearing"]
        assert isinstance(hearing, forms.ModelChoiceField)
        hearing.queryset = convention.hearings.all()


class AnswerForm(forms.ModelForm[ExpertAnswer]):
    class Meta:
        model = ExpertAnswer
        fields: ClassVar[list[str]] = ["text", "sources"]
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "text": forms.Textarea(attrs={"rows": 8}),
            "sources": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "sources": _("What the answer rests on: a title or an address, one a line. At least one.")
        }


class ObservationForm(forms.ModelForm[Observation]):
    public_from = _instant(_("Public from"), required=False, help_text=_("Empty: at once."))

    class Meta:
        model = Observation
        fields: ClassVar[list[str]] = ["text", "session", "public_from"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"text": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = self.fields["session"]
        assert isinstance(session, forms.ModelChoiceField)
        session.queryset = convention.sessions.all()
