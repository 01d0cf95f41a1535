"""The events of a response as it is written."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from antigone.gateway.api.shapes import make_call_item, make_message, make_response, new_id


class Writer:
    """Turns the pieces of a chat into the events of a response, in the order that clients expect."""

    def __init__(self, asked: Mapping[str, Any], model: str) -> None:
        self._asked, self._model = asked, model
        self._id = new_id("resp")
        self._number = 0
        # The items in the order in which they began: the text, the calls of tools by their place.
        self._items: list[dict[str, Any]] = []
        self._places: dict[object, int] = {}

    def begin(self) -> Iterator[bytes]:
        """Yield what comes before anything is written."""
        response = {**self._make([], None), "status": "in_progress"}
        yield self._event("response.created", response=response)
        yield self._event("response.in_progress", response=response)

    def write_delta(self, delta: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield the events of one piece: some text, some of the calls of tools."""
        if text := delta.get("content"):
            yield from self._write_text(str(text))
        for number, call in enumerate(delta.get("tool_calls") or ()):
            yield from self._write_call(call.get("index", number), call)

    def end(self, usage: Mapping[str, Any] | None) -> Iterator[bytes]:
        """Yield what ends each item, and the whole."""
        for place, item in enumerate(self._items):
            same = {"item_id": item["id"], "output_index": place}
            item["status"] = "completed"
            if item["type"] == "message":
                part = item["content"][0]
                yield self._event(
                    "response.output_text.done", **same, content_index=0, text=part["text"], logprobs=[]
                )
                yield self._event("response.content_part.done", **same, content_index=0, part=part)
            else:
                yield self._event(
                    "response.function_call_arguments.done",
                    **same,
                    arguments=item["arguments"],
                    name=item["name"],
                )
            yield self._event("response.output_item.done", output_index=place, item=item)
        yield self._event("response.completed", response=self._make(self._items, usage))

    def _write_text(self, text: str) -> Iterator[bytes]:
        place = self._places.get("text")
        if place is None:
            item = make_message(new_id("msg"), "", "in_progress")
            place = self._add("text", item)
            yield self._event("response.output_item.added", output_index=place, item=item)
            item["content"] = [{"type": "output_text", "text": "", "annotations": [], "logprobs": []}]
            yield self._event(
                "response.content_part.added",
                item_id=item["id"], output_index=place, content_index=0, part=item["content"][0],
            )  # fmt: skip
        item = self._items[place]
        item["content"][0]["text"] += text
        yield self._event(
            "response.output_text.delta",
            item_id=item["id"], output_index=place, content_index=0, delta=text, logprobs=[],
        )  # fmt: skip

    def _write_call(self, number: int, call: Mapping[str, Any]) -> Iterator[bytes]:
        function = call.get("function") or {}
        place = self._places.get(number)
        if place is None:
            item = make_call_item(new_id("fc"), call.get("id"), function.get("name"), "", "in_progress")
            place = self._add(number, item)
            yield self._event("response.output_item.added", output_index=place, item=item)
        item = self._items[place]
        if arguments := function.get("arguments"):
            item["arguments"] += arguments
            yield self._event(
                "response.function_call_arguments.delta",
                item_id=item["id"],
                output_index=place,
                delta=arguments,
            )

    def _add(self, key: object, item: dict[str, Any]) -> int:
        self._items.append(item)
        self._places[key] = len(self._items) - 1
        return self._places[key]

    def _make(self, output: list[dict[str, Any]], usage: Mapping[str, Any] | None) -> dict[str, Any]:
        return make_response(self._id, self._asked, self._model, output, usage)

    def _event(self, kind: str, **fields: Any) -> bytes:
        event = {"type": kind, "sequence_number": self._number, **fields}
        self._number += 1
        return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(event) + b"\n\n"
