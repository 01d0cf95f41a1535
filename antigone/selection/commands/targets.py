"""`antigone targets`: census shares → targets of a panel."""

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from antigone.core.sortition import Targets
from antigone.core.sortition.proportions import compute_bands
from antigone.core.sortition.reading import read_shares, write_targets
from antigone.selection.commands.terminal import (
    in_language,
    json_option,
    language_option,
    print_json,
    read_file,
    say,
    write_file,
)


@click.command(
    help=say(
        gettext_noop(
            "Make the targets of a panel of SIZE from SHARES of the population.\n\n"
            "SHARES is a CSV file with the columns feature, value, share: counts of the census or percentages. "
            "Seats are shared by largest remainder; each line says why it is what it is."
        )
    )
)
@click.argument("shares", metavar="SHARES", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--size", type=int, required=True, help=say(gettext_noop("How many people sit.")))
@click.option(
    "--tolerance",
    default="0",
    show_default=True,
    metavar="SHARE",
    help=say(gettext_noop("How much wider each target is, as a share of its seats: 0.1 is a tenth.")),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=say(gettext_noop("Write the targets, as `antigone draw` reads them.")),
)
@json_option
@language_option
@in_language
def targets(shares: Path, size: int, tolerance: str, out: Path | None, as_json: bool) -> None:
    bands = compute_bands(read_shares(read_file(shares), file=shares.name), size, tolerance=tolerance)
    made = Targets(size, tuple(band.target for band in bands))
    if out:
        write_file(out, write_targets(made))
    if as_json:
        print_json(
            [
                {
                    "feature": band.target.feature,
                    "value": band.target.value,
                    "min": band.target.min,
                    "max": band.target.max,
                    "exact": str(band.exact),
                    "seats": band.seats,
                    "sentence": band.explain(_),
                }
                for band in bands
            ]
        )
        return
    for band in bands:
        click.echo(f"{band.target.feature}, {band.explain(_)}")
