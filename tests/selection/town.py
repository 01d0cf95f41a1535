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


def write_large_pool(people: int) -> bytes:
    """Write people of six features, so many that their chances take some seconds."""
    rows = [
        ",".join([f"SECRET-{number}", *(f"v{number * prime % 97 % 4}" for prime in (3, 7, 11, 17, 23, 31))])
        for number in range(people)
    ]
    return "\n".join(["id,a,b,c,d,e,f", *rows]).encode()


def write_large_targets(size: int) -> bytes:
    """Write targets around a quarter for each of four values."""
    rows = [f"{name},v{value},{size // 4 - 2},{size // 4 + 2}" for name in "abcdef" for value in range(4)]
    return "\n".join(["feature,value,min,max", *rows]).encode()
