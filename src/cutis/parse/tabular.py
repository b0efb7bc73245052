"""What CSV and Parquet readers share: documented column names to the line frame, with every bad cell a fault."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError
from cutis.parse.cells import ALL, LISTS, ROW, Sent, charge, cleaned, faults, listed, stripped, value
from cutis.parse.faults import Chunk, Counts, empty, make
from cutis.parse.person import person_key

REQUIRED: Final = (c.CLAIM_ID, c.CODE, c.SERVICE_FROM)

PIECE_BYTES: Final = 3 << 20
"""Bytes of a table read at a time: as columns of text and values they are many times as many."""

# Friendlier names that a file may use for a column of the line frame.
ALIASES: Final = {
    "claim": c.CLAIM_ID, "claim_number": c.CLAIM_ID, "claimid": c.CLAIM_ID, "claim_no": c.CLAIM_ID,
    "hcpcs": c.CODE, "cpt": c.CODE, "cpt_code": c.CODE, "hcpcs_code": c.CODE, "procedure": c.CODE, "procedure_code": c.CODE,
    "date": c.SERVICE_FROM, "service_date": c.SERVICE_FROM, "date_of_service": c.SERVICE_FROM, "dos": c.SERVICE_FROM,
    "pos": c.PLACE_OF_SERVICE, "place": c.PLACE_OF_SERVICE, "npi": c.RENDERING_NPI, "payer": c.PAYER_KIND,
    "diagnoses": "dx", "diagnosis": "dx", "icd10": "dx", "dx_codes": "dx", "mod": "modifiers", "mods": "modifiers",
    "modifier": "modifiers", "quantity": c.UNITS, "qty": c.UNITS, "charges": "charge", "amount": "charge",
    "charge_amount": "charge", "sex": c.PATIENT_SEX, "gender": c.PATIENT_SEX, "birth_date": c.PATIENT_BIRTH,
    "date_of_birth": c.PATIENT_BIRTH, "dob": c.PATIENT_BIRTH, "patient_id": "patient", c.PATIENT_KEY: "patient",
    "zip_code": c.ZIP,
    **{f"{name}{i}": c.MODIFIERS[i - 1] for name in ("m", "mod", "mod_", "modifier") for i in range(1, 5)},
    **{f"{name}{i}": c.DIAGNOSES[i - 1] for name in ("dx", "diagnosis", "diagnosis_", "icd") for i in range(1, 5)},
}  # fmt: skip
# Columns that are no column of the frame but become some.
COMBINED: Final = ("modifiers", "dx", "charge", "patient")
# Columns of the frame that are counted or told from the file, never taken from a table.
_COUNTED: Final = (c.CLAIM_INDEX, c.LINE, c.PATIENT_KEY, c.SEGMENT, c.CLM_SEGMENT, c.HI_SEGMENT)
_READ: Final = (*(n for n in ALL if n not in _COUNTED), *COMBINED)
_REPEATED: Final = re.compile(r"_duplicated_\d+$")
_UNNAMED: Final = re.compile(r"|_?unnamed.*|column_\d+")


@dataclass(frozen=True, slots=True)
class Names:
    """What the columns of a table are in the frame.

    Attributes:
        read: the file's name to the frame's, of columns that are read.
        unread: names of the file that are none of those documented.
    """

    read: dict[str, str]
    unread: tuple[str, ...]


def named(columns: list[str], name: str) -> Names:
    """How the file's columns are called in the frame.

    Raises:
        InputError: required columns are missing, or two name the same; all of it in one sentence.
    """
    found: dict[str, str] = {}
    unread = []
    wrong = []
    for column in columns:
        key = _key(column)
        if key not in _READ:
            unread.append(column.strip())
            continue
        if key in found.values():
            wrong.append(f"two columns are {key}")
        found[column] = key
    wrong += [f"{n} stands in one column and in several" for n, many in LISTS.items() if _both(n, many, found)]
    if "charge" in found.values() and c.CHARGE in found.values():
        wrong.append("charge stands there in dollars and in cents")
    missing = [r for r in REQUIRED if r not in found.values()]
    if missing:
        have = ", ".join(columns[:12]) or "none"
        wrong.append(f"no column {', '.join(missing)} (its columns are: {have})")
    if wrong:
        raise InputError(f"{name} is not a claim table: {'; '.join(wrong)}; docs/input.md lists the columns")
    return Names(found, tuple(n for n in unread if not _UNNAMED.fullmatch(n.lower())))


def _key(column: str) -> str:
    # a repeated header comes from the CSV reader with a suffix; left on, the second column would be ignored unsaid
    key = re.sub(r"[ \-]+", "_", _REPEATED.sub("", column.strip()).lower())
    return ALIASES.get(key, key)


def _both(one: str, many: tuple[str, ...], found: dict[str, str]) -> bool:
    return one in found.values() and any(m in found.values() for m in many)


def no_rows(name: str) -> InputError:
    """What is said of a table with no rows, or with blank ones only."""
    return InputError(f"{name} holds no claims: it has the columns of a claim table, and no row under them")


def claim_ids(column: pl.Series) -> pl.Series:
    """Claim ids as they are compared: without blanks around them, an empty one null."""
    text = column.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def to_chunk(raw: pl.DataFrame, names: Names, size: int, *, first_claim: int = 0, remarks: bool = True) -> Chunk | None:
    """Turn rows of strings (or typed columns) into lines and faults; None where all of them are blank.

    Args:
        raw: columns already renamed by `named`, and `_row`, the 1-based number of the row in the file; whole claims.
        names: of its columns.
        size: bytes of the input that the rows stand for.
        first_claim: index of the first claim.
        remarks: say what columns are not read.
    """
    plain = stripped(raw)
    text = cleaned(plain).filter(~pl.all_horizontal(pl.all().exclude(ROW).is_null()))
    if text.is_empty():
        return None
    bare = text.filter(pl.col(c.CLAIM_ID).is_null())
    found = [
        *(_unread(names.unread) if remarks else ()),
        make("row-without-claim", bare, pl.format("Row {} has no claim id; it is not read.", ROW)),
    ]
    text = text.filter(pl.col(c.CLAIM_ID).is_not_null())
    order = text.select(pl.col(c.CLAIM_ID)).unique(maintain_order=True).with_row_index(c.CLAIM_INDEX, first_claim)
    text = text.join(order, on=c.CLAIM_ID, how="left", maintain_order="left").sort(c.CLAIM_INDEX, maintain_order=True)
    frame = _typed(text)
    found += faults(text.drop(c.CLAIM_INDEX), frame, Sent(plain, {new: old.strip() for old, new in names.read.items()}))
    lines = frame.select(pl.col(n).cast(t).alias(n) for n, t in c.LINE_SCHEMA.items())
    chart = [n for n in c.CHART_SCHEMA if n in text.columns]
    if chart:
        lines = pl.concat([lines, frame.select(chart)], how="horizontal")
    kept = [f for f in found if f.height]
    claims = order.height
    return Chunk(lines, pl.concat(kept) if kept else empty(), Counts(claims, 0, claims, lines.height, bytes=size))


def _unread(columns: tuple[str, ...]) -> list[pl.DataFrame]:
    """What is not read of the table: a name that is nearly a documented one is a warning, others are a remark."""
    known = [*_READ, *ALIASES]
    near = {n: close[0] for n in columns if (close := get_close_matches(_key(n), known, 1, 0.85))}
    others = [n for n in columns if n not in near]
    one = pl.DataFrame({"_": [0]})
    said = [
        make("column-misspelt", one, pl.lit(f"The column '{n[:40]}' is not read; is it {ALIASES.get(k, k)}?"), element=n[:40])
        for n, k in near.items()
    ]  # fmt: skip
    if others:
        listed_ = ", ".join(n[:40] for n in others[:20]) + (f" and {len(others) - 20} more" if len(others) > 20 else "")
        said.append(make("column-not-read", one, pl.lit(f"Columns of the table that are not read: {listed_}.")))
    return said


def _typed(text: pl.DataFrame) -> pl.DataFrame:
    have = set(text.columns)
    made: dict[str, pl.Expr] = {}
    for column, dtype in ALL.items():
        if column in have and column != c.CLAIM_INDEX:
            made[column] = value(column, dtype)
        elif column in c.LINE_SCHEMA and column != c.CLAIM_INDEX:
            made[column] = pl.lit(None, dtype=dtype)
    if "charge" in have:
        made[c.CHARGE] = charge()
    for source, targets in LISTS.items():
        if source in have:
            parts = listed(source)
            made |= {t: parts.list.get(i, null_on_oob=True) for i, t in enumerate(targets)}
    if c.CLAIM_DX in have:
        made[c.CLAIM_DX] = listed("dx", c.CLAIM_DX).list.join(" ")
    if "dx" not in have:
        for d in c.DIAGNOSES:
            made[d] = made[d].str.to_uppercase().str.replace_all(".", "", literal=True)
    frame = text.select(ROW, c.CLAIM_INDEX, *(e.alias(n) for n, e in made.items()), *(x for x in COMBINED if x in have))
    return _defaults(frame, text)


def _defaults(frame: pl.DataFrame, text: pl.DataFrame) -> pl.DataFrame:
    """What a table may leave out, a column or a cell of it, filled in as documented; a cell that cannot be read stays unknown."""
    have = text.columns
    empty_units = text[c.UNITS].is_null() if c.UNITS in have else pl.repeat(value=True, n=frame.height, eager=True)
    payer = text[c.PAYER_KIND].is_null() if c.PAYER_KIND in have else pl.repeat(value=True, n=frame.height, eager=True)
    person = [pl.col("patient")] if "patient" in have else [pl.col(c.CLAIM_ID)]
    filled = frame.with_columns(
        (pl.int_range(pl.len()).over(c.CLAIM_INDEX) + 1).alias(c.LINE),
        pl.when(empty_units).then(1.0).otherwise(c.UNITS).alias(c.UNITS),
        pl.col(c.SERVICE_TO).fill_null(pl.col(c.SERVICE_FROM)),
        pl.col(c.PLACE_OF_SERVICE).fill_null("11"),
        pl.col(c.UNIT_BASIS).fill_null("UN"),
        pl.col(c.FREQUENCY).fill_null("1"),
        pl.col(c.PAYER_RANK).fill_null("P"),
        pl.when(payer).then(pl.lit("medicare")).otherwise(pl.col(c.PAYER_KIND).fill_null("other")).alias(c.PAYER_KIND),
        pl.coalesce(c.RENDERING_NPI, c.BILLING_NPI).alias(c.RENDERING_NPI),
        pl.coalesce(c.BILLING_NPI, c.RENDERING_NPI).alias(c.BILLING_NPI),
    )
    key = person_key(filled, [*person, pl.col(c.PATIENT_BIRTH), pl.col(c.PATIENT_SEX)])
    filled = filled.with_columns(key.alias(c.PATIENT_KEY))
    pointed = pl.concat_str(c.DIAGNOSES, separator=" ", ignore_nulls=True)
    joined = pointed.str.join(" ").over(c.CLAIM_INDEX).str.strip_chars()
    return filled.with_columns(
        pl.coalesce(pl.col(c.CLAIM_DX), joined).alias(c.CLAIM_DX),
        pl.coalesce(pl.col(c.CLAIM_CHARGE), pl.col(c.CHARGE).sum().over(c.CLAIM_INDEX)).alias(c.CLAIM_CHARGE),
    )
