"""Sentences with holes, in English, that a page or a terminal says in its own language.

What the library explains passes through `say`, which gives the translation of a template (gettext, for one).
"""

from collections.abc import Callable, Mapping

Say = Callable[[str], str]


def gettext_noop(template: str) -> str:
    """Mark a template for whoever gathers what is to be translated; return it as it is.

    >>> gettext_noop("{count} people")
    '{count} people'
    """
    return template


class Words(str):
    """What fills a hole and is to be said in the language of the sentence too."""

    __slots__ = ()


def fill(template: str, params: Mapping[str, object], say: Say) -> str:
    """Fill the translation of a template; words that fill it are translated themselves.

    >>> fill("{count} votes", {"count": 3}, {"{count} votes": "{count} voix"}.get)
    '3 voix'
    """
    said = {name: say(str(value)) if isinstance(value, Words) else value for name, value in params.items()}
    return say(template).format(**said)
