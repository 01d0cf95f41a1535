"""A response is a chat in other clothes; what would have to be remembered is refused."""

import pytest

from antigone.gateway.api.responding import Writer
from antigone.gateway.api.responses import as_chat, as_response
from antigone.gateway.models import Key, Usage
from tests.gateway.town import ask, chat

TOOL = {"type": "function", "name": "weather", "parameters": {"type": "object"}, "strict": True}


def test_whole_conversation_becomes_a_chat() -> None:
    body = as_chat(
        {
            "model": "m",
            "instructions": "Sois bref.",
            "input": [
                {"role": "user", "content": [{"type": "input_text", "text": "Quel temps ?"}]},
                {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "c1", "output": "Beau."},
                {"role": "developer", "content": "En français."},
            ],
            "tools": [TOOL],
            "tool_choice": {"type": "function", "name": "weather"},
            "text": {"format": {"type": "json_schema", "name": "s", "schema": {"type": "object"}}},
            "max_output_tokens": 9,
        }
    )
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "system"]
    assert body["messages"][2]["tool_calls"][0]["function"]["name"] == "weather"
    assert body["tools"] == [
        {
            "type": "function",
            "function": {"name": "weather", "parameters": {"type": "object"}, "strict": True},
        }
    ]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    assert body["response_format"]["json_schema"] == {"name": "s", "schema": {"type": "object"}}
    assert body["max_tokens"] == 9


def test_answer_with_a_tool_becomes_items() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    message = {"role": "assistant", "content": "Voyons.", "tool_calls": [call]}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    response = as_response({"model": "m", "choices": [{"message": message}], "usage": usage}, {})
    assert [item["type"] for item in response["output"]] == ["message", "function_call"]
    assert response["output"][1]["call_id"] == "c1"
    assert response["usage"]["input_tokens"] == 3


def test_pieces_of_a_call_are_put_together() -> None:
    writer = Writer({}, "m")
    begin = list(writer.begin())
    first = {"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "weather", "arguments": '{"a"'}}]}
    second = {"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]}
    events = [*begin, *writer.write_delta(first), *writer.write_delta(second), *writer.end(None)]
    text = b"".join(events).decode()
    assert '"arguments":"{\\"a\\":1}"' in text
    assert [int(part.split(",")[0]) for part in text.split('"sequence_number":')[1:]] == list(
        range(len(events))
    )


def test_response_is_streamed_as_events(key: Key) -> None:
    asked = {"model": "honest", "input": chat()["messages"], "stream": True}
    events = ask("POST", "/v1/responses", asked).body.decode().split("\n\n")
    kinds = [event.splitlines()[0].removeprefix("event: ") for event in events if event]
    assert kinds[:4] == [
        "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
    ]  # fmt: skip
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.output_text.delta") > 1
    assert Usage.objects.get().endpoint == "chat"


def test_built_in_model_responds(key: Key) -> None:
    reply = ask("POST", "/v1/responses", {"model": "antigone-extractive", "input": "Quels horaires ?"})
    assert reply.json["object"] == "response"
    assert reply.json["output"][0]["content"][0]["text"]
    streamed = ask(
        "POST", "/v1/responses", {"model": "antigone-extractive", "input": "Quoi ?", "stream": True}
    )
    assert b"response.completed" in streamed.body


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"previous_response_id": "r"}, "nothing_kept"),
        ({"store": True}, "nothing_kept"),
        ({"tools": {"type": "function"}}, "field_wrong"),
        ({"background": True}, "nothing_kept"),
        ({"input": 3}, "field_wrong"),
        ({"input": [3]}, "field_wrong"),
        ({"input": [{"type": "item_reference", "id": "x"}]}, "field_wrong"),
        ({"input": [{"role": "user", "content": [{"type": "input_file"}]}]}, "field_wrong"),
        ({"tools": [{"type": "web_search"}]}, "field_wrong"),
        ({"max_output_tokens": "a"}, "field_wrong"),
    ],
)
def test_what_cannot_be_done_is_refused(key: Key, fields: dict[str, object], code: str) -> None:
    reply = ask("POST", "/v1/responses", {"model": "honest", "input": "a", **fields})
    assert (reply.status, reply.error["code"]) == (400, code)
