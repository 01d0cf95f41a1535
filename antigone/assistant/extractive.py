"""The built-in engine as a model of the gateway: programmes ask it as any other, and it answers with quotes."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from antigone.accounts.models import Person
from antigone.assistant.answers import Answer
from antigone.assistant.asking import EXTRACTIVE_MODEL, answer_with_quotes, inquire
from antigone.assistant.exports import describe_source
from antigone.assistant.wording import explain_outcome
from antigone.errors import WrongInput
from antigone.gateway.databases import run_aside

CHARACTERS_A_TOKEN = 4


async def answer_programme(body: Mapping[str, Any], person_id: int | None) -> dict[str, Any]:
    """Answer the last question of a chat with the documents that the key's holder may read; None reads as a visitor.

    The answer is OpenAI's object; `citations` tells where each quote stands. Raises WrongInput without a question.
    """
    questions = _read_questions(body.get("messages"))
    answer = await run_aside(_answer, questions, person_id)
    content = _write(answer)
    prompt = sum(map(len, questions)) // CHARACTERS_A_TOKEN + 1
    output = len(content) // CHARACTERS_A_TOKEN + 1
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": EXTRACTIVE_MODEL.name,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output},
        "citations": _list_citations(answer),
    }


def _answer(questions: list[str], person_id: int | None) -> Answer:
    person = Person.objects.filter(pk=person_id, is_active=True).first() if person_id else None
    return answer_with_quotes(inquire(questions[-1], person=person, earlier=questions[:-1]))


def _read_questions(messages: Any) -> list[str]:
    """Return what the user said, oldest first; the text of a message may come in parts."""
    said = [
        _read_text(message.get("content"))
        for message in messages or ()
        if isinstance(message, Mapping) and message.get("role") == "user"
    ]
    if not said or not said[-1].strip():
        raise WrongInput(
            "question_missing",
            gettext_noop("No message of the user holds a question. Send one with the role “user”."),
            param="messages",
        )
    return said


def _read_text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, Mapping))


def _write(answer: Answer) -> str:
    if answer.abstained:
        return explain_outcome(answer.outcome)
    lines = []
    for sentence in answer.sentences:
        numbers = "".join(f"[{number}]" for number in dict.fromkeys(c.source for c in sentence.citations))
        lines.append(f"« {sentence.text} » {numbers}")
    sources = [f"[{source.number}] {describe_source(source)}" for source in answer.sources]
    return "\n\n".join(["\n".join(lines), "\n".join(sources)])


def _list_citations(answer: Answer) -> list[dict[str, Any]]:
    """Return where each quote stands: `start` and `end` are character offsets in the page's text."""
    sources = {source.number: source for source in answer.sources}
    return [
        {
            "number": citation.source,
            "title": sources[citation.source].title,
            "document_id": sources[citation.source].document_id,
            "page": sources[citation.source].page,
            "start": citation.start,
            "end": citation.end,
            "quote": citation.quote,
        }
        for sentence in answer.sentences
        for citation in sentence.citations
    ]
