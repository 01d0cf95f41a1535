"""A real model file without any downloaded weights: whatever it is asked, it writes one given sentence.

Attention and feed-forward weights are zero, so the network is a Markov chain over its own tokens: once the
chat template's last token is read, each word calls the next, then the end. Sampling, streaming, stopping and
counting are then the real engine's, and the text is known.
"""

import re
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

_TEMPLATE = (
    "{% for m in messages %}{% if m['role']=='system' %}<|system|>{% elif m['role']=='user' %}<|user|>"
    "{% else %}<|assistant|>{% endif %}{{ m['content'] }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_END, _ASSISTANT = 2, 5
_HEADS, _FEED_FORWARD = 4, 64


def write_tiny_model(path: Path, sentence: str, *, context: int = 8_192, pooled: bool = False) -> None:
    """Write a GGUF file whose every answer is `sentence`; `pooled`, it makes one vector of each text."""
    tokens, chain = _make_tokens(sentence)
    # One direction a token, so that each can call exactly one other.
    width = 64 * -(-len(tokens) // 64)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny-test-model")
    writer.add_license("CC0-1.0")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_FEED_FORWARD)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // _HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.encode() for token, _, _ in tokens])
    writer.add_token_scores([score for _, score, _ in tokens])
    writer.add_token_types([int(kind) for _, _, kind in tokens])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(_END)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(_TEMPLATE)
    if pooled:
        writer.add_pooling_type(gguf.PoolingType.MEAN)
    _add_weights(writer, len(tokens), width, [_ASSISTANT, *chain, _END])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _make_tokens(sentence: str) -> tuple[list[tuple[str, float, gguf.TokenType]], list[int]]:
    """Return the vocabulary (marks, every byte, the words) and the numbers of the words in order."""
    kind = gguf.TokenType
    tokens = [("<unk>", 0.0, kind.UNKNOWN)]
    tokens += [
        (name, 0.0, kind.CONTROL) for name in ("<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>")
    ]
    tokens += [(f"<0x{byte:02X}>", 0.0, kind.BYTE) for byte in range(256)]
    chain = []
    for place, word in enumerate(re.findall(r"\S+", sentence)):
        piece = f"\u2581{word}" if place else word
        # A word that comes twice is two tokens: each place calls its own successor.
        piece += "\u200b" * place if piece in {token for token, _, _ in tokens} else ""
        chain.append(len(tokens))
        tokens.append((piece, -1e6 - place, kind.NORMAL))
    return tokens, chain


def _add_weights(writer: gguf.GGUFWriter, count: int, width: int, path: list[int]) -> None:
    embedding = np.eye(count, width, dtype=np.float16)
    output = np.zeros((count, width), np.float16)
    for token, following in pairwise(path):
        output[following, token] = 10.0
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{name}.weight", np.ones(width, np.float32))
    shapes = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (width, width))
    shapes |= {
        "ffn_gate": (_FEED_FORWARD, width),
        "ffn_up": (_FEED_FORWARD, width),
        "ffn_down": (width, _FEED_FORWARD),
    }
    for name, shape in shapes.items():
        writer.add_tensor(f"blk.0.{name}.weight", np.zeros(shape, np.float16))
