"""Organisations, groups, people and roles."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

# Django apps whose tables no operator opens: conversations, respondents, second factors, sessions.
KEPT_FROM_OPERATORS = frozenset(
    {
        "assistant",
        "selection",
        "consultation",
        "convention",
        "account",
        "mfa",
        "usersessions",
        "sessions",
        "auth",
        "django_tasks_database",
    }
)


class Organisation(models.Model):
    """The authority that runs this Antigone, or one that it works with."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", _("Local authority")
        RESEARCH = "research", _("Research")
        COMPANY = "company", _("Company")
        ASSOCIATION = "association", _("Association")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """Some people of one organisation, such as a service."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="groups", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name = _("group")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_group_of_a_name")]

    def __str__(self) -> str:
        return self.name


class InstallationManager(models.Manager["Installation"]):
    def is_demo(self) -> bool:
        """Tell whether everything in this database is invented."""
        return self.filter(is_demo=True).exists()


class Installation(models.Model):
    """What this database is for; one row, written by `antigone demo`. None: a real city's."""

    is_demo = models.BooleanField(default=False)

    objects: ClassVar[InstallationManager] = InstallationManager()

    class Meta:
        verbose_name = _("installation")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_installation")]

    def __str__(self) -> str:
        return "demonstration" if self.is_demo else "city"


class PersonManager(BaseUserManager["Person"]):
    def with_account(self) -> models.QuerySet["Person"]:
        """Return people with what their profile shows."""
        return self.select_related("organisation").prefetch_related("roles", "groups")

    def of_demo(self) -> models.QuerySet["Person"]:
        """Return the invented people, in the order in which they were made."""
        return self.with_account().filter(is_demo=True, is_active=True).order_by("pk")

    def create_person(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> "Person":
        """Save a person; without a password nobody can sign in as that person."""
        person = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody with an account. A visitor has none and is `None` in every rule."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    groups = models.ManyToManyField(Group, blank=True, related_name="people", verbose_name=_("groups"))
    language = models.CharField(_("language"), max_length=8, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()
    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_an_email")]

    def __str__(self) -> str:
        return self.name

    def has_role(self, *roles: str) -> bool:
        return any(held.role in roles for held in self.roles.all())

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin opens: to operators, and it shows no conversation."""
        return self.is_active and self.has_role(Role.OPERATOR)

    def has_perm(self, permission: str, thing: object = None) -> bool:
        """Tell whether the admin lets an operator do this: never with people's words or sign-in."""
        return self.has_module_perms(permission.partition(".")[0])

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and app_label not in KEPT_FROM_OPERATORS


class Role(models.TextChoices):
    MEMBER = "member", _("Member of a convention")
    FACILITATOR = "facilitator", _("Facilitator")
    GUARANTOR = "guarantor", _("Guarantor")
    EXPERT = "expert", _("Expert")
    ELECTED_OFFICIAL = "elected_official", _("Elected official")
    AGENT = "agent", _("Agent")
    DEVELOPER = "developer", _("Developer")
    ETHICS_MEMBER = "ethics_member", _("Ethics committee member")
    PROTECTION_OFFICER = "protection_officer", _("Data-protection officer")
    OPERATOR = "operator", _("Operator")


PURPOSES = {
    Role.MEMBER: _("Learns, hears, debates and votes in a citizens’ convention."),
    Role.FACILITATOR: _("Runs the sessions of a convention, without taking part in the votes."),
    Role.GUARANTOR: _("Reads everything and can stop a phase; nobody in the city can send a guarantor away."),
    Role.EXPERT: _("Answers the questions of the members at a hearing."),
    Role.ELECTED_OFFICIAL: _("Answers the proposals of a convention, in public and on time."),
    Role.AGENT: _("Asks the assistant about the city’s documents, those of the services included."),
    Role.DEVELOPER: _("Declares a use of AI and gets keys to the models for it."),
    Role.ETHICS_MEMBER: _("Gives opinions on the uses of AI that are declared."),
    Role.PROTECTION_OFFICER: _("Watches what is done with personal data, and answers people about theirs."),
    Role.OPERATOR: _("Runs the machine and gives accounts; cannot read conversations."),
}


class HeldRole(models.Model):
    """A role that a person holds, who gave it and when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    given_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["role"]
        verbose_name = _("role held")
        verbose_name_plural = _("roles held")
        constraints = [models.UniqueConstraint(fields=["person", "role"], name="one_of_each_role")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"

    @property
    def purpose(self) -> str:
        """Say what the role is for, in one sentence."""
        return str(PURPOSES[Role(self.role)])
