"""What somebody writes becomes the text of a statement, and the key by which the same is found again."""

import re
import unicodedata

from django.utils.translation import gettext_noop

from antigone.consultation.models import Consultation
from antigone.errors import WrongInput

# Characters that show nothing, or turn the text that follows around.
INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


def clean_statement(text: str, consultation: Consultation) -> str:
    """Give the text as it is kept: one line, composed, without characters that show nothing; raise WrongInput."""
    composed = unicodedata.normalize("NFC", re.sub(r"\s+", " ", text))
    seen = "".join(char for char in composed if unicodedata.category(char) not in INVISIBLE)
    cleaned = re.sub(r" +", " ", seen).strip()
    if not make_key(cleaned):
        raise WrongInput("empty_statement", gettext_noop("Write a statement: there are no words in it."))
    if len(cleaned) > consultation.statement_length:
        raise WrongInput(
            "long_statement",
            gettext_noop("The statement has %(count)d characters; %(most)d are possible. Shorten it."),
            count=len(cleaned),
            most=consultation.statement_length,
        )
    return cleaned


def make_key(text: str) -> str:
    """Give a text as it is compared: small letters without accents, figures, single spaces.

    >>> make_key("  L’École, c'est 2 fois NON ! ")
    'l ecole c est 2 fois non'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in parts if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())
