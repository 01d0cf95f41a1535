"""What leads people to a consultation: a QR code as SVG, and the lines with which a site shows the vote."""

from html import escape

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# Light modules around a code, without which telephones do not find it (ISO/IEC 18004).
QUIET = 4


def draw_code(address: str, label: str) -> str:
    """Draw the QR code of an address as SVG, one unit a module; `label` is what it is called to who cannot see it.

    >>> draw_code("https://ville.example/", "Code")[:44]
    '<svg xmlns="http://www.w3.org/2000/svg" view'
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    size = len(rows)
    path = "".join(
        f"M{start} {line}h{length}v1h-{length}z"
        for line, row in enumerate(rows)
        for start, length in _find_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def write_frame(address: str, title: str) -> str:
    """Write the HTML with which a page of another site shows the vote.

    >>> write_frame("https://ville.example/", "Vivre « ici »")
    '<iframe src="https://ville.example/" title="Vivre « ici »" width="100%" height="720" loading="lazy"></iframe>'
    """
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="720" '
        'loading="lazy"></iframe>'
    )


def _find_runs(row: list[bool]) -> list[tuple[int, int]]:
    """Give where the dark modules of a line begin, and how many follow one another."""
    runs: list[tuple[int, int]] = []
    for place, is_dark in enumerate(row):
        if not is_dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
