"""Sentences with holes, in English, that a page says in its own language.

What the library explains passes through `say`, which gives the translation of a template (gettext, for one).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Say = Callable[[str], str]


def gettext_noop(template: str) -> str:
    """Mark a template for whoever gathers what is to be translated; return it as it is.

    >>> gettext_noop("{count} people")
    '{count} people'
    """
    return template


@dataclass(frozen=True)
class Phrase:
    """A template and the numbers that fill its holes.

    >>> phrase = Phrase("{voters} voted.", {"voters": 3})
    >>> str(phrase), phrase.explain({"{voters} voted.": "Votants : {voters}."}.get)
    ('3 voted.', 'Votants : 3.')
    """

    template: str
    params: Mapping[str, int] = field(default_factory=dict)

    def explain(self, say: Say = str) -> str:
        """Say the phrase in the language of `say`."""
        return say(self.template).format(**self.params)

    def __str__(self) -> str:
        return self.explain()
