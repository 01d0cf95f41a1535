"""Let an engine lie a thousand times and count the lies that pass.

    python -m benchmarks.lying_engine [--lies 1000] [--seed 7] [--passages PATH] [--show]

Each answer is built from a real passage, given to the verifier among three others. A lie passes when
the sentence that holds it is marked cited or supported (for an invented reference: when the reference
is kept, or not counted). The same run measures honest answers: sentences copied word for word, and
sentences reworded without touching what they say.
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from antigone.core.grounding import Mark, Source, ground_answer
from antigone.core.grounding.sentences import split_sentences

PASSAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "retrieval" / "passages.jsonl"
MUNICIPAL = [
    "Le tarif du repas à la cantine est fixé à 4,60 € pour les enfants de 6 à 11 ans depuis le 1er "
    "septembre 2025. "
    "Le repas est gratuit pour les familles dont le quotient familial est inférieur à 300 €.",
    "La médiathèque Jean-Moulin est ouverte du mardi au samedi de 10 h à 18 h, sauf les jours fériés. "
    "Le prêt est limité à 12 documents pour une durée de 21 jours.",
    "Le stationnement est interdit rue Pasteur le jeudi matin de 6 h à 14 h en raison du marché. "
    "Les véhicules en infraction ne peuvent pas être récupérés avant 15 h.",
    "Les inscriptions à l'école maternelle ont lieu du 3 mars au 11 avril 2025 à la mairie. "
    "Si l'enfant a moins de trois ans, son inscription est soumise à l'accord du directeur.",
    "Le conseil municipal a voté une subvention de 12 500 € à l'association Les Amis du Parc. "
    "Madame Lefèvre, adjointe à la culture, présente le rapport devant le conseil chaque année.",
    "La déchetterie accepte au maximum 2 m³ de gravats par semaine. "
    "Les pneus et l'amiante ne sont jamais acceptés, même avec la carte de résident.",
]
NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)?(?![\w.-]*\w)")
MONTH = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
DATE = re.compile(rf"\b\d{{1,2}}(?:er)? (?:{MONTH})")
NAME = re.compile(r"(?<=[a-zéè,] )[A-ZÉ][a-zéèêïç]{3,}(?:[ -][A-ZÉ][a-zéèêïç]{2,})*")
NEGATION = re.compile(r"\b(n(?:e |'))(\w+) (pas|jamais|plus|point) ")
VERB = re.compile(r" (est|sont|peut|peuvent|doit|doivent|a|ont) (?!pas|jamais|plus)")
QUALIFIER = re.compile(
    r",? (?:sauf|si|s'il|lorsque|lorsqu'|à condition|sous réserve|à moins|sans|hors|excepté|pour|après|avant|"
    r"pendant|dans|depuis|jusqu'|à l'exception|en cas)\b"
)
CONDITION = re.compile(r"^(?:Si|Lorsque|Sauf|En cas|Pour|Dans|Après|Avant|Sous réserve)[^,]{5,120}, ")
ANTONYMS = [
    ("gratuit", "payant"), ("obligatoire", "facultatif"), ("avant", "après"), ("ouvert", "fermé"),
    ("autorisé", "interdit"), ("minimum", "maximum"), ("au moins", "au plus"), ("supérieur", "inférieur"),
    ("augmente", "diminue"), ("peut", "doit"), ("peuvent", "doivent"), ("tous", "certains"), ("avec", "sans"),
    ("public", "privé"), ("premier", "dernier"), ("plus", "moins"), ("toujours", "jamais"), ("accordé",
    "refusé"),
    ("majeur", "mineur"), ("sur", "sous"), ("ou", "et"), ("père", "mère"), ("acheteur", "vendeur"),
    ("créancier", "débiteur"), ("présence", "absence"), ("valable", "nul"), ("début", "fin"), ("par", "pour"),
]  # fmt: skip
UNITS = {
    "€": "$", "euros": "dollars", "%": "€", "ans": "mois", "mois": "jours", "jours": "semaines", "an": "mois",
    "km": "m", "heures": "minutes", "habitants": "hectares", "années": "mois", "milliards": "millions",
    "millions": "milliards", "mètres": "kilomètres", "semaines": "mois", "jour": "mois",
}  # fmt: skip
OTHER_WORDS = ["mensuelle", "commune", "ancien", "responsable", "habitant", "voisin", "conjoint"]
INVENTED = [
    "La ville rembourse 50 % de l'achat d'un vélo électrique à tous les habitants",
    "Le conseil municipal a décidé de supprimer cette taxe à l'unanimité",
    "Une dérogation est accordée de plein droit aux associations qui en font la demande",
    "Les agents disposent de deux jours de congé supplémentaires par enfant",
    "Le formulaire doit être retiré au guichet numéro 3 avant 17 heures",
    "La décision est prise par le préfet après consultation des riverains",
]
REWORDINGS = [
    ("afin de", "pour"), ("lorsque", "quand"), ("pendant", "durant"), ("à partir de", "dès"),
    ("à compter de", "à partir de"),
    ("au moins", "au minimum"), ("au cours de", "pendant"), ("toutefois", "cependant"), ("sauf", "hormis"),
    ("uniquement", "seulement"), ("à l'exception de", "sauf"),
    (" euros", " €"), (" pour cent", " %"), ("ainsi que", "et"), ("au sein de", "dans"), ("en vue de",
    "afin de"),
    ("conformément à", "selon"), ("au plus", "au maximum"), ("également", "aussi"), ("deux", "2"),
    ("trois", "3"),
]  # fmt: skip

Passage = Source
Lie = Callable[[random.Random, str, str], str | None]


def load_passages(path: Path) -> list[Passage]:
    """Read the retrieval passages, or take the municipal ones where the data is absent."""
    if not path.exists():
        return [Passage(f"ville-{n}", text) for n, text in enumerate(MUNICIPAL)]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Passage(row["id"], row["text"].strip(), row["title"]) for row in rows if len(row["text"]) > 60]


def whole_sentences(text: str) -> list[str]:
    """List sentences that are sure to be whole: one alone, from a capital to a full stop."""
    found = [text[one.start : one.end] for one in split_sentences(text)]
    return [s for s in found if 40 <= len(s) <= 400 and s[0].isupper() and s[-2].isalnum() and s[-1] == "."]


def _swap(sentence: str, one: re.Match[str], other: re.Match[str]) -> str | None:
    if one.group() == other.group():
        return None
    middle = sentence[one.end() : other.start()]
    return sentence[: one.start()] + other.group() + middle + one.group() + sentence[other.end() :]


def _replace_word(sentence: str, old: str, new: str) -> str | None:
    changed, count = re.subn(rf"\b{re.escape(old)}\b", new, sentence, count=1)
    return changed if count else None


def altered_number(rng: random.Random, sentence: str, _: str) -> str | None:
    found = list(NUMBER.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    whole, mark, rest = match.group().partition(",")
    new = str(int(re.sub(r"\D.*", "", whole)) + rng.choice((1, 2, 10, 100))) + mark + rest
    return sentence[: match.start()] + new + sentence[match.end() :]


def swapped_numbers(rng: random.Random, sentence: str, _: str) -> str | None:
    found = list(NUMBER.finditer(sentence))
    return _swap(sentence, *sorted(rng.sample(found, 2), key=lambda m: m.start())) if len(found) > 1 else None


def altered_date(rng: random.Random, sentence: str, _: str) -> str | None:
    match = DATE.search(sentence)
    if not match:
        return None
    day, month = match.group().split()
    return sentence.replace(
        match.group(), f"{day} {rng.choice([m for m in MONTH.split('|') if m != month])}", 1
    )


def swapped_names(rng: random.Random, sentence: str, _: str) -> str | None:
    found = list(NAME.finditer(sentence))
    return _swap(sentence, *sorted(rng.sample(found, 2), key=lambda m: m.start())) if len(found) > 1 else None


def other_name(_: random.Random, sentence: str, other: str) -> str | None:
    mine, theirs = NAME.search(sentence), NAME.search(other)
    if not mine or not theirs or theirs.group() in sentence:
        return None
    return sentence.replace(mine.group(), theirs.group(), 1)


def flipped_negation(_: random.Random, sentence: str, __: str) -> str | None:
    if match := NEGATION.search(sentence):
        return sentence[: match.start()] + match[2] + " " + sentence[match.end() :]
    match = VERB.search(sentence)
    if not match:
        return None
    particle = "n'" if match[1][0] in "aeo" else "ne "
    return f"{sentence[: match.start()]} {particle}{match[1]} pas {sentence[match.end() :]}"


def antonym(rng: random.Random, sentence: str, _: str) -> str | None:
    pairs = [pair for one, two in ANTONYMS for pair in ((one, two), (two, one))]
    rng.shuffle(pairs)
    return next((changed for old, new in pairs if (changed := _replace_word(sentence, old, new))), None)


def changed_unit(_: random.Random, sentence: str, __: str) -> str | None:
    for old, new in UNITS.items():
        changed, count = re.subn(rf"(\d\s?){re.escape(old)}(?!\w)", rf"\g<1>{new}", sentence, count=1)
        if count:
            return changed
    return None


def merged_sentences(_: random.Random, sentence: str, other: str) -> str | None:
    one, two = re.search(VERB, sentence), re.search(VERB, other)
    if not one or not two or one.start() < 8:
        return None
    return sentence[: one.start()] + other[two.start() :]


def _change_word(rng: random.Random, sentence: str) -> str | None:
    words = re.findall(r"\b[a-zéèêàç]{5,}\b", sentence)
    return _replace_word(sentence, rng.choice(words), rng.choice(OTHER_WORDS)) if words else None


def quote_word_changed(rng: random.Random, sentence: str, _: str) -> str | None:
    changed = _change_word(rng, sentence)
    return f"Le texte précise : « {changed} »" if changed else None


def word_changed(rng: random.Random, sentence: str, _: str) -> str | None:
    return _change_word(rng, sentence)


def invented_quote(rng: random.Random, sentence: str, _: str) -> str | None:
    return f"Le document indique que « {rng.choice(INVENTED).lower()} »."


def invented_quote_inside(rng: random.Random, sentence: str, _: str) -> str | None:
    return f"{sentence[:-1]}, car « {rng.choice(INVENTED).lower()} »."


def invented_sentence(rng: random.Random, _: str, __: str) -> str | None:
    return rng.choice(INVENTED) + "."


def invented_reference(rng: random.Random, sentence: str, _: str) -> str | None:
    return sentence + rng.choice((" [9]", " [12, 14]", " 【8†source】", " (source 11)", " [1][7]", " ^9"))


def invented_law(rng: random.Random, sentence: str, _: str) -> str | None:
    article = rng.choice(
        ("l'article L. 9871-4", "l'article 7419", "la loi n° 2031-88", "le décret n° 2030-12")
    )
    return f"Selon {article}, {sentence[0].lower()}{sentence[1:]}"


def truncated_end(_: random.Random, sentence: str, __: str) -> str | None:
    found = [m for m in QUALIFIER.finditer(sentence) if m.start() > 20]
    return sentence[: found[0].start()].rstrip(" ,") + "." if found else None


def truncated_start(_: random.Random, sentence: str, __: str) -> str | None:
    match = CONDITION.match(sentence)
    return sentence[match.end()].upper() + sentence[match.end() + 1 :] if match else None


def truncated_quote(rng: random.Random, sentence: str, other: str) -> str | None:
    cut = rng.choice((truncated_end, truncated_start))(rng, sentence, other)
    return f"Le règlement prévoit : « {cut.rstrip('.')} »." if cut else None


def dropped_negation_inside(_: random.Random, sentence: str, __: str) -> str | None:
    match = re.search(r",? (?:sauf|sans|uniquement|seulement|exclusivement|notamment pas)\b[^,.;]*", sentence)
    return sentence[: match.start()] + sentence[match.end() :] if match else None


LIES: dict[str, Lie] = {
    lie.__name__: lie
    for lie in (
        altered_number, swapped_numbers, altered_date, swapped_names, other_name, flipped_negation, antonym,
        changed_unit, merged_sentences, quote_word_changed, word_changed, invented_quote,
        invented_quote_inside, invented_sentence, invented_reference, invented_law, truncated_end,
        truncated_start, truncated_quote,
        dropped_negation_inside,
    )
}  # fmt: skip


def verbatim(rng: random.Random, sentence: str, _: str) -> str:
    frames = ("{}", "{}", "Selon le document : « {} »", "- {}", "**{}**", "Le texte précise que « {} »")
    return rng.choice(frames).format(sentence)


def reworded(_: random.Random, sentence: str, __: str) -> str | None:
    changed = sentence
    for old, new in REWORDINGS:
        changed = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, changed)
    return changed if changed != sentence else None


def reframed(_: random.Random, sentence: str, __: str) -> str | None:
    return f"D'après le document, {sentence[0].lower()}{sentence[1:]}" if not sentence[1].isupper() else None


def reordered(_: random.Random, sentence: str, __: str) -> str | None:
    match = CONDITION.match(sentence)
    if not match or "," in sentence[match.end() :]:
        return None
    lead = match.group().rstrip(", ")
    rest = sentence[match.end() :].rstrip(".")
    return f"{rest[0].upper()}{rest[1:]} {lead[0].lower()}{lead[1:]}."


def without_lead(_: random.Random, sentence: str, __: str) -> str | None:
    match = re.match(
        r"(?:Toutefois|En effet|Par ailleurs|Ainsi|Cependant|De plus|En outre|Enfin), ", sentence
    )
    return sentence[match.end()].upper() + sentence[match.end() + 1 :] if match else None


HONEST: dict[str, Lie] = {f.__name__: f for f in (verbatim, reframed, reworded, reordered, without_lead)}


def build_answers(
    passages: list[Passage], kind: Lie, count: int, rng: random.Random
) -> Iterator[tuple[str, str, list[Source]]]:
    """Yield up to ``count`` (true sentence, answer, sources) of one kind."""
    made = 0
    for _ in range(count * 400):
        if made == count:
            return
        sources = rng.sample(passages, 4)
        mine, others = whole_sentences(sources[0].text), whole_sentences(sources[1].text)
        if not mine or not others:
            continue
        sentence = rng.choice(mine)
        answer = kind(rng, sentence, rng.choice(others))
        if answer is None or answer == sentence:
            continue
        made += 1
        rng.shuffle(sources)
        yield sentence, answer, sources


def passes(name: str, answer: str, sources: list[Source]) -> bool:
    """Tell whether the verifier let this lie through."""
    grounded = ground_answer(answer, sources)
    if name == "invented_reference":
        return (
            grounded.invented_references == 0
            or re.search(r"[\[【(^]\D{0,8}\d+", grounded.text[-14:]) is not None
        )
    return any(sentence.mark is not Mark.UNVERIFIED for sentence in grounded.sentences)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--lies", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--passages", type=Path, default=PASSAGES)
    parser.add_argument(
        "--show", action="store_true", help="print lies that pass and honest sentences that do not"
    )
    options = parser.parse_args()
    passages = load_passages(options.passages)
    rng = random.Random(options.seed)
    print_lies(passages, options.lies, rng, show=options.show)
    print_honest(passages, max(20, options.lies // 5), rng, show=options.show)


def print_lies(passages: list[Passage], count: int, rng: random.Random, *, show: bool) -> None:
    """Print how many lies of each kind passed."""
    print(f"{'kind of lie':<26}{'told':>6}{'passed':>8}")
    told = passed = 0
    share, rest = divmod(count, len(LIES))
    for index, (name, lie) in enumerate(LIES.items()):
        answers = list(build_answers(passages, lie, share + (index < rest), rng))
        through = [(true, answer) for true, answer, sources in answers if passes(name, answer, sources)]
        told, passed = told + len(answers), passed + len(through)
        print(f"{name:<26}{len(answers):>6}{len(through):>8}")
        for true, answer in through if show else ():
            print(f"    true: {true}\n    lie:  {answer}")
    print(f"{'total':<26}{told:>6}{passed:>8}\n")


def print_honest(passages: list[Passage], count: int, rng: random.Random, *, show: bool) -> None:
    """Print which marks honest sentences got."""
    print(f"{'honest answers':<26}{'told':>6}{'cited':>8}{'supported':>11}{'verified':>10}")
    for name, rewording in HONEST.items():
        marks: list[Mark] = []
        for true, answer, sources in build_answers(passages, rewording, count, rng):
            sentences = ground_answer(answer, sources).sentences
            marks.append(min((s.mark for s in sentences), key=list(Mark).index))
            if show and marks[-1] is Mark.UNVERIFIED:
                print(f"    true: {true}\n    told: {answer}\n    {[s.reasons for s in sentences]}")
        cited, supported = marks.count(Mark.CITED), marks.count(Mark.SUPPORTED)
        share = (cited + supported) / len(marks) if marks else 0
        print(f"{name:<26}{len(marks):>6}{cited:>8}{supported:>11}{share:>10.1%}")


if __name__ == "__main__":
    main()
