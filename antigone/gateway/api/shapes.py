"""The objects of `/v1/responses`."""

import secrets
import time
from collections.abc import Mapping
from typing import Any


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"


def make_message(identity: str, text: str, status: str = "completed") -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}] if text else []
    return {"type": "message", "id": identity, "status": status, "role": "assistant", "content": content}


def make_call_item(
    identity: str, call_id: Any, name: Any, arguments: Any, status: str = "completed"
) -> dict[str, Any]:
    return {
        "type": "function_call",
        "id": identity,
        "call_id": call_id,
        "name": name,
        "arguments": arguments or "",
        "status": status,
    }


def make_response(
    identity: str, asked: Mapping[str, Any], model: Any, output: list[dict[str, Any]], usage: Any
) -> dict[str, Any]:
    return {
        "id": identity,
        "object": "response",
        "created_at": int(time.time()),
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": asked.get("instructions"),
        "metadata": asked.get("metadata") or {},
        "model": model,
        "output": output,
        "parallel_tool_calls": asked.get("parallel_tool_calls", True),
        "temperature": asked.get("temperature"),
        "text": asked.get("text") or {"format": {"type": "text"}},
        "tool_choice": asked.get("tool_choice", "auto"),
        "tools": asked.get("tools") or [],
        "top_p": asked.get("top_p"),
        "store": False,
        "usage": _make_usage(usage) if isinstance(usage, Mapping) else None,
    }


def _make_usage(usage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "input_tokens": usage.get("prompt_tokens", 0),
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": usage.get("completion_tokens", 0),
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.get("total_tokens", 0),
        "impacts": usage.get("impacts"),
    }
