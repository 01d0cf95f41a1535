"""The streams of engines, however they write them."""

import pytest

from antigone.gateway.events import EventReader, Garbled

PIECE = '{"model":"/srv/secret.gguf","choices":[{"delta":{"content":"é"}}]}'
GIVEN_ON = 'data: {"model":"Tiny","choices":[{"delta":{"content":"é"}}]}\n\n'.encode()


@pytest.mark.parametrize(
    "stream",
    [
        f"data: {PIECE}\n\ndata: [DONE]\n\n",
        f"data:{PIECE}\n\ndata:[DONE]\n\n",
        f"data: {PIECE}\r\n\r\ndata: [DONE]\r\n\r\n",
        f"\ufeffdata: {PIECE}\n\ndata: [DONE]\n\n",
        f": ping\n\n: ping\ndata: {PIECE}\n\nevent: end\ndata: [DONE]\n\n",
        f"event: message\nid: 7\ndata: {PIECE}\n\n\n\ndata: [DONE] \n\n",
        f"data: {PIECE[:-1]}\ndata: }}\n\ndata: [DONE]\n\n",
        f'data: {PIECE[:-1]},"error":null}}\n\ndata: [DONE]\n\n',
    ],
)
@pytest.mark.parametrize("step", [1, 1_000])
def test_every_way_to_write_a_stream_is_read(stream: str, step: int) -> None:
    reader, data = EventReader(b"Tiny"), stream.encode()
    blocks = [reader.feed(data[at : at + step]) for at in range(0, len(data), step)]
    given = b"".join(block.data for block in blocks)
    assert given.replace(b" }\n", b"}\n").replace(b',"error":null', b"") == GIVEN_ON
    assert blocks[-1].is_last or blocks[-2].is_last
    assert reader.pieces == 1


@pytest.mark.parametrize(
    "event", ["data: {", "data: []", 'data: {"error": {}}', 'data: {"choices": [3]}', "data: 7"]
)
def test_what_is_no_stream_is_refused(event: str) -> None:
    with pytest.raises(Garbled):
        EventReader(b"Tiny").feed(f"{event}\n\n".encode())
