"""Every table of the open data, in the order in which an import can build them."""

from antigone.convention.opendata.schema import Table
from antigone.convention.opendata.tables.answers import ANSWER_TABLES
from antigone.convention.opendata.tables.conventions import CONVENTION_TABLES
from antigone.convention.opendata.tables.sessions import SESSION_TABLES
from antigone.convention.opendata.tables.writing import VOTE_TABLES, WRITING_TABLES

TABLES: tuple[Table, ...] = (
    *CONVENTION_TABLES,
    *SESSION_TABLES,
    *WRITING_TABLES,
    *VOTE_TABLES,
    *ANSWER_TABLES,
)
BY_NAME = {table.name: table for table in TABLES}
