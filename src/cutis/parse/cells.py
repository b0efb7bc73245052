"""Cells of a claim table: what each column's text must be, the value it stands for, and a fault where it is something else.

Nothing is guessed from a cell: what is not written in one of the documented forms is said and left unknown.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.parse.content import npi_fault
from cutis.parse.faults import make
from cutis.parse.names import npi_is_valid
from cutis.parse.numbers import MOST, NUMBER_PATTERN

ROW: Final = "_row"
ALL: Final[dict[str, pl.DataType]] = c.LINE_SCHEMA | c.CHART_SCHEMA
# Cells that hold several values, and the places that a line has for them.
LISTS: Final = {"modifiers": c.MODIFIERS, "dx": c.DIAGNOSES}
KINDS: Final = ("commercial", "medicaid", "medicare", "other", "workers-comp")
_SEXES: Final = {"FEMALE": "F", "MALE": "M", "UNKNOWN": "U"}

# Amounts may carry a dollar sign and commas between thousands; a comma anywhere else is not read as one.
_MONEY: Final = r"^[+-]?\$?[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?$"
_MODIFIER: Final = r"^[0-9A-Z]{2}$"
# What the text of a column must look like, and what it is called; what is otherwise is a fault.
_FORMS: Final = {
    c.CODE: (r"^[0-9A-Z]{5}$", "a code of five characters"),
    c.PLACE_OF_SERVICE: (r"^[0-9]{2}$", "a place of service of two digits"),
    c.ZIP: (r"^[0-9]{5}(?:-?[0-9]{4})?$", "a ZIP code"),
    c.STATE: (r"^[A-Z]{2}$", "a state of two letters"),
    c.PATIENT_SEX: (r"^[FMU]$", "F, M or U"),
    c.PAYER_KIND: (f"^(?:{'|'.join(KINDS)})$", f"one of {', '.join(KINDS)}, and is judged as other"),
    **dict.fromkeys(c.MODIFIERS, (_MODIFIER, "a modifier of two characters")),
}
# Text that is kept though it has not its form, so that the line shows what was sent; other text becomes unknown.
_KEPT: Final = (c.CODE, c.PLACE_OF_SERVICE, *c.MODIFIERS)
# Digits that a spreadsheet may have turned into a number: 11102.0 is 11102, and ZIP 02139 lost its zero.
_DIGITS: Final = (
    c.CODE, c.PLACE_OF_SERVICE, c.ZIP, c.BILLING_NPI, c.RENDERING_NPI, c.FREQUENCY, c.PAYER_ID, *c.MODIFIERS, "modifiers",
)  # fmt: skip
_PADDED: Final = {c.PLACE_OF_SERVICE: (r"^[0-9]$", 2), c.ZIP: (r"^[0-9]{3,4}$", 5)}
_UPPER: Final = (c.CODE, c.STATE, c.PATIENT_SEX, *c.MODIFIERS)
_YEARS: Final = (1990, 2079)


def stripped(raw: pl.DataFrame) -> pl.DataFrame:
    """Every cell as text without blanks around it, an empty one null."""
    names = [n for n in raw.columns if n != ROW]
    text = raw.with_columns(pl.col(n).cast(pl.String).str.strip_chars() for n in names)
    return text.with_columns(pl.when(pl.col(n) != "").then(pl.col(n)).alias(n) for n in names)


def cleaned(text: pl.DataFrame) -> pl.DataFrame:
    """Stripped cells in the form in which their column is compared."""
    exprs = []
    for name in (n for n in text.columns if n != ROW):
        cell = pl.col(name)
        if name in _DIGITS:
            cell = cell.str.replace(r"^([0-9]+)\.0+$", "$1")
        if name in _PADDED:
            short, width = _PADDED[name]
            cell = pl.when(cell.str.contains(short)).then(cell.str.zfill(width)).otherwise(cell)
        if name in _UPPER:
            cell = cell.str.to_uppercase()
        if name == c.PATIENT_SEX:
            cell = cell.replace(_SEXES)
        if name == c.PAYER_KIND:
            cell = cell.str.to_lowercase().str.replace_all("_", "-").str.replace("workers comp", "workers-comp")
        exprs.append(cell)
    return text.with_columns(exprs)


def value(column: str, dtype: pl.DataType) -> pl.Expr:
    """What a cleaned cell stands for; null where it is not in the column's form."""
    cell = pl.col(column)
    if dtype == pl.Date:
        return _date(cell)
    if dtype == pl.Boolean:
        lower = cell.str.to_lowercase()
        yes, no = lower.is_in(["true", "yes", "y", "1"]), lower.is_in(["false", "no", "n", "0"])
        return pl.when(yes).then(statement=True).when(no).then(statement=False)
    if dtype.is_integer():
        number = _number(cell)
        return pl.when(number == number.floor()).then(number).cast(dtype, strict=False)
    if dtype.is_float():
        return _number(cell)
    if column in _FORMS and column not in _KEPT:
        return pl.when(cell.str.contains(_FORMS[column][0])).then(cell)
    return cell.cast(dtype, strict=False)


