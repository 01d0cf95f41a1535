"""What a statement is compared by, so that the same is not there twice."""

import re
import unicodedata

KEY_LENGTH = 500


def make_key(text: str) -> str:
    """Give a text without case, accents, punctuation and doubled spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", kept))[:KEY_LENGTH]
