"""What tests of the writing and of the votes need: a theme, words, a proposal; members with accounts."""

from antigone.accounts.actions import create_person
from antigone.accounts.models import Person
from antigone.convention import actions
from antigone.convention.models import Contribution, Convention, Paragraph, Proposal, Theme

WORDS = (
    "Je veux savoir quand une machine me répond.",
    "Que les données de santé ne sortent jamais de la ville.",
    "Une formation pour tous, même sans ordinateur.",
    "Combien d’électricité tout cela consomme-t-il ?",
)


def give_theme(convention: Convention, alice: Person, title: str = "Transparence") -> Theme:
    return actions.save_theme(convention=convention, title=title, by=alice)


def give_words(convention: Convention, alice: Person, theme: Theme | None = None) -> list[Contribution]:
    words = [actions.Words(text, theme) for text in WORDS]
    return actions.add_contributions(convention=convention, words=words, by=alice)


def begin_proposal(
    convention: Convention, alice: Person, title: str = "Dire quand une machine répond"
) -> Proposal:
    """Begin a proposal of two paragraphs, from two contributions."""
    theme = convention.themes.first() or give_theme(convention, alice)
    contributions = list(convention.contributions.all()) or give_words(convention, alice, theme)
    return actions.create_proposal(
        convention=convention, theme=theme, title=title, contributions=contributions[:2], by=alice
    )


def list_paragraphs(proposal: Proposal) -> list[Paragraph]:
    return list(Paragraph.objects.current().filter(proposal=proposal))


def seat_people(convention: Convention, number: int) -> list[Person]:
    """Give accounts to the last members, who then vote on their telephones."""
    people = []
    for member in convention.members.filter(person=None).order_by("-number")[:number]:
        member.person = create_person(
            email=f"m{member.number}@mail.example", name=f"SECRET-Compte-{member.number}", roles=["member"]
        )
        member.save(update_fields=["person"])
        people.append(member.person)
    return people
