"""An invented town's register. What must never be seen by others is planted: SECRET names, CACHEE streets."""

from datetime import date, timedelta

from django.utils import timezone

from antigone.selection.actions import recruitment as recruiting

DISTRICTS = ("Centre", "Nord", "Sud")
FEATURES = {"genre": {"femme": "52", "homme": "48"}, "âge": {"16-29": "20", "30-59": "50", "60+": "30"}}
DATES = ["9 janvier 2027", "23 janvier 2027"]
HEADER = "nom;prénom;adresse;commune;téléphone;quartier"
# What hostile or clumsy hands may write in a cell.
FORMULA = "=HYPERLINK(A1)"


def write_register(rows: int, *, encoding: str = "utf-8", separator: str = ";") -> bytes:
    """Write voters, two of an address."""
    lines = [HEADER]
    for number in range(1, rows + 1):
        phone = f"06 12 34 {number // 100 % 100:02} {number % 100:02}" if number % 3 else ""
        address = f"{number // 2} rue CACHEE"
        district = DISTRICTS[number * number % 7 % 3]
        lines.append(f"SECRET-{number};Zoé;{address};Valmont;{phone};{district}")
    return "\r\n".join(lines).replace(";", separator).encode(encoding)


def make_terms(**changes: object) -> recruiting.Terms:
    today = timezone.localdate()
    given: dict[str, object] = {
        "title": "La nuit",
        "purpose": "Quatre week-ends pour débattre de la nuit.",
        "origin": "Listes électorales de la commune.",
        "missing": "Les étrangers hors de l’Union.",
        "contact_point": "04 00 00 00 00, dpo@ville.example",
        "reply_date": today + timedelta(days=20),
        "purge_date": today + timedelta(days=90),
        "features": FEATURES,
        "dates": DATES,
    }
    return recruiting.Terms(**(given | changes))


def make_answers(**changes: object) -> recruiting.Answers:
    given: dict[str, object] = {
        "features": {"genre": "femme", "âge": "60+"},
        "name": "SECRET-REPLY",
        "reach": "06 99 88 77 66",
        "note": "SECRET-NOTE",
        "interpreter": "SECRET-TONGUE",
    }
    return recruiting.Answers(**(given | changes))


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)
