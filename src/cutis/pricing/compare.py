"""What a new release changes for a practice: codes, dollars, edits, unit limits, and the claims on file it touches."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import ConfigError
from cutis.pricing.base import FACILITY, NONFACILITY, cents, paid
from cutis.pricing.locality import NATIONAL_KEY, Locality, gpcis
from cutis.reference.store import Reference

KEYS: Final = {
    "fee": ["code", "modifier"],
    "ptp": ["column_one", "column_two"],
    "mue": ["code"],
    "addon": ["addon", "primary"],
}
WATCHED: Final = {
    "fee": [
        "status",
        "work",
        "pe_nonfac",
        "pe_fac",
        "mp",
        "global_days",
        "mult_proc",
        "bilateral",
        NONFACILITY,
        FACILITY,
    ],
    "ptp": ["indicator"],
    "mue": ["mue", "mai"],
    "addon": ["edit_type"],
}
_CHANGE: Final = "change"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes by table, and what they mean for claims.

    Attributes:
        before: release name or date compared from.
        after: release name or date compared to.
        changes: per table a frame of its keys, `change` (added, deleted, changed), and each watched value with `_before`
            and `_after`; prices are national or the locality's, in cents.
        notes: what was not compared, and why.
        effect: per code of the claims: lines, claims, units, dollars before and after in cents (only with claims).
        pairs: per added or deleted edit the claims that hold both codes on one day (only with claims).
    """

    before: str
    after: str
    changes: dict[str, pl.DataFrame]
    notes: tuple[str, ...]
    effect: pl.DataFrame | None = field(default=None)
    pairs: pl.DataFrame | None = field(default=None)


def compare(
    reference: Reference,
    before: str,
    after: str,
    *,
    locality: Locality,
    codes: Collection[str] | None = None,
    lines: pl.DataFrame | None = None,
) -> Comparison:
    """Compare two releases of one table, or all tables in force on two dates.

    Args:
        reference: with both releases.
        before: a release as `RVU26B`, or a date as `2026-04-01`.
        after: the same kind.
        locality: where prices are told.
        codes: only these; None is every code.
        lines: a line frame of claims on file: their codes are taken, and the effect on them is told.

    Raises:
        ConfigError: a release is unknown, or the two are of different tables or kinds.
    """
    if lines is not None:
        codes = lines[c.CODE].drop_nulls().unique().to_list()
    tables, notes = _tables(reference, before, after)
    changes: dict[str, pl.DataFrame] = {}
    for name in tables:
        sides = [_side(reference, name, side, locality, codes) for side in (before, after)]
        missing = " and ".join(x for x in (before, after) if not _loaded(reference, name, x))
        if missing:
            notes.append(f"{name} is not compared: no release in force on {missing} is loaded")
            continue
        unsure = [w for w, side in (("added", before), ("deleted", after)) if _partial(reference, name, side)]
        found = _changed(sides[0], sides[1], name).filter(~pl.col(_CHANGE).is_in(unsure))
        changes[name], note = _truly_added(reference, name, (before, after), found, sides[1])
        notes += note
    effect = pairs = None
    if lines is not None:
        effect = _effect(reference, lines, changes["fee"]) if "fee" in changes else None
        pairs = _touched(lines, changes["ptp"]) if "ptp" in changes else None
    return Comparison(before, after, changes, tuple(notes), effect, pairs)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tables(reference: Reference, before: str, after: str) -> tuple[list[str], list[str]]:
    if _date(before) and _date(after):
        return [t for t in KEYS if reference.has(t)], [f"{t} is not loaded" for t in KEYS if not reference.has(t)]
    owners = []
    for name in (before, after):
        owner = next((t for t in KEYS for r in reference.releases(t) if r.release == name), None)
        if owner is None:
            known = ", ".join(r.release for t in KEYS for r in reference.releases(t))
            raise ConfigError(f"there is no release {name!r}; releases are {known}; two dates compare all tables")
        owners.append(owner)
    if owners[0] != owners[1]:
        raise ConfigError(f"{before} is of table {owners[0]} and {after} of {owners[1]}: compare two of one table")
    partial = [x for x in (before, after) if _partial(reference, owners[0], x)]
    return owners[:1], [f"{x} is only a part of what was published: what it lacks is not compared" for x in partial]


def _loaded(reference: Reference, table: str, side: str) -> bool:
    """Whether a release of the table speaks about that date; a release named is loaded."""
    day = _date(side)
    return day is None or any(
        (r.effective_from is None or r.effective_from <= day) and (r.effective_to is None or day <= r.effective_to)
        for r in reference.releases(table)
    )


def _partial(reference: Reference, table: str, side: str) -> bool:
    return any(r.partial for r in reference.releases(table) if r.release == side)