def charge() -> pl.Expr:
    """The column `charge` in cents."""
    cell = pl.col("charge")
    plain = pl.when(cell.str.contains(_MONEY)).then(cell.str.replace_all(r"[$,]", ""))
    return (_number(plain) * 100).round(0).cast(pl.Int64, strict=False)


def listed(kind: str, column: str | None = None) -> pl.Expr:
    """The `modifiers` or diagnoses (`dx`) of a cell that holds several; what can be none of them is left out."""
    cell = pl.col(column or kind).str.to_uppercase().str.replace_all(".", "", literal=True)
    if kind == "dx":
        return cell.str.extract_all(r"[0-9A-Z]+")
    return _whole_pairs(cell).str.extract_all(r"[0-9A-Z]{2}")


def _whole_pairs(cell: pl.Expr) -> pl.Expr:
    """The words of a cell of modifiers that are made of pairs of characters (`25LT` is two); others blanked out."""
    return cell.str.extract_all(r"[0-9A-Z]+").list.eval(
        pl.when(pl.element().str.len_bytes() % 2 == 0).then(pl.element())
    ).list.drop_nulls().list.join(" ")  # fmt: skip


def _number(text: pl.Expr) -> pl.Expr:
    """A decimal number that a claim can hold; an exponent, infinity or a decimal comma is none."""
    number = pl.when(text.str.contains(NUMBER_PATTERN)).then(text).cast(pl.Float64, strict=False)
    return pl.when(number.abs() <= MOST).then(number)


