"""XLSX: each row of each sheet as a sentence, with the values as last computed."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time

from openpyxl import Workbook, load_workbook

from antigone.core.reading.archives import open_archive
from antigone.core.reading.detection import XLSX
from antigone.core.reading.pages import Limits, Notice, Reading
from antigone.core.reading.parts import Block, build_reading
from antigone.core.reading.tables import write_rows
from antigone.core.reading.words import Ocr


def read_document(data: bytes, limits: Limits, ocr: Ocr | None) -> Reading:
    """Read sheets one after the other, cut into parts that bear the sheet's name."""
    with open_archive(data, limits, kind="XLSX") as archive:
        notices = [Notice("macros_ignored")] if "xl/vbaProject.bin" in archive.names else []
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        title = workbook.properties.title or ""
        return build_reading(_read_sheets(workbook), limits, media_type=XLSX, title=title, notices=notices)
    finally:
        workbook.close()


def _read_sheets(workbook: Workbook) -> Iterator[Block]:
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # a sheet may announce a million empty rows
        rows = ([_write_value(value) for value in row] for row in sheet.iter_rows(values_only=True))
        is_named = False
        for line in write_rows(rows):
            if not is_named:
                yield Block(sheet.title, level=1)
                is_named = True
            yield Block(line)


def _write_value(value: object) -> str:
    """Write a value as people would: no ".0" after whole numbers, no midnight after days."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
