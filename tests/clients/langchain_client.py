"""LangChain: chat, stream, tools, structured answers, vectors."""

import sys

import openai
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

BASE, KEY = sys.argv[1:3]


class Place(BaseModel):
    """A place."""

    ville: str
    habitants: int


@tool
def meteo(ville: str) -> str:
    """Tell the weather of a town."""
    return f"Beau à {ville}"


def model(name: str) -> ChatOpenAI:
    return ChatOpenAI(base_url=BASE, api_key=KEY, model=name, max_retries=1)


asked = [HumanMessage("Quel temps fait-il ?")]
answer = model("fake").invoke(asked)
assert answer.content
assert answer.usage_metadata["total_tokens"] == 12
assert len(list(model("fake-n5").stream(asked))) >= 5
(call,) = model("fake-tools").bind_tools([meteo]).invoke(asked).tool_calls
assert call["args"] == {"ville": "Valmont"}
assert isinstance(model("fake").with_structured_output(Place, method="json_schema").invoke(asked), Place)
plain = OpenAIEmbeddings(base_url=BASE, api_key=KEY, model="fake-vectors8", check_embedding_ctx_length=False)
assert len(plain.embed_documents(["un", "deux"])[1]) == 8
assert len(plain.embed_query("un")) == 8
try:  # it sends numbers of tokens of OpenAI's vocabulary, unless it is told not to: refused with what to do
    tokens = openai.OpenAI(base_url=BASE, api_key=KEY)
    tokens.embeddings.create(model="fake-vectors8", input=[[101, 202]])
except openai.BadRequestError as error:
    assert "check_embedding_ctx_length=False" in str(error)
else:
    raise AssertionError("tokens are refused")
print("ok")
