"""LiteLLM as a client, which Onyx and others use."""

import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm

BASE, KEY = sys.argv[1:3]
asked = [{"role": "user", "content": "Bonjour"}]
for provider in ("openai", "hosted_vllm", "litellm_proxy"):
    answer = litellm.completion(model=f"{provider}/fake", api_base=BASE, api_key=KEY, messages=asked)
    assert answer.choices[0].message.content, provider
stream = litellm.completion(model="openai/fake-n5", api_base=BASE, api_key=KEY, messages=asked, stream=True)
assert "".join(piece.choices[0].delta.content or "" for piece in stream).split() == ["mot"] * 5
vectors = litellm.embedding(model="openai/fake-vectors8", api_base=BASE, api_key=KEY, input=["un"])
assert len(vectors.data[0]["embedding"]) == 8
ranked = litellm.rerank(
    model="hosted_vllm/fake-rerank", api_base=BASE, api_key=KEY, query="?", documents=["aaaa", "a"], top_n=2
)
assert ranked.results[0]["index"] == 1
try:
    litellm.completion(model="openai/gpt-4", api_base=BASE, api_key=KEY, messages=asked)
except litellm.NotFoundError:
    print("ok")
