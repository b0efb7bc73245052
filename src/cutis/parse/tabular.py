"""What CSV and Parquet readers share: documented column names to the line frame, with every bad cell a fault."""

import re
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse.content import npi_fault, npi_is_valid
from cutis.parse.faults import Chunk, Counts, empty, make
from cutis.parse.person import person_key

REQUIRED: Final = (c.CLAIM_ID, c.CODE, c.SERVICE_FROM)
ROW: Final = "_row"

# Friendlier names that a file may use for a column of the line frame.
ALIASES: Final = {
    "claim": c.CLAIM_ID, "claim_number": c.CLAIM_ID, "hcpcs": c.CODE, "cpt": c.CODE, "date": c.SERVICE_FROM,
    "service_date": c.SERVICE_FROM, "date_of_service": c.SERVICE_FROM, "dos": c.SERVICE_FROM, "pos": c.PLACE_OF_SERVICE,
    "npi": c.RENDERING_NPI, "payer": c.PAYER_KIND, "diagnoses": "dx", "diagnosis": "dx", "mod": "modifiers",
    "line_number": c.LINE, "quantity": c.UNITS, "sex": c.PATIENT_SEX, "birth_date": c.PATIENT_BIRTH, "patient_id": "patient",
    "m1": c.MODIFIER_1, "m2": c.MODIFIER_2, "m3": c.MODIFIER_3, "m4": c.MODIFIER_4,
}  # fmt: skip
# Columns that are no column of the frame but become some.
COMBINED: Final = ("modifiers", "dx", "charge", "patient")
# Cells that hold several values, and the places that a line has for them.
_LISTS: Final = {"modifiers": c.MODIFIERS, "dx": c.DIAGNOSES}
_DATES: Final = (c.SERVICE_FROM, c.SERVICE_TO, c.PATIENT_BIRTH)
_KINDS: Final = {"medicare", "medicaid", "commercial", "workers-comp", "other"}
_REPEATED: Final = re.compile(r"_duplicated_\d+$")
_ALL: Final[dict[str, pl.DataType]] = c.LINE_SCHEMA | c.CHART_SCHEMA


def named(columns: list[str], name: str) -> dict[str, str]:
    """How the file's columns are called in the frame; unknown columns are left out.

    Raises:
        InputError: required columns are missing, or two name the same; all of it in one sentence.
    """
    found: dict[str, str] = {}
    wrong = []
    for column in columns:
        # a repeated header comes from the CSV reader with a suffix; left on, the second column would be ignored unsaid
        key = _REPEATED.sub("", column.strip()).lower().replace(" ", "_").replace("-", "_")
        key = ALIASES.get(key, key)
        if key in _ALL or key in COMBINED:
            if key in found.values():
                wrong.append(f"two columns are {key}")
            found[column] = key
    missing = [r for r in REQUIRED if r not in found.values()]
    if missing:
        have = ", ".join(columns[:12]) or "none"
        wrong.append(f"no column {', '.join(missing)} (its columns are: {have})")
    if wrong:
        raise InputError(f"{name} is not a claim table: {'; '.join(wrong)}; docs/input.md lists the columns")
    return found


