"""What La Suite's assistant asks of Albert: its own sequence of requests; and the probes of Open WebUI, Continue's."""

import json
import sys

import httpx

BASE, KEY = sys.argv[1:3]
client = httpx.Client(base_url=BASE, headers={"Authorization": f"Bearer {KEY}"}, timeout=60)


def check(response: httpx.Response) -> httpx.Response:
    response.raise_for_status()
    return response


collection = check(
    client.post("/collections", json={"name": "c", "description": "d", "visibility": "private"})
).json()
assert isinstance(collection["id"], int)
text = "# Cantine\n\nLe repas d’un enfant coûte 3,20 € à la cantine de l’école.\n"
document = check(
    client.post(
        "/documents",
        files={"file": ("cantine.md", text.encode(), "text/markdown")},
        data={"collection_id": collection["id"], "metadata": json.dumps({"document_name": "cantine.pdf"})},
    )
).json()
found = check(
    client.post(
        "/search",
        json={
            "collection_ids": [collection["id"]],
            "query": "Combien coûte le repas à la cantine ?",
            "score_threshold": 0.6,
            "limit": 5,
            "document_ids": [document["id"]],
        },
    )
).json()
assert "3,20" in found["data"][0]["chunk"]["content"]
assert found["data"][0]["chunk"]["metadata"]["document_name"] == "cantine.pdf"
assert found["usage"]["prompt_tokens"] >= 0
check(client.delete(f"/documents/{document['id']}"))
assert client.delete(f"/documents/{document['id']}").status_code == 404  # already gone, as La Suite expects
check(client.delete(f"/collections/{collection['id']}"))

chat = check(
    client.post("/chat/completions", json={"model": "fake", "messages": [{"role": "user", "content": "a"}]})
).json()
assert "kgCO2eq" in chat["usage"]["impacts"]

# Open WebUI lists the models at every load, and ignores what it does not know.
assert check(client.get("/models")).elapsed.total_seconds() < 5
# Continue fills in the middle, and ranks.
filled = check(
    client.post(
        "/completions", json={"model": "fake", "prompt": "def f(", "suffix": "return", "stream": True}
    )
)
assert filled.text.rstrip().endswith("data: [DONE]")
ranked = check(
    client.post("/rerank", json={"model": "fake-rerank", "query": "?", "documents": ["aa", "a"]})
).json()
assert ranked["results"][0]["index"] == 1
print("ok")
