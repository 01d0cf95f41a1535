"""French text → terms: what an index stores and what a question asks.

A term has two forms. Its *surface* is the word as written, lowercase and without accents; its *stem* brings
"chevaux" to "cheval" and "vélos" to "vélo". Both hold only letters and digits, so that any inverted index may
split the stored strings at spaces and keep exactly our terms.

The text is never normalised as a whole: each word is found in the original text, then folded on its own.
Positions are therefore those of the original, whatever Unicode normal form it came in.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from antigone.core.retrieval.stopwords import ELIDED, STOPWORDS, TOLD_BY_ACCENT

# A word may hide accents apart from their letter (NFD), soft hyphens and zero-width marks (PDF).
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_SPACE = "[ \u00a0\u2009\u202f]"
_TOKEN = re.compile(
    rf"""
      (?<!\d) \d{{1,3}} (?: {_SPACE}\d{{3}} )+ (?!\d)                       # 1 250 000: one number
    | \b (?: [LRD]\.?O?\*?\.?{_SPACE}? | [lrd]\.?o?\.{_SPACE}? | [lrd]{_SPACE}? | A\*?\.?{_SPACE}? )
         \d+ (?: -\d+ )+                                                    # L. 2121-29: one article
    | \b (?: L\.?O | [LRDA] ) \*? \. {_SPACE}? \d+                          # R. 431: one article too
    | \b [Aa]ujourd['’ʼ]hui
    | [\w{_INSIDE}]+ ['’ʼ]?
    """,
    re.VERBOSE,
)
# Coarser than `sentences.py` and twice as fast: it only weighs, no reader sees these ends.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_][^\W_][.!?…])\s+(?=[^\W_a-zà-ÿ]|[«“\"(–—-])|\s*\n\s*")
_ARTICLE = re.compile(r"([a-z]+)(\d+(?:-\d+)*)")
_IRREGULAR = {
    "baux": "bail", "coraux": "corail", "emaux": "email", "soupiraux": "soupirail", "travaux": "travail",
    "vantaux": "vantail", "vitraux": "vitrail", "yeux": "oeil",
}  # fmt: skip
_CACHED_WORDS = 1 << 17  # about 40 MB when full
_stem_french = Stemmer.Stemmer("french", 0).stemWord  # no cache of its own: ours, and safe between threads


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one meaningful word of a text; `start` and `end` are offsets in the original text."""

    stem: str
    surface: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """Hold what an index stores of one passage: four strings to be split at spaces.

    `title` has the stems of the title; `stems` and `surfaces` those of the text, aligned one to one;
    `sentences` the number of terms in each sentence, in order (they add up to the number of stems).
    """

    title: str
    stems: str
    surfaces: str
    sentences: str


def split_terms(text: str) -> list[Term]:
    """Split `text` into its terms, in order, without stopwords.

    Question words (comment, combien, pourquoi, quand, quel) and "sans", "non", "jamais" stay: they tell
    passages apart. Legal articles ("L. 2121-29") and numbers with thousands apart ("1 250") are one term.

    >>> [(term.stem, term.surface) for term in split_terms("L’ÉCOLE des chevaux")]
    [('ecol', 'ecole'), ('cheval', 'chevaux')]
    >>> [term.surface for term in split_terms("article L. 2121-29, 1 250,50 €")]
    ['article', 'l2121x29', '1250', '50']
    """
    terms = []
    for match in _TOKEN.finditer(text.replace("_", " ")):
        forms = _analyse_word(match[0])
        if forms is not None:
            terms.append(Term(*forms, match.start(), match.end()))
    return terms


def analyse_passage(title: str, text: str) -> PassageTerms:
    """Analyse one passage into the strings that an index stores.

    >>> analyse_passage("Les vélos", "Le vélo est permis. Les chevaux sont interdits.")
    PassageTerms(title='velo', stems='velo perm cheval interd', surfaces='velo permis chevaux interdits', \
sentences='2 2')
    """
    stems: list[str] = []
    surfaces: list[str] = []
    counts = []
    for sentence in _SENTENCE_END.split(text):
        words = _analyse_words(sentence)
        if words:
            counts.append(str(len(words)))
            stems += [stem for stem, _ in words]
            surfaces += [surface for _, surface in words]
    title_stems = " ".join(stem for stem, _ in _analyse_words(title))
    return PassageTerms(title_stems, " ".join(stems), " ".join(surfaces), " ".join(counts))


def fold(text: str) -> str:
    """Write `text` in lowercase without accents, ligatures, soft hyphens or zero-width marks.

    >>> fold("Œuvre d’ÉTÉ")
    'oeuvre d’ete'
    """
    decomposed = unicodedata.normalize("NFKD", text.lower())
    kept = "".join(letter for letter in decomposed if unicodedata.category(letter) not in ("Mn", "Cf"))
    return kept.replace("œ", "oe").replace("æ", "ae")


def _analyse_words(text: str) -> list[tuple[str, str]]:
    return list(filter(None, map(_analyse_word, _TOKEN.findall(text.replace("_", " ")))))


@lru_cache(_CACHED_WORDS)
def _analyse_word(raw: str) -> tuple[str, str] | None:
    """Return the stem and the surface of a word as found in a text; None for a stopword."""
    word = unicodedata.normalize("NFKC", raw).lower()
    surface = fold(word)
    article = _ARTICLE.fullmatch(re.sub(r"[\s.*]", "", surface))
    if article:
        surface = article[1] + article[2].replace("-", "x")
        return surface, surface
    if surface[-1:] in "'’ʼ" and surface[:-1] in ELIDED:
        return None
    surface = "".join(filter(str.isalnum, surface))
    if not surface or (surface in STOPWORDS and word not in TOLD_BY_ACCENT):
        return None
    return stem_word(surface), surface


def stem_word(surface: str) -> str:
    """Stem one folded word: our plurals first, then Snowball.

    Accents go before stemming, not after: a question typed without them then finds just as much, and one
    typed with them loses nothing (measured: nDCG@10 .785 either way; without accents .785 against .775).

    >>> stem_word("travaux"), stem_word("velos"), stem_word("1250")
    ('travail', 'velo', '1250')
    """
    if surface[0].isdigit() or surface[-1].isdigit():
        return surface
    singular = _IRREGULAR.get(surface, surface)
    # Snowball keeps the plural of -os, -as, -us, -is ("vélos") and of -oux ("bijoux").
    if len(singular) > 3 and re.search("[^s]s$|oux$", singular):
        singular = singular[:-1]
    return str(_stem_french(singular))