def to_chunk(raw: pl.DataFrame, size: int) -> Chunk:
    """Turn rows of strings (or typed columns) into lines and faults.

    Args:
        raw: columns already renamed by `named`, and `_row`, the 1-based number of the row in the file.
        size: bytes of the input that the rows stand for.
    """
    text = raw.with_columns(pl.col(n).cast(pl.String).str.strip_chars() for n in raw.columns if n != ROW)
    text = text.with_columns(pl.when(pl.col(n) != "").then(pl.col(n)).alias(n) for n in text.columns if n != ROW)
    bare = text.filter(pl.col(c.CLAIM_ID).is_null())
    faults = [make("row-without-claim", bare, pl.format("Row {} has no claim id; it is not read.", ROW))]
    text = text.filter(pl.col(c.CLAIM_ID).is_not_null())
    order = text.select(pl.col(c.CLAIM_ID)).unique(maintain_order=True).with_row_index(c.CLAIM_INDEX)
    text = text.join(order, on=c.CLAIM_ID, how="left", maintain_order="left").sort(c.CLAIM_INDEX, maintain_order=True)
    frame = _typed(text)
    faults += _bad_cells(text, frame)
    lines = frame.select(pl.col(n).cast(t).alias(n) for n, t in c.LINE_SCHEMA.items())
    chart = [n for n in c.CHART_SCHEMA if n in text.columns]
    if chart:
        lines = pl.concat([lines, frame.select(chart)], how="horizontal")
    kept = [f for f in faults if f.height]
    claims = order.height
    return Chunk(lines, pl.concat(kept) if kept else empty(), Counts(claims, 0, claims, lines.height, bytes=size))


def _typed(text: pl.DataFrame) -> pl.DataFrame:
    have = set(text.columns)
    made: dict[str, pl.Expr] = {}
    for column, dtype in _ALL.items():
        if column in have and column != c.CLAIM_INDEX:
            made[column] = _value(column, dtype)
        elif column in c.LINE_SCHEMA and column != c.CLAIM_INDEX:
            made[column] = pl.lit(None, dtype=dtype)
    if "charge" in have:
        made[c.CHARGE] = (pl.col("charge").str.replace_all(r"[$,]", "").cast(pl.Float64, strict=False) * 100).round(0)
    for source, targets in _LISTS.items():
        if source in have:
            parts = _listed(source)
            made |= {t: parts.list.get(i, null_on_oob=True) for i, t in enumerate(targets)}
    for d in c.DIAGNOSES:
        if "dx" not in have:
            made[d] = made[d].str.to_uppercase().str.replace_all(".", "", literal=True)
    made[c.CODE] = pl.col(c.CODE).str.to_uppercase()
    frame = text.select(ROW, c.CLAIM_INDEX, *(e.alias(n) for n, e in made.items()), *(x for x in COMBINED if x in have))
    return _defaults(frame, have)


def _listed(column: str) -> pl.Expr:
    """The modifiers or diagnoses of a cell that holds several."""
    cell = pl.col(column).str.to_uppercase().str.replace_all(".", "", literal=True)
    return cell.str.extract_all(r"[0-9A-Z]{2}" if column == "modifiers" else r"[0-9A-Z]+")


def _defaults(frame: pl.DataFrame, have: set[str]) -> pl.DataFrame:
    """What a table may leave out, filled in as documented."""
    person = [pl.col("patient")] if "patient" in have else [pl.col(c.CLAIM_ID)]
    payer = pl.col(c.PAYER_KIND).str.to_lowercase().str.replace_all("_", "-")
    filled = frame.with_columns(
        (pl.int_range(pl.len()).over(c.CLAIM_INDEX) + 1).alias(c.LINE),
        pl.col(c.UNITS).fill_null(1.0) if c.UNITS not in have else pl.col(c.UNITS),
        pl.col(c.SERVICE_TO).fill_null(pl.col(c.SERVICE_FROM)),
        pl.col(c.PLACE_OF_SERVICE).fill_null("11").str.zfill(2),
        pl.col(c.UNIT_BASIS).fill_null("UN"),
        pl.col(c.FREQUENCY).fill_null("1"),
        pl.col(c.PAYER_RANK).fill_null("P"),
        pl.when(payer.is_in(sorted(_KINDS))).then(payer).otherwise(pl.lit("other" if c.PAYER_KIND in have else "medicare")).alias(c.PAYER_KIND),
        pl.coalesce(c.RENDERING_NPI, c.BILLING_NPI).alias(c.RENDERING_NPI),
        pl.coalesce(c.BILLING_NPI, c.RENDERING_NPI).alias(c.BILLING_NPI),
        pl.col(c.STATE).str.to_uppercase(),
    )  # fmt: skip
    key = person_key(filled, [*person, pl.col(c.PATIENT_BIRTH), pl.col(c.PATIENT_SEX)])
    filled = filled.with_columns(key.alias(c.PATIENT_KEY))
    pointed = pl.concat_str(c.DIAGNOSES, separator=" ", ignore_nulls=True)
    joined = pointed.str.join(" ").over(c.CLAIM_INDEX).str.strip_chars()
    return filled.with_columns(
        pl.coalesce(pl.col(c.CLAIM_DX), joined).alias(c.CLAIM_DX),
        pl.coalesce(pl.col(c.CLAIM_CHARGE), pl.col(c.CHARGE).sum().over(c.CLAIM_INDEX)).alias(c.CLAIM_CHARGE),
    )


