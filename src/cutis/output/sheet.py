"""The cheat sheet as text, CSV and a self-contained printable page."""

from typing import Any, Final, TextIO

import polars as pl
from rich.console import Console
from rich.table import Table

from cutis.model.money import dollars
from cutis.model.words import counted
from cutis.pricing.base import FACILITY, NONFACILITY, STATUS
from cutis.pricing.sheet import Sheet

WATCH: Final = "Bundling to watch"
WATCH_HEADS: Final = ("Column one", "Column two", "Ind.", "What to know")
INDICATORS: Final = (
    "Indicator 0: no modifier helps. 1: a modifier where the chart shows that they were separate. "
    "No edit: none is loaded for that day."
)

FEW: Final = 4  # localities that are named, and stand beside each other on paper
_FIGURES_WIDTH, _AMOUNT_WIDTH, _PLACE_WIDTH = 52, 10, 38


def _amount(cents: int | None) -> str:
    return "-" if cents is None else dollars(cents)


def by_code(made: Sheet) -> list[dict[str, Any]]:
    """One dict a code: its figures, and per locality the two amounts as strings."""
    out = []
    for rows in made.codes.partition_by("code", maintain_order=True):
        first = rows.row(0, named=True)
        prices = [(_amount(r[NONFACILITY]), _amount(r[FACILITY])) for r in rows.iter_rows(named=True)]
        out.append({**first, "prices": prices, "mue": "" if first["mue"] is None else f"{first['mue']}/{first['mai']}"})
    return out


def families(made: Sheet) -> list[dict[str, Any]]:
    """Families in the order of the sheet, each with its note and codes."""
    codes = by_code(made)
    return [{**f, "codes": [x for x in codes if x["family"] == f["family"]]} for f in made.words["families"]]


def place_rows(made: Sheet, codes: list[dict[str, Any]]) -> list[list[str]]:
    """A row a locality: its MAC and number, its name, and per code the amounts in the office and in a facility."""
    return [
        [place.key, place.name, *(amount for x in codes for amount in x["prices"][at])]
        for at, place in enumerate(made.localities)
    ]


def places_said(made: Sheet) -> str:
    """The localities in words: named while they are few."""
    if len(made.localities) <= FEW:
        return "; ".join(x.name for x in made.localities)
    return f"{counted(len(made.localities), 'locality', 'localities')}"


def write_text(made: Sheet, console: Console) -> None:
    """Print the sheet in a terminal: amounts of few localities beside the figures, of many below them, a row each."""
    beside = len(made.localities) == 1 or console.width >= _FIGURES_WIDTH + sum(
        max(len(x.name), _AMOUNT_WIDTH) + _AMOUNT_WIDTH for x in made.localities
    )
    console.print(f"Medicare amounts for {made.on}: {places_said(made)}", markup=False)
    for family in families(made):
        if not family["codes"]:
            continue
        console.print(f"\n[bold]{family['title']}[/bold]  [dim]{family['note']}[/dim]")
        table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        for title in ("Code", "Days", "Mult", "MUE/MAI", "Work", "RVU", "fac."):
            table.add_column(title, no_wrap=True)
        for place in made.localities if beside else ():
            table.add_column("office" if len(made.localities) == 1 else f"{place.name}\noffice", justify="right")
            table.add_column("facility", justify="right", vertical="bottom")
        for x in family["codes"]:
            amounts = [a for pair in x["prices"] for a in pair] if beside else []
            figures = (x[n] or "" for n in ("global_days", "mult_proc", "mue", "work", "rvu_nonfac", "rvu_fac"))
            table.add_row(x["code"], *figures, *amounts)
        console.print(table)
        if not beside:
            _print_places(made, family["codes"], console)
    _print_watch(made, console)
    for title, rows in lists(made):
        console.print(f"\n[bold]{title}[/bold]")
        grid = Table.grid(padding=(0, 2))
        for row in rows:
            grid.add_row(*(x for x in row if x))
        console.print(grid)
    console.print(f"\n{made.pairs.height:,} bundling edits stand between two of these codes; --pairs lists them.")
    console.print(f"[dim]Rests on {', '.join(made.releases)}; prices of {made.on}.[/dim]")


