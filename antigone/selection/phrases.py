"""What fills the engine's sentences, kept as JSON so that they can be said again in any language."""

from collections.abc import Mapping
from typing import Any

from antigone.core.sortition.phrases import Phrase


def keep_params(params: Mapping[str, object]) -> dict[str, object]:
    """Give the parameters of a sentence as JSON; phrases among them stay phrases.

    >>> open_params(keep_params({"unit": Phrase("people"), "count": 3}))
    {'unit': 'people', 'count': 3}
    """
    return {
        name: {"template": value.template, "params": keep_params(value.params)}
        if isinstance(value, Phrase)
        else value
        for name, value in params.items()
    }


def open_params(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Give back what `keep_params` kept."""
    return {
        name: Phrase(value["template"], **open_params(value["params"])) if isinstance(value, dict) else value
        for name, value in kept.items()
    }
