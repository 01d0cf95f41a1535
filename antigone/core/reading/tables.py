"""Tables as sentences, so that a row can be found and quoted by itself."""

from collections.abc import Iterable, Iterator, Sequence

_SEPARATOR = " · "


def write_rows(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write each row as "header: value · header: value", after the first row, taken as headers.

    Empty cells are left out; a table whose first row is not all text gets no headers; a single row, or a
    value without header, stands alone.

    >>> list(write_rows([["Quartier", "Budget"], ["Centre", "12 000 €"], ["Nord", ""]]))
    ['Quartier · Budget', 'Quartier\\xa0: Centre · Budget\\xa0: 12 000 €', 'Quartier\\xa0: Nord']
    """
    headers: Sequence[str] | None = None
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        if not any(cells):
            continue
        if headers is None:
            headers = cells if _is_header(cells) else ()
            yield _SEPARATOR.join(cell for cell in cells if cell)
            continue
        named = zip(cells, [*headers, *[""] * len(cells)], strict=False)
        yield _SEPARATOR.join(f"{header}\u00a0: {cell}" if header else cell for cell, header in named if cell)


def _is_header(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and not any(cell[:1].isdigit() for cell in filled)
