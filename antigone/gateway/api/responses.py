"""`/v1/responses`, as the official client uses it: made into a chat on the way in, and back on the way out.

Nothing is kept here, so a response cannot be asked for again nor gone on with: such requests are refused.
"""

from collections.abc import Iterator, Mapping
from contextlib import aclosing
from typing import Any

import orjson
from django.utils.translation import gettext_noop

from antigone.errors import WrongInput
from antigone.gateway.api.fields import MOST_TOKENS, check_chat, check_number, wrong_field
from antigone.gateway.api.requests import Request
from antigone.gateway.api.responding import Writer
from antigone.gateway.api.shapes import make_call_item, make_message, make_response, new_id
from antigone.gateway.api.writing import EVENTS, make_call
from antigone.gateway.calls import answer_whole, open_stream
from antigone.gateway.guards import Call
from antigone.gateway.models import Endpoint

SAME = ("model", "temperature", "top_p", "parallel_tool_calls", "stream")
# What would have this machine remember: refused, by name.
KEPT = ("previous_response_id", "conversation", "background")
PARTS = {"input_text": "text", "output_text": "text", "text": "text"}


async def respond(request: Request) -> None:
    """POST /v1/responses."""
    asked, size = await request.read_json()
    call = make_call(request, Endpoint.CHAT, "chat/completions", as_chat(asked), size, check=check_chat)
    async with request.watched():
        if call.body.get("stream") and call.model.engines:
            await _send_events(request, call, asked)
            return
        is_streamed = bool(call.body.pop("stream", False))
        answer = await answer_whole(call)
        response = as_response(answer, asked)
        if not is_streamed:
            await request.answer_json(response)
            return
        await request.begin(200, EVENTS)
        writer = Writer(asked, call.model.name)
        events = [*writer.begin(), *writer.write_delta(answer["choices"][0]["message"])]
        await request.write(b"".join([*events, *writer.end(answer["usage"])]), is_last=True)


async def _send_events(request: Request, call: Call, asked: Mapping[str, Any]) -> None:
    call.body["stream_options"] = {"include_usage": True}
    stream = await open_stream(call)
    writer = Writer(asked, call.model.name)
    with stream.held():
        await request.begin(200, EVENTS)
        await request.write(b"".join(writer.begin()))
        async with aclosing(stream.blocks()) as blocks:
            async for block in blocks:
                pieces = (event for delta in _read_deltas(block) for event in writer.write_delta(delta))
                await request.write(b"".join(pieces))
    await request.write(b"".join(writer.end(stream.reader.usage)), is_last=True)


def _read_deltas(block: bytes) -> Iterator[Mapping[str, Any]]:
    for event in block.split(b"\n\n"):
        if event:
            yield orjson.loads(event[5:])["choices"][0].get("delta") or {}


def as_chat(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the chat that a request for a response asks for; raise WrongInput for what cannot be done here."""
    for name in KEPT:
        if asked.get(name):
            raise _not_kept(name)
    if asked.get("store") is True:
        raise _not_kept("store")
    check_number(asked, "max_output_tokens", MOST_TOKENS)
    body = {name: asked[name] for name in SAME if asked.get(name) is not None}
    body["messages"] = list(_read_messages(asked))
    if asked.get("max_output_tokens"):
        body["max_tokens"] = asked["max_output_tokens"]
    if tools := asked.get("tools"):
        if not isinstance(tools, list):
            raise wrong_field("tools", "[{…}]")
        body["tools"] = [_read_tool(tool) for tool in tools]
    choice = asked.get("tool_choice")
    if isinstance(choice, dict):
        body["tool_choice"] = {"type": "function", "function": {"name": choice.get("name")}}
    elif choice is not None and "tools" in body:
        body["tool_choice"] = choice
    if wanted := _read_format(asked.get("text")):
        body["response_format"] = wanted
    return body


def _read_messages(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(asked.get("instructions"), str):
        yield {"role": "system", "content": asked["instructions"]}
    given = asked.get("input")
    if isinstance(given, str):
        yield {"role": "user", "content": given}
        return
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise wrong_field("input", "“…”, [{…}]")
    for item in given:
        kind = item.get("type", "message")
        if kind == "function_call":
            function = {"name": item.get("name"), "arguments": item.get("arguments")}
            call = {"id": item.get("call_id"), "type": "function", "function": function}
            yield {"role": "assistant", "content": None, "tool_calls": [call]}
        elif kind == "function_call_output":
            yield {
                "role": "tool",
                "tool_call_id": item.get("call_id"),
                "content": _read_content(item.get("output")),
            }
        elif kind == "message":
            role = "system" if item.get("role") == "developer" else item.get("role")
            yield {"role": role, "content": _read_content(item.get("content"))}
        elif kind != "reasoning":
            raise wrong_field("input.type", "message, function_call, function_call_output")


def _read_content(content: Any) -> Any:
    """Return the content of a message: text as it is, texts and images of a list one by one."""
    if not isinstance(content, list):
        return content
    parts = []
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind in PARTS:
            parts.append({"type": "text", "text": part.get("text")})
        elif kind == "input_image":
            parts.append({"type": "image_url", "image_url": {"url": part.get("image_url")}})
        else:
            raise wrong_field("input.content.type", "input_text, input_image, output_text")
    return parts


def _read_tool(tool: Any) -> dict[str, Any]:
    if not isinstance(tool, dict) or tool.get("type") != "function":
        raise wrong_field("tools.type", "function")
    return {"type": "function", "function": {name: value for name, value in tool.items() if name != "type"}}


def _read_format(text: Any) -> dict[str, Any] | None:
    wanted = text.get("format") if isinstance(text, dict) else None
    if not isinstance(wanted, dict) or wanted.get("type") == "text":
        return None
    if wanted.get("type") == "json_schema":
        schema = {name: value for name, value in wanted.items() if name != "type"}
        return {"type": "json_schema", "json_schema": schema}
    return {"type": wanted.get("type")}


def _not_kept(name: str) -> WrongInput:
    return WrongInput(
        "nothing_kept",
        gettext_noop(
            "“%(param)s” needs what was said before to be kept, and nothing is: send the whole conversation."
        ),
        param=name,
    )


def as_response(answer: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return a chat's whole answer as a response."""
    choice = (answer.get("choices") or [{}])[0]
    message = choice.get("message") or {}
    output = []
    if message.get("content"):
        output.append(make_message(new_id("msg"), message["content"]))
    for call in message.get("tool_calls") or ():
        function = call.get("function") or {}
        output.append(
            make_call_item(new_id("fc"), call.get("id"), function.get("name"), function.get("arguments"))
        )
    response = make_response(new_id("resp"), asked, answer.get("model"), output, answer.get("usage"))
    if choice.get("finish_reason") == "length":
        response |= {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    return response
