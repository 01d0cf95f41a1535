"""The official Python client: what its users do."""

import asyncio
import io
import json
import sys
import time

import openai
import pydantic

BASE, KEY = sys.argv[1:3]
client = openai.OpenAI(base_url=BASE, api_key=KEY, max_retries=1)
ASKED = [{"role": "user", "content": "Quel temps fait-il à Valmont ?"}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "meteo",
            "parameters": {
                "type": "object",
                "properties": {"ville": {"type": "string"}},
                "required": ["ville"],
            },
        },
    }
]


class Place(pydantic.BaseModel):
    """What a structured answer is."""

    ville: str
    habitants: int


def chat() -> None:
    answer = client.chat.completions.create(model="fake", messages=ASKED)
    assert answer.choices[0].message.content
    assert answer.usage.total_tokens == 12
    assert answer.usage.impacts["method"] == "unknown"
    raw = client.chat.completions.with_raw_response.create(model="fake", messages=ASKED)
    assert raw.headers["x-request-id"].startswith("req_")
    stream = client.chat.completions.create(
        model="fake-n5", messages=ASKED, stream=True, stream_options={"include_usage": True}
    )
    *pieces, last = list(stream)
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces).split() == ["mot"] * 5
    assert last.choices == []
    assert last.usage.completion_tokens == 5


def tools() -> None:
    answer = client.chat.completions.create(model="fake-tools", messages=ASKED, tools=TOOLS)
    (call,) = answer.choices[0].message.tool_calls
    assert json.loads(call.function.arguments) == {"ville": "Valmont"}
    with client.chat.completions.stream(model="fake-tools", messages=ASKED, tools=TOOLS) as stream:
        final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.name == "meteo"
    following = [
        *ASKED,
        {"role": "assistant", "tool_calls": [call.to_dict()]},
        {"role": "tool", "tool_call_id": call.id, "content": "Beau."},
    ]
    assert client.chat.completions.create(model="fake", messages=following).choices


def structured() -> None:
    parsed = client.chat.completions.parse(model="fake", messages=ASKED, response_format=Place, seed=1)
    assert isinstance(parsed.choices[0].message.parsed, Place)


def vectors() -> None:
    one = client.embeddings.create(model="fake-vectors8", input="Bonjour")  # packed in base64, by itself
    two = client.embeddings.create(model="fake-vectors8", input=["Bonjour"], encoding_format="float")
    assert all(abs(a - b) < 1e-6 for a, b in zip(one.data[0].embedding, two.data[0].embedding, strict=True))
    try:
        client.embeddings.create(model="fake-vectors8", input=[1, 2, 3])
    except openai.BadRequestError as error:
        assert error.code == "tokens_not_taken"
    assert client.embeddings.create(model="fake-tokens-vectors8", input=[[1, 2], [3]]).data[1].index == 1


def errors() -> None:
    for kind, work in (
        (openai.NotFoundError, lambda: client.chat.completions.create(model="gpt-4", messages=ASKED)),
        (openai.BadRequestError, lambda: client.chat.completions.create(model="fake", messages=[])),
        (openai.AuthenticationError, lambda: openai.OpenAI(base_url=BASE, api_key="no").models.list()),
        (
            openai.InternalServerError,
            lambda: client.chat.completions.create(model="fake-error503", messages=ASKED),
        ),
    ):
        try:
            work()
        except kind as error:
            assert error.code
        else:
            raise AssertionError(kind)
    try:
        list(client.chat.completions.create(model="fake-disconnect3", messages=ASKED, stream=True))
    except openai.APIError as error:
        assert error.code == "engine_interrupted"
    else:
        raise AssertionError("a stream that breaks raises")


def responses() -> None:
    answer = client.responses.create(model="fake", input="Bonjour", instructions="Sois bref.")
    assert answer.output_text.strip()
    assert answer.usage.output_tokens == 3
    with client.responses.stream(model="fake-n4", input="Bonjour") as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text.split() == ["mot"] * 4
    assert kinds[-1] == "response.completed"
    tool = {
        "type": "function",
        "name": "meteo",
        "parameters": TOOLS[0]["function"]["parameters"],
        "strict": True,
    }
    called = client.responses.create(model="fake-tools", input="Quel temps ?", tools=[tool])
    assert called.output[0].name == "meteo"
    parsed = client.responses.parse(model="fake", input="Où ?", text_format=Place)
    assert isinstance(parsed.output_parsed, Place)


def files_and_batches() -> None:
    lines = [
        {
            "custom_id": f"n{n}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "fake", "messages": ASKED},
        }
        for n in range(3)
    ]
    content = "\n".join(map(json.dumps, lines)).encode()
    file = client.files.create(file=("in.jsonl", io.BytesIO(content)), purpose="batch")
    assert client.files.retrieve(file.id).bytes == len(content)
    batch = client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    for _turn in range(200):
        batch = client.batches.retrieve(batch.id)
        if batch.status not in ("validating", "in_progress", "finalizing"):
            break
        time.sleep(0.1)
    assert batch.status == "completed", batch
    assert batch.request_counts.completed == 3
    rows = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
    assert {row["custom_id"] for row in rows} == {"n0", "n1", "n2"}
    assert batch.id in [one.id for one in client.batches.list(limit=5)]
    assert client.files.delete(file.id).deleted


def others() -> None:
    assert "fake" in [model.id for model in client.models.list()]
    assert client.models.retrieve("fake").id == "fake"
    filled = client.completions.create(model="fake", prompt="def f(", suffix="return 1", max_tokens=9)
    assert "retur" in filled.choices[0].text
    pieces = client.completions.create(model="fake", prompt="Bonjour", stream=True)
    assert "".join(piece.choices[0].text for piece in pieces)
    heard = client.audio.transcriptions.create(model="fake-audio", file=("a.wav", io.BytesIO(b"RIFF" * 20)))
    assert "octets" in heard.text


async def asynchronous() -> None:
    async with openai.AsyncOpenAI(base_url=BASE, api_key=KEY) as peer:
        answers = await asyncio.gather(
            *(peer.chat.completions.create(model="fake", messages=ASKED) for _turn in range(20))
        )
        assert all(answer.choices for answer in answers)
        stream = await peer.chat.completions.create(model="fake-n5-itl20", messages=ASKED, stream=True)
        async for _piece in stream:
            break
        await stream.close()


for work in (chat, tools, structured, vectors, errors, responses, files_and_batches, others):
    work()
asyncio.run(asynchronous())
print("ok")
