"""Transcriptions: a recording goes in, words come out."""

from typing import Any

import aiohttp
from django.conf import settings
from starlette.datastructures import UploadFile

from antigone.gateway.api.fields import KEPT_BACK, wrong_field
from antigone.gateway.api.requests import Request
from antigone.gateway.api.writing import make_call
from antigone.gateway.calls import answer_whole
from antigone.gateway.models import Endpoint

FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
PLAIN = (b"content-type", b"text/plain; charset=utf-8")


async def transcribe(request: Request) -> None:
    """POST /v1/audio/transcriptions."""
    request.find_caller()  # nobody unknown fills the disk
    async with request.read_form(settings.API_FILE_BYTES) as form:
        recording = form.get("file")
        if not isinstance(recording, UploadFile):
            raise wrong_field("file", "multipart file")
        fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        kind = dict(fields).get("response_format", "json")
        if kind not in FORMATS:
            raise wrong_field("response_format", ", ".join(FORMATS))
        call = make_call(
            request, Endpoint.TRANSCRIPTIONS, "audio/transcriptions", dict(fields), 0, check=_check
        )
        content = await recording.read()

        def make_form(model: str) -> aiohttp.FormData:
            made = aiohttp.FormData()
            for name, value in fields:
                if name in KEPT_BACK:
                    continue
                made.add_field(name, model if name == "model" else value)
            # The name that a person gave to the file is not the engine's business; its ending tells the format.
            ending = (recording.filename or "").rpartition(".")[2][:5]
            made.add_field("file", content, filename=f"audio.{ending}", content_type=recording.content_type)
            return made

        call.make_form = make_form
        async with request.watched():
            answer = await answer_whole(call)
            if kind in ("text", "srt", "vtt"):
                await request.answer(str(answer.get("text", "")).encode(), PLAIN)
            else:
                await request.answer_json(answer)


def _check(body: Any, model: Any) -> None:
    """Nothing more is needed than the file and the model."""
