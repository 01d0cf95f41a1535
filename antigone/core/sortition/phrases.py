"""Sentences with holes, in English, that a page or a terminal says in its own language.

Everything the engine explains passes through `say`, which gives the translation of a template (gettext, for one);
without it, sentences stay English. Nothing here knows any other language.
"""

from collections.abc import Callable, Mapping
from typing import Self

Say = Callable[[str], str]


def gettext_noop(template: str) -> str:
    """Mark a template for whoever gathers what is to be translated; return it as it is.

    >>> gettext_noop("{count} people")
    '{count} people'
    """
    return template


class Phrase(str):
    """Words that can be said again in another language: a template and what fills its holes (phrases too).

    >>> phrase = Phrase("line {line}", line=3)
    >>> phrase, phrase.explain({"line {line}": "ligne {line}"}.get)
    ('line 3', 'ligne 3')
    """

    template: str
    params: Mapping[str, object]

    def __new__(cls, template: str, **params: object) -> Self:
        phrase = super().__new__(cls, template.format(**params))
        phrase.template, phrase.params = template, params
        return phrase

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.template, self.params))

    def explain(self, say: Say = str) -> str:
        """Say the phrase in the language of `say`."""
        return fill(self.template, self.params, say)


def fill(template: str, params: Mapping[str, object], say: Say) -> str:
    """Fill the translation of a template; what fills it is translated where it is a phrase itself.

    >>> french = {"{who}: {what}": "{who} : {what}", "drawn": "tiré"}
    >>> fill("{who}: {what}", {"who": "p7", "what": Phrase("drawn")}, french.get)
    'p7 : tiré'
    """
    said = {
        name: value.explain(say) if isinstance(value, Phrase) else value for name, value in params.items()
    }
    return say(template).format(**said)


def say_percent(chance: float, say: Say = str) -> str:
    """Write a chance in hundredths, with the decimal mark of the language.

    >>> say_percent(0.0483)
    '4.83 %'
    """
    whole, _, decimals = f"{100 * chance:.2f}".partition(".")
    return fill(gettext_noop("{whole}.{decimals} %"), {"whole": whole, "decimals": decimals}, say)


def _rebuild(template: str, params: Mapping[str, object]) -> Phrase:
    """Make a phrase again on the other side of a process: its parameters have names."""
    return Phrase(template, **params)