def _truly_added(
    reference: Reference, table: str, names: tuple[str, str], found: pl.DataFrame, after: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """Of two releases of which one is a part: what CMS itself dates before the first of them was not added since.

    Where a part of a release stands over an older one, the older one no longer has its rows.
    """
    starts = [r.effective_from for r in reference.releases(table) if r.release == names[0]]
    if not starts or starts[0] is None or not any(_partial(reference, table, n) for n in names):
        return found, []
    early = after.filter(pl.col("effective_from") <= starts[0]).select(KEYS[table])
    older = found.filter(pl.col(_CHANGE) == "added").join(early, on=KEYS[table], how="semi")
    said = [f"{older.height:,} rows of {names[1]} are dated before {names[0]} by CMS itself: not added since"]
    kept = found.join(
        older.select(*KEYS[table], _CHANGE), on=[*KEYS[table], _CHANGE], how="anti", maintain_order="left"
    )
    return kept, said if older.height else []


def _side(
    reference: Reference, table: str, side: str, locality: Locality, codes: Collection[str] | None
) -> pl.DataFrame:
    """Rows of one side, unique by key; prices put on those of the fee schedule."""
    rows = reference.scan(table)
    day = _date(side)
    if day is None:
        rows = rows.filter(pl.col("release") == side)
    else:
        first, last = pl.col("effective_from"), pl.col("effective_to")
        rows = rows.filter(first.is_null() | (first <= day), last.is_null() | (last >= day))
    if codes is not None:
        kept = KEYS[table] if table == "ptp" else KEYS[table][:1]
        rows = rows.filter(pl.col(k).is_in(sorted(codes)) for k in kept)
    found = rows.sort("effective_from", "release", nulls_last=False).unique(KEYS[table], keep="last").collect()
    return _priced(reference, found, locality, day) if table == "fee" else found


def _priced(reference: Reference, rows: pl.DataFrame, locality: Locality, day: date | None) -> pl.DataFrame:
    """Prices of a release at the locality, by the GPCIs of its first day."""
    first = day or rows["effective_from"].min()
    indices = gpcis(reference, locality.key)
    if locality.key != NATIONAL_KEY:
        indices = indices.filter(pl.col("effective_from") <= first, pl.col("effective_to").fill_null(first) >= first)
        indices = indices.sort("effective_from").tail(1)
    joined = rows.join(indices.select("gpci_work", "gpci_pe", "gpci_mp"), how="cross")
    if joined.is_empty():  # no index in force: the figures are compared without prices
        return rows.with_columns(pl.lit(None, pl.Int64).alias(n) for n in (NONFACILITY, FACILITY))
    return joined.with_columns(
        pl.when(paid() & ~pl.col("na_nonfac")).then(cents("pe_nonfac")).alias(NONFACILITY),
        pl.when(paid() & ~pl.col("na_fac")).then(cents("pe_fac")).alias(FACILITY),
    )


def _changed(before: pl.DataFrame, after: pl.DataFrame, table: str) -> pl.DataFrame:
    keys, watched = KEYS[table], WATCHED[table]
    both = (
        before.select(*keys, *(pl.col(n).alias(f"{n}_before") for n in watched), pl.lit(value=True).alias("_old"))
        .join(
            after.select(*keys, *(pl.col(n).alias(f"{n}_after") for n in watched), pl.lit(value=True).alias("_new")),
            on=keys, how="full", coalesce=True,
        )
    )  # fmt: skip
    moved = pl.any_horizontal(pl.col(f"{n}_before").ne_missing(pl.col(f"{n}_after")) for n in watched)
    change = (
        pl.when(pl.col("_old").is_null()).then(pl.lit("added")).when(pl.col("_new").is_null()).then(pl.lit("deleted"))
        .when(moved).then(pl.lit("changed"))
    )  # fmt: skip
    shown = [f"{n}_{s}" for n in watched for s in ("before", "after")]
    return both.with_columns(change.alias(_CHANGE)).filter(pl.col(_CHANGE).is_not_null()).select(
        *keys, _CHANGE, *shown
    ).sort(keys)  # fmt: skip


def _effect(reference: Reference, lines: pl.DataFrame, fee: pl.DataFrame) -> pl.DataFrame:
    """Dollars of the lines on file before and after, by code; a code without a price on one side has no sum there."""
    component = pl.coalesce(
        *(pl.when(pl.col(m).is_in(["26", "TC", "53"])).then(m) for m in c.MODIFIERS), pl.lit("")
    ).alias("modifier")
    facility = reference.table("pos").filter("facility")["place_of_service"].unique().implode()
    inside = pl.col(c.PLACE_OF_SERVICE).is_in(facility).fill_null(value=False)
    joined = lines.with_columns(component).join(fee, on=[c.CODE, "modifier"], how="inner")

    def money(side: str) -> pl.Expr:
        unit = pl.when(inside).then(f"{FACILITY}_{side}").otherwise(f"{NONFACILITY}_{side}")
        value = (unit * pl.col(c.UNITS) + 0.5).floor().cast(pl.Int64)
        return pl.when(value.is_not_null().all()).then(value.sum()).alias(f"cents_{side}")

    return (
        joined.group_by(c.CODE, "modifier")
        .agg(
            pl.len().alias("lines"), pl.col(c.CLAIM_INDEX).n_unique().alias("claims"), pl.col(c.UNITS).sum(),
            money("before"), money("after"),
        )
        .with_columns((pl.col("cents_after") - pl.col("cents_before")).alias("cents_change"))
        .sort(c.CODE, "modifier")
    )  # fmt: skip


def _touched(lines: pl.DataFrame, edits: pl.DataFrame) -> pl.DataFrame:
    """Claims that hold both codes of an edit that came, went or changed, on one patient's day."""
    day = [c.PATIENT_KEY, c.BILLING_NPI, c.SERVICE_FROM]
    narrow = lines.select(*day, c.CLAIM_ID, c.CODE).unique()
    both = (
        edits.join(narrow.rename({c.CODE: "column_one"}), on="column_one")
        .join(narrow.rename({c.CODE: "column_two", c.CLAIM_ID: "other"}), on=["column_two", *day], nulls_equal=True)
    )  # fmt: skip
    return (
        both.group_by("column_one", "column_two", _CHANGE)
        .agg(pl.concat_list(c.CLAIM_ID, "other").explode().unique().sort().alias("claim_ids"))
        .with_columns(pl.col("claim_ids").list.len().alias("claims"))
        .sort("column_one", "column_two")
    )
