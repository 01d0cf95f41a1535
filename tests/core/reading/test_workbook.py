"""XLSX: rows as sentences."""

import io
from datetime import date, datetime

import openpyxl

from antigone.core.reading import read


def build_xlsx():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Dépenses"
    for row in (
        ["Poste", "Montant", "Le"],
        ["Eau", 1250.5, date(2026, 3, 3)],
        [None] * 3,
        ["Gaz", 12.0, None],
    ):
        sheet.append(row)
    other = workbook.create_sheet("Dates")
    other.append([datetime(2026, 3, 3, 18, 30), True])  # noqa: DTZ001, workbooks know no time zone
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def test_read_writes_each_row_with_its_headers():
    reading = read(build_xlsx(), "b.xlsx")
    assert [(page.label, page.text) for page in reading.pages] == [
        (
            "Dépenses",
            "Dépenses\nPoste · Montant · Le\n"
            "Poste\u00a0: Eau · Montant\u00a0: 1250.5 · Le\u00a0: 2026-03-03\nPoste\u00a0: Gaz · Montant\u00a0: 12",
        ),
        ("Dates", "Dates\n2026-03-03 18:30 · True"),
    ]


def test_read_cuts_a_long_sheet_into_parts_with_its_name():
    workbook = openpyxl.Workbook()
    for number in range(1_000):
        workbook.active.append([f"rue {number}", number])
    stream = io.BytesIO()
    workbook.save(stream)
    pages = read(stream.getvalue(), "b.xlsx").pages
    assert len(pages) > 3
    assert {page.label for page in pages} == {"Sheet"}
    assert max(len(page.text) for page in pages) <= 4_000
