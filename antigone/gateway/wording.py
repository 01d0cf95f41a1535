"""What is said of models and requests: how open a model is, how its engines are, a request in other languages."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from antigone.gateway.openness import Openness
from antigone.gateway.routing import State

STATES = {
    State.UP: _("answers"),
    State.TIRED: _("failed just now"),
    State.DOWN: _("does not answer"),
    State.UNKNOWN: _("was not asked yet"),
}
OPENNESS = {
    Openness.OPEN_SOURCE: _("Open source AI: weights, code and data, under an open licence"),
    Openness.OPEN_WEIGHTS: _(
        "Open weights: the model may be run and changed by anybody, its making is not published"
    ),
    Openness.RESTRICTED: _("Restricted: its licence limits who may run it or for what"),
    Openness.UNKNOWN: _("Not known: its licence or its weights are not described"),
}
BUILT_IN_OPENNESS = _("Free software: it has no weights, and was trained on nothing")


def write_examples(base: str, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return one chat request as curl, Python and JavaScript write it; the key is left out.

    >>> [name for name, _code in write_examples("http://localhost/v1", {"model": "m", "messages": []})]
    ['curl', 'Python', 'JavaScript']
    """
    sent = json.dumps(body, ensure_ascii=False)
    curl = (
        f"curl {base}/chat/completions \\\n"
        '  -H "Authorization: Bearer $ANTIGONE_KEY" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        f"  -d {shlex.quote(sent)}"
    )
    arguments = "".join(f"    {name}={value!r},\n" for name, value in body.items())
    python = (
        "import os\n\nfrom openai import OpenAI\n\n"
        f'client = OpenAI(base_url="{base}", api_key=os.environ["ANTIGONE_KEY"])\n'
        f"answer = client.chat.completions.create(\n{arguments})\n"
        "print(answer.choices[0].message.content)"
    )
    javascript = (
        'import OpenAI from "openai";\n\n'
        f'const client = new OpenAI({{ baseURL: "{base}", apiKey: process.env.ANTIGONE_KEY }});\n'
        f"const answer = await client.chat.completions.create({json.dumps(body, ensure_ascii=False, indent=2)});\n"
        "console.log(answer.choices[0].message.content);"
    )
    return [("curl", curl), ("Python", python), ("JavaScript", javascript)]
