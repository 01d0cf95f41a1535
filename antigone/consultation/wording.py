"""What numbers are called in pages and on the terminal."""


def name_group(number: int) -> str:
    """Name a group by a letter: A, B… Z, then by its number.

    >>> name_group(0), name_group(25), name_group(26)
    ('A', 'Z', '27')
    """
    return chr(ord("A") + number) if number < 26 else str(number + 1)
