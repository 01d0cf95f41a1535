"""Check the files of a public draw, from public-draw-format.md alone (checks 1 to 5):

    python verify_public_draw.py draw.json lottery.json commitment.json public-draw.json secret.json

Plain Python. The signature of a drand round is checked where py-arkworks-bls12381 is installed; a drand client can too.
"""

import hashlib
import hmac
import json
import pathlib
import sys
from datetime import UTC, datetime

try:
    from py_arkworks_bls12381 import GT, G1Point, G2Point
except ImportError:
    GT = None
CHAIN = {"chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", "kind": "drand"}
CHAIN |= {"genesis": 1692803367, "period": 3}
KEY = bytes.fromhex(
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)


def need(condition, message):
    if not condition:
        raise ValueError(message)


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def write(document):
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def tree(documents):
    level = [digest(b"\0", write(document)) for document in documents]
    while len(level) > 1:  # pairs from the left, an odd one is left for later: the same tree
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [digest(b"\1", *pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex() if level else digest().hex()


def seconds(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def check_commitment(commitment):
    """Check 1."""
    need(commitment["format"] == "antigone-commitment/1", "another format")
    need(tree([{k: v for k, v in commitment.items() if k != "root"}]) == commitment["root"], "another root")
    source = commitment["randomness"]
    need(source["kind"] == "digits" or {**source, **CHAIN} == source, "a beacon not known here")
    if source["kind"] == "drand":
        at = source["genesis"] + (source["round"] - 1) * source["period"]
    else:
        at = seconds(source["announced_at"])
    need(at > seconds(commitment["committed_at"]), "the randomness was known at the commitment")


def read_digits(commitment, outcome, total):
    """Check 2 of digits; return the ticket."""
    faces, throws = commitment["randomness"]["faces"], commitment["randomness"]["throws"]
    need(seconds(outcome["drawn_at"]) > seconds(commitment["committed_at"]), "drawn before the commitment")
    limit, values = faces**throws - faces**throws % total, []
    for series in outcome["series"]:
        need(len(series) == throws, "another number of throws")
        need(all(type(n) is int and 0 <= n < faces for n in series), "a number that is no face")
        values.append(sum(n * faces**place for place, n in enumerate(reversed(series))))
    need(values[-1] < limit <= min([limit, *values[:-1]]), "the series that is kept is not the last one")
    return values[-1] % total


def read_round(commitment, outcome, total):
    """Checks 2 and 3 of a round; return the ticket."""
    signature, number = bytes.fromhex(outcome["signature"]), outcome["round"].to_bytes(8, "big")
    need(outcome["round"] == commitment["randomness"]["round"], "another round")
    need(signature.hex() == outcome["signature"] and len(outcome) == 2, "another spelling")
    if GT:
        hashed = G1Point.hash_to_curve(digest(number), b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_")
        point = G1Point.from_compressed_bytes(signature)
        need(point.to_compressed_bytes() == signature, "another spelling")
        sides = [point, -hashed], [G2Point(), G2Point.from_compressed_bytes(KEY)]
        need(GT.pairing_check(*sides), "not the signature of that round")
    width = -(-total.bit_length() // 8) + 8
    block, blocks = b"antigone draw" + bytes.fromhex(commitment["root"]) + digest(signature), -(-width // 32)
    first, value, limit = 0, 256**width, 256**width - 256**width % total
    while value >= limit:
        stretched = b"".join(digest(block, c.to_bytes(8, "big")) for c in range(first, first + blocks))
        first, value = first + blocks, int.from_bytes(stretched[:width], "big")
    return value % total


def check_draw(draw, panels):
    """Checks 2 to 4."""
    sealed = write({key: value for key, value in draw.items() if key not in ("seal", "secret")})
    need(digest(sealed).hex() == draw["seal"], "another seal")
    commitment, total = draw["commitment"], int(draw["commitment"]["total_weight"])
    read = read_digits if commitment["randomness"]["kind"] == "digits" else read_round
    left, number = read(commitment, draw["outcome"], total), 0
    while left >= panels[number]["weight"]:
        left, number = left - panels[number]["weight"], number + 1
    need((draw["panel"], draw["members"]) == (number, sorted(panels[number]["members"])), "another panel")


def check_opening(commitment, chances, panels, secret):
    """Check 5."""
    need(len(secret) == 64 and bytes.fromhex(secret).hex() == secret, "a secret in another spelling")

    def salt(words):
        return hmac.new(bytes.fromhex(secret), words.encode(), "sha256").hexdigest()

    people = sorted(chances["people"], key=lambda person: person["id"])
    targets = sorted([t["feature"], t["value"], t["min"], t["max"]] for t in chances["targets"])
    leaves = [{"members": sorted(p["members"]), "weight": str(p["weight"])} for p in panels]
    leaves = [{**leaf, "number": i, "salt": salt(f"panel {i}")} for i, leaf in enumerate(leaves)]
    pool = tree([{**person, "salt": salt(f"person {person['id']}")} for person in people])
    need((pool, len(people)) == (commitment["pool"], commitment["people"]), "another pool, or another secret")
    need(tree([{"size": chances["size"], "targets": targets}]) == commitment["targets"], "other targets")
    need(tree(leaves) == commitment["panels"] and len(leaves) == commitment["panel_count"], "other panels")
    need(str(sum(p["weight"] for p in panels)) == commitment["total_weight"], "other weights")


def check(files):
    """Check documents by format; return what could not be checked."""
    chances, lottery, draw = (files.get(f"antigone-{name}/1") for name in ("draw", "lottery", "public-draw"))
    panels = [{"members": m, "weight": 1} for m in lottery["panels"]] if lottery else chances["panels"]
    commitment = files.get("antigone-commitment/1") or draw["commitment"]
    check_commitment(commitment)
    if draw:
        need(draw["commitment"] == commitment, "the draw is by another commitment")
        check_draw(draw, panels)
    opener = files.get("antigone-secret/1", {"root": commitment["root"]})
    need(opener["root"] == commitment["root"], "a secret of another draw")
    secrets = [found["secret"] for found in (draw, opener) if found and "secret" in found]
    for secret in secrets:
        check_opening(commitment, chances, panels, secret)
    wanted = {"the draw": draw, "pool and panels (there is no secret)": secrets, "a round's signature": GT}
    return [name for name, there in wanted.items() if not there]


if __name__ == "__main__":
    contents = [json.loads(pathlib.Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    missing = check({content["format"]: content for content in contents})
    print("Checked" + (", but not: " + "; ".join(missing) if missing else ""))
