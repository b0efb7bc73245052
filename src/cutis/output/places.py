"""Amounts by place as text, CSV and a self-contained printable page: a row a state, or a row a locality."""

from collections.abc import Iterator
from typing import TextIO

import polars as pl
from rich.console import Console
from rich.table import Table

from cutis.model.money import dollars
from cutis.model.words import counted
from cutis.pricing.places import LOW_HIGH, Places

NO_ROW = (
    "A locality counts for the state it is filed under: Guam is in Hawaii's, and the suburbs of Maryland and Virginia "
    "that the District's locality takes in are the District's."
)
_PLACE_WIDTH, _CODE_WIDTH = 32, 32


def grid(made: Places) -> Iterator[tuple[list[str], list[str]]]:
    """A row a place: its first cells (see `heads`), and per code the amounts in the office and in a facility."""
    for rows in made.rows.partition_by("place", maintain_order=True):
        first = rows.row(0, named=True)
        cells = [first["state"], first["name"], first["place"] if made.by_locality else str(first["localities"])]
        amounts = [x for r in rows.select(LOW_HIGH).iter_rows() for x in (span(r[0], r[1]), span(r[2], r[3]))]
        yield cells, amounts


def heads(made: Places) -> list[str]:
    """Titles of the first cells of `grid`."""
    return ["", "Locality", "MAC-number"] if made.by_locality else ["", "State or territory", "Localities"]


def span(low: int | None, high: int | None) -> str:
    """One amount where they are equal, `low-high` where not, `-` where there is no price."""
    if low is None or high is None:
        return "-"
    return dollars(low) if low == high else f"{dollars(low)}-{dollars(high)}"


def notes(made: Places) -> list[str]:
    """What the table shows, how it is counted, and what it rests on."""
    count = made.rows["place"].n_unique()
    rests = f"Medicare amounts of {made.on}. Rests on {', '.join(made.releases)}."
    priced = set(made.rows.filter(pl.any_horizontal(pl.col(LOW_HIGH).is_not_null()))["code"])
    none = [c for c in made.codes if c not in priced]
    unpriced = [f"No amount anywhere: {', '.join(none)}; the reason: cutis price {none[0]}."] if none else []
    if made.by_locality:
        return [f"{counted(count, 'locality', 'localities')}. {rests}", *unpriced]
    return [
        f"{count} states and territories; lowest-highest where a state has several localities. {rests}",
        NO_ROW,
        *unpriced,
    ]


def write_text(made: Places, console: Console) -> None:
    """Print the table; as many codes beside each other as the terminal is wide enough for, the others below."""
    at_once = max(1, (console.width - _PLACE_WIDTH) // _CODE_WIDTH)
    rows = list(grid(made))
    for start in range(0, len(made.codes), at_once):
        codes = made.codes[start : start + at_once]
        table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        for title in heads(made):
            table.add_column(title)
        for code in codes:
            table.add_column(f"{code} office", justify="right", no_wrap=True)
            table.add_column("facility", justify="right", no_wrap=True)
        for cells, amounts in rows:
            table.add_row(*cells, *amounts[2 * start : 2 * (start + at_once)])
        console.print(table)
        console.print()
    for sentence in notes(made):
        console.print(f"[dim]{sentence}[/dim]", soft_wrap=True)


def write_csv(made: Places, out: TextIO) -> None:
    """One row a place and code; dollars as decimal strings, empty where there is no price."""
    text = [
        pl.concat_str(
            (pl.col(n) // 100).cast(pl.String), (pl.col(n) % 100).cast(pl.String).str.zfill(2), separator="."
        ).alias(n)
        for n in LOW_HIGH
    ]
    out.write(made.rows.with_columns(text).write_csv())


def write_html(made: Places, out: TextIO) -> None:
    """A page that prints well: no other file, no scripts."""
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("cutis.output"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("places.html")
    out.write(page.render(made=made, heads=heads(made), rows=list(grid(made)), notes=notes(made)))
