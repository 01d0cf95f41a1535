"""LlamaIndex: chat, stream, completion, vectors; a model whose name it does not know."""

import sys

from llama_index.core.llms import ChatMessage
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike

BASE, KEY = sys.argv[1:3]
chat = OpenAILike(model="fake", api_base=BASE, api_key=KEY, is_chat_model=True, context_window=8_192)
asked = [ChatMessage(role="user", content="Bonjour")]
assert chat.chat(asked).message.content
assert "".join(piece.delta or "" for piece in chat.stream_chat(asked))
plain = OpenAILike(model="fake", api_base=BASE, api_key=KEY, is_chat_model=False)
assert plain.complete("Bonjour").text
vectors = OpenAILikeEmbedding(model_name="fake-vectors8", api_base=BASE, api_key=KEY)
assert len(vectors.get_text_embedding("Bonjour")) == 8
assert len(vectors.get_text_embedding_batch(["un", "deux", "trois"])) == 3
print("ok")
