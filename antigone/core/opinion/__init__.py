"""Votes → map → groups → consensus: what unites and what divides the participants of a consultation.

`Opinion` keeps votes up one by one; `draw_picture` draws from them everything that pages say: the map, the groups, what
speaks for each, what all share, what divides, and which statements most need votes. The statistics are Polis's
formulas; groups are found so that the same votes always give the same ones. `read_export` and `write_export` are the
CSV files of Polis. Pure Python and numpy; usable alone.
"""

from antigone.core.opinion.errors import OpinionError
from antigone.core.opinion.export import Export, Statement
from antigone.core.opinion.groups import Groups, History
from antigone.core.opinion.opinion import Opinion
from antigone.core.opinion.picture import Participation, Picture, StatementFigures, draw_picture
from antigone.core.opinion.reading import read_export
from antigone.core.opinion.routing import choose_statement
from antigone.core.opinion.rules import Rules
from antigone.core.opinion.votes import AGREE, DISAGREE, PASS, WITHDRAWN
from antigone.core.opinion.writing import write_export

__all__ = [
    "AGREE",
    "DISAGREE",
    "PASS",
    "WITHDRAWN",
    "Export",
    "Groups",
    "History",
    "Opinion",
    "OpinionError",
    "Participation",
    "Picture",
    "Rules",
    "Statement",
    "StatementFigures",
    "choose_statement",
    "draw_picture",
    "read_export",
    "write_export",
]