def _date(cell: pl.Expr) -> pl.Expr:
    """2026-07-15, 2026/07/15, 20260715 and 07/15/2026, with or without a time of day after the first, second and last."""
    day = cell.str.replace(r"[T ][0-9]{1,2}:[0-9]{2}.*$", "")
    return pl.coalesce(
        pl.when(day.str.contains(r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$")).then(day.str.to_date("%Y-%m-%d", strict=False)),
        pl.when(day.str.contains(r"^[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}$")).then(day.str.to_date("%Y/%m/%d", strict=False)),
        pl.when(day.str.contains(r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$")).then(day.str.to_date("%m/%d/%Y", strict=False)),
        pl.when(cell.str.contains(r"^[0-9]{8}(?:\.0+)?$")).then(cell.str.head(8).str.to_date("%Y%m%d", strict=False)),
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """What the file says, for messages: its cells as stripped, by the row's number, and its own names of columns."""

    cells: pl.DataFrame
    names: dict[str, str]


def faults(text: pl.DataFrame, frame: pl.DataFrame, sent: Sent) -> list[pl.DataFrame]:
    """Cells that hold something, but not what their column holds.

    Args:
        text: cleaned cells, in the order of `frame`.
        frame: the values, with `claim_index`, `claim_id`, `line` and the row's number.
        sent: what the file itself says.
    """
    return [
        *_unreadable(text, frame, sent),
        *_too_many(text, frame, sent),
        *_missing(text, frame),
        *_providers(text, frame),
    ]


def _unreadable(text: pl.DataFrame, frame: pl.DataFrame, sent: Sent) -> list[pl.DataFrame]:
    at = frame.select(c.CLAIM_INDEX, c.CLAIM_ID, c.LINE, ROW)
    found = []

    def say(column: str, bad: pl.Series, words: str) -> None:
        if not bad.any():
            return
        cells = sent.cells.select(ROW, pl.col(column).str.head(40).alias("_cell"))
        rows = at.filter(bad).join(cells, on=ROW, how="left", maintain_order="left")
        message = pl.format(f"Row {{}}, column {{}}: '{{}}' {words}.", ROW, pl.lit(sent.names[column]), "_cell")
        found.append(make("unreadable-cell", rows, message, element=column))

    for column in (n for n in text.columns if n != ROW):
        cell = text[column]
        say(
            column,
            cell.str.contains("\ufffd", literal=True).fill_null(value=False),
            "holds bytes that are no UTF-8 text",
        )
        if column in _FORMS:
            pattern, what = _FORMS[column]
            say(column, ~cell.str.contains(pattern).fill_null(value=True), f"is not {what}")
        elif column in ALL and ALL[column] != pl.String and column != c.CLAIM_INDEX:
            say(column, cell.is_not_null() & frame[column].is_null(), "cannot be read")
    if "charge" in text.columns:
        say("charge", text["charge"].is_not_null() & frame[c.CHARGE].is_null(), "cannot be read as an amount")
    if "modifiers" in text.columns:
        words = text["modifiers"].str.to_uppercase().str.extract_all(r"[0-9A-Z]+")
        odd = words.list.eval(pl.element().str.len_bytes() % 2 == 1).list.any()
        say("modifiers", (odd | (words.list.len() == 0)).fill_null(value=False), "is not a list of modifiers")
    return found


def _too_many(text: pl.DataFrame, frame: pl.DataFrame, sent: Sent) -> list[pl.DataFrame]:
    found = []
    for source, targets in LISTS.items():
        if source in text.columns:
            many = frame.with_columns(listed(source).list.len().alias("_many")).filter(pl.col("_many") > len(targets))
            said = pl.format(
                "Row {}, column {}: {} values, of which the first four are read.",
                ROW,
                pl.lit(sent.names[source]),
                "_many",
            )
            found.append(make("cell-with-too-many", many, said, element=source))
    return found


def _missing(text: pl.DataFrame, frame: pl.DataFrame) -> list[pl.DataFrame]:
    where = pl.format("Row {}", pl.col(ROW))
    start, end = pl.col(c.SERVICE_FROM), pl.col(c.SERVICE_TO)
    strange = ~start.dt.year().is_between(*_YEARS) | ~end.dt.year().is_between(*_YEARS) | (end < start)
    undated = frame.filter(text[c.SERVICE_FROM].is_null())
    uncoded = frame.filter(pl.col(c.CODE).is_null())
    days = pl.format("{}: the service dates {} to {} cannot be right.", where, start, end)
    return [
        make("missing-service-date", undated, pl.format("{} has no service date.", where), element=c.SERVICE_FROM, x12_code=None, loop=None),
        make("service-date-out-of-range", frame.filter(strange), days, element=c.SERVICE_FROM, x12_code=None, loop=None),
        make("missing-procedure", uncoded, pl.format("{} has no code.", where), element=c.CODE, x12_code=None, loop=None),
        make("units-not-numeric", frame.filter(pl.col(c.UNITS) <= 0), pl.format("{}: the units are not above zero.", where), element=c.UNITS, x12_code=None, loop=None),
        make("amount-negative", frame.filter(pl.col(c.CHARGE) < 0), pl.format("{}: the charge is below zero.", where), element=c.CHARGE, x12_code=None, loop=None),
    ]  # fmt: skip


def _providers(text: pl.DataFrame, frame: pl.DataFrame) -> list[pl.DataFrame]:
    found = []
    for column in (c.BILLING_NPI, c.RENDERING_NPI):
        if column in text.columns:
            wrong = [n for n in text[column].unique().drop_nulls() if not npi_is_valid(n)]
            bad = frame.filter(text[column].is_in(wrong).fill_null(value=False))
            said = pl.format("Row {}: the NPI '{}' {}.", ROW, column, npi_fault(pl.col(column)))
            found.append(make("npi-check-digit", bad, said, element=column, x12_code=None))
    return found
