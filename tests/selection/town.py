"""The files of a small invented town, made the same way every time; nobody in it has a name."""

from antigone.core.sortition import Pool
from antigone.core.sortition.pool import Person
from antigone.core.sortition.reading import write_pool as write_people

AGES = ("16-29", "30-59", "60+")
GENDERS = ("femme", "homme")


def make_pool(people: int) -> Pool:
    """Give people whose identifiers must never be seen by those who may not: SECRET-…"""
    return Pool(
        tuple(
            Person(
                f"SECRET-{number}",
                {"âge": AGES[number % 7 % 3], "genre": GENDERS[number % 5 % 2]},
                f"{number // 2} rue CACHEE" if number % 4 < 2 else "",
            )
            for number in range(people)
        )
    )


def write_pool(people: int) -> bytes:
    return write_people(make_pool(people))


def write_targets(size: int) -> bytes:
    """Write targets that some panel meets: a third of each age, half of each gender, to one."""
    third, half = size // 3, size // 2
    rows = [("âge", age, third - 1, third + 1) for age in AGES]
    rows += [("genre", gender, half - 1, half + 1) for gender in GENDERS]
    lines = ["feature,value,min,max", *(",".join(map(str, row)) for row in rows)]
    return "\n".join(lines).encode()