def _value(column: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(column)
    if dtype == pl.Date:
        return pl.coalesce(
            cell.str.head(10).str.to_date("%Y-%m-%d", strict=False),
            cell.str.to_date("%m/%d/%Y", strict=False),
            cell.str.to_date("%Y%m%d", strict=False),
        )
    if dtype == pl.Boolean:
        lower = cell.str.to_lowercase()
        yes, no = lower.is_in(["true", "yes", "y", "1"]), lower.is_in(["false", "no", "n", "0"])
        return pl.when(yes).then(statement=True).when(no).then(statement=False)
    if dtype.is_integer():
        number = cell.cast(pl.Float64, strict=False)
        return pl.when(number == number.floor()).then(number).cast(dtype, strict=False)
    return cell.cast(dtype, strict=False)


def _bad_cells(text: pl.DataFrame, frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Cells that hold something, but not what their column holds."""
    found = []
    pairs = [(n, n) for n in text.columns if n in _ALL and _ALL[n] != pl.String and n not in {c.CLAIM_INDEX, c.LINE}]
    if "charge" in text.columns:
        pairs.append(("charge", c.CHARGE))
    keys = [c.CLAIM_INDEX, c.CLAIM_ID, c.LINE]
    for source, target in pairs:
        both = frame.select(*keys, ROW, pl.col(target).alias("_value")).with_columns(text[source].alias("_cell"))
        bad = both.filter(pl.col("_cell").is_not_null() & pl.col("_value").is_null())
        message = pl.format(
            "Row {}, column {}: '{}' cannot be read.", ROW, pl.lit(source), pl.col("_cell").str.head(40)
        )
        found.append(make("unreadable-cell", bad, message, element=source))
    for source, targets in _LISTS.items():
        if source in text.columns:
            many = frame.with_columns(_listed(source).list.len().alias("_many")).filter(pl.col("_many") > len(targets))
            said = pl.format(
                "Row {}, column {}: {} values, of which the first four are read.", ROW, pl.lit(source), "_many"
            )
            found.append(make("cell-with-too-many", many, said, element=source))
    dated = frame.with_columns(text[c.SERVICE_FROM].alias("_cell"))
    where = pl.format("Row {}", pl.col(ROW))
    found += [
        make("missing-service-date", dated.filter(pl.col("_cell").is_null()), pl.format("{} has no service date.", where), element=c.SERVICE_FROM, x12_code=None, loop=None),
        make("missing-procedure", frame.filter(pl.col(c.CODE).is_null()), pl.format("{} has no code.", where), element=c.CODE, x12_code=None, loop=None),
        make("units-not-numeric", frame.filter(pl.col(c.UNITS) <= 0), pl.format("{}: the units are not above zero.", where), element=c.UNITS, x12_code=None, loop=None),
    ]  # fmt: skip
    for column in (c.BILLING_NPI, c.RENDERING_NPI):
        if column in text.columns:
            wrong = [n for n in text[column].unique().drop_nulls() if not npi_is_valid(n)]
            bad = frame.filter(pl.col(column).is_in(wrong))
            said = pl.format("{}: the NPI '{}' {}.", where, column, npi_fault(pl.col(column)))
            found.append(make("npi-check-digit", bad, said, element=column, x12_code=None))
    return found