def evenly(count: int, most: int) -> int:
    """How many stand beside each other, so that no group of them is much smaller than the others."""
    groups = -(-count // max(1, most))
    return -(-count // groups)


def _print_places(made: Sheet, codes: list[dict[str, Any]], console: Console) -> None:
    """Amounts with a row a locality, as many codes beside each other as the terminal is wide enough for."""
    at_once = evenly(len(codes), (console.width - _PLACE_WIDTH) // (2 * _AMOUNT_WIDTH))
    for start in range(0, len(codes), at_once):
        shown = codes[start : start + at_once]
        table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
        table.add_column("Locality", no_wrap=True)
        table.add_column("", no_wrap=True, overflow="ellipsis", max_width=_PLACE_WIDTH - 12)
        for x in shown:
            table.add_column(f"{x['code']}\noffice", justify="right", no_wrap=True, min_width=8)
            table.add_column("\nfacility", justify="right", no_wrap=True)
        for row in place_rows(made, shown):
            table.add_row(*row)
        console.print()
        console.print(table)


def _print_watch(made: Sheet, console: Console) -> None:
    if made.watch.is_empty():
        return
    console.print(f"\n[bold]{WATCH}[/bold]  [dim]{INDICATORS}[/dim]")
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in WATCH_HEADS:
        table.add_column(title)
    for row in watch_rows(made):
        table.add_row(*row)
    console.print(table)


def watch_rows(made: Sheet) -> list[tuple[str, str, str, str]]:
    """The watch-outs by `WATCH_HEADS`; an edit that is not loaded or not in force says so."""
    return [
        (r["column_one"], r["column_two"], "no edit" if r["indicator"] is None else str(r["indicator"]), r["say"])
        for r in made.watch.iter_rows(named=True)
    ]


def lists(made: Sheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """The words in their order: a title, and rows of name (may be empty) and text."""
    words = made.words
    return [
        ("Modifiers", [(m["modifier"], f"{m['use']} ({m['source']})") for m in words["modifiers"]]),
        ("Denials and fixes", [(d["carc"], f"{d['cause']} {d['fix']}") for d in words["denials"]]),
        ("What the record must show", [(k["title"], f"{k['ask']} ({k['source']})") for k in words["checklists"]]),
        ("Where money is lost", [("", x) for x in words["leaks"]]),
        ("Asked often", [(q["ask"], f"{q['answer']} ({q['source']})") for q in words["faq"]]),
        ("Sources", [(s["short"], s["long"]) for s in words["sources"]]),
    ]


def write_pairs(made: Sheet, console: Console) -> None:
    """Print the edits between two of the sheet's codes."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("Column one", "Column two", "Indicator", "Why", "Release"):
        table.add_column(title)
    for r in made.pairs.iter_rows(named=True):
        table.add_row(r["column_one"], r["column_two"], str(r["indicator"]), r["rationale"], r["release"])
    console.print(table)


def write_pairs_csv(made: Sheet, out: TextIO) -> None:
    """One row an edit between two of the sheet's codes."""
    out.write(made.pairs.write_csv())


def write_csv(made: Sheet, out: TextIO) -> None:
    """One row a code and locality; dollars as decimal strings, empty where there is no price."""
    text = [
        pl.concat_str(
            (pl.col(n) // 100).cast(pl.String), (pl.col(n) % 100).cast(pl.String).str.zfill(2), separator="."
        ).alias(n.removesuffix("_cents"))
        for n in (NONFACILITY, FACILITY)
    ]
    out.write(made.codes.with_columns(text).drop(NONFACILITY, FACILITY).with_columns(pl.col(STATUS)).write_csv())


def write_html(made: Sheet, out: TextIO) -> None:
    """A page that prints well: no other file, no scripts."""
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("cutis.output"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("sheet.html")
    out.write(
        page.render(
            made=made,
            families=families(made),
            lists=lists(made),
            watch=watch_rows(made),
            watch_title=WATCH,
            watch_heads=WATCH_HEADS,
            indicators=INDICATORS,
            pairs=made.pairs.to_dicts(),
        )
    )
