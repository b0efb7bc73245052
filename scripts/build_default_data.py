"""Derive the tables that Cutis ships from CMS's own files: numeric facts and code numbers only, no descriptors.

usage: python scripts/build_default_data.py [SOURCE]   (default ../shared/data)

Same input, same bytes. Writes src/cutis/reference/data/*.parquet and manifest.json.
"""

import hashlib
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from cutis.reference.release import Release, write_manifest
from cutis.reference.sources import aoc, gpci, icd10, mue, pprrvu
from cutis.reference.store import BUILT_IN

ROOT = Path(__file__).resolve().parents[1]
OPEN = None

RATIONALES = {
    "Anesthesia service included in surgical procedure": "anesthesia included",
    "CPT Manual or CMS manual coding instruction": "coding instruction",
    "CPT Separate procedure definition": "separate procedure",
    "Gender-specific procedures": "sex-specific",
    "HCPCS/CPT procedure code definition": "code definition",
    "Laboratory panel": "laboratory panel",
    "Misuse of Column Two code with Column One code": "misuse of column two",
    "More extensive procedure": "more extensive procedure",
    "Mutually exclusive procedures": "mutually exclusive",
    "Sequential procedure": "sequential procedure",
    "Standard preparation/monitoring services for anesthesia": "anesthesia preparation",
    "Standards of medical/surgical practice": "standard of practice",
}


def sha256(path: Path) -> str:
    """Hash of a source file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save(folder: Path, table: str, frame: pl.DataFrame, sort: list[str]) -> None:
    """Write a table sorted, so that the same facts are the same bytes."""
    frame.sort(sort).write_parquet(
        folder / f"{table}.parquet", compression="zstd", compression_level=19, row_group_size=200_000, statistics=True
    )


def stamp(frame: pl.DataFrame, release: str, first: date | None, last: date | None) -> pl.DataFrame:
    """Add the three columns that every table ends with, unless the source gave its own dates."""
    dates = {"effective_from": first, "effective_to": last}
    return frame.with_columns(
        *(pl.lit(v, dtype=pl.Date).alias(k) for k, v in dates.items() if k not in frame.columns),
        pl.lit(release).alias("release"),
    )


def ptp(source: Path) -> tuple[pl.DataFrame, list[Release]]:
    """All pairs active on 2024-07-01, and the pairs seen in the 2026 release over them."""
    old_path = source / "cms" / "ncci_ptp_practitioner_2024-07-01.parquet"
    new_path = source / "cms" / "ncci_pairs_2026.csv"
    start = date(2024, 7, 1)
    old = (
        pl.read_parquet(old_path)
        .filter(
            pl.col("deletion_date").is_null() | (pl.col("deletion_date") >= start), pl.col("modifier_indicator") < 9
        )
        .select(
            pl.col("column1").alias("column_one"),
            pl.col("column2").alias("column_two"),
            pl.col("modifier_indicator").alias("indicator"),
            pl.col("rationale").cast(pl.String).replace_strict(RATIONALES, default="other").alias("rationale"),
        )
    )
    seen = pl.read_csv(new_path, infer_schema=False).filter(
        pl.col("modifier_indicator").is_not_null(), ~pl.col("verification").str.starts_with("inferred")
    )
    new = seen.filter(pl.col("deletion_date").is_null()).select(
        pl.col("column1").alias("column_one"),
        pl.col("column2").alias("column_two"),
        pl.col("modifier_indicator").cast(pl.Int8).alias("indicator"),
        pl.lit("other").alias("rationale"),
        pl.col("effective_date").str.to_date("%Y-%m-%d").alias("effective_from"),
    )
    pairs = ["column_one", "column_two"]
    kept = old.join(new, on=pairs, how="left").select(
        *pairs,
        pl.coalesce("indicator_right", "indicator").alias("indicator"),
        "rationale",
        pl.coalesce("effective_from", pl.lit(start)).alias("effective_from"),
        pl.when(pl.col("indicator_right").is_not_null())
        .then(pl.lit("PTP-2026Q3-subset"))
        .otherwise(pl.lit("PTP-2024Q3"))
        .alias("release"),
    )
    added = new.join(old, on=pairs, how="anti").with_columns(pl.lit("PTP-2026Q3-subset").alias("release"))
    frame = pl.concat([kept, added.select(kept.columns)]).with_columns(
        pl.lit(None, dtype=pl.Date).alias("effective_to"), pl.col("rationale").cast(pl.Categorical).cast(pl.String)
    )
    counts = dict(frame.group_by("release").len().iter_rows())
    return frame, [
        Release("ptp", "PTP-2024Q3", old_path.name, sha256(old_path), start, start, OPEN, date(2024, 9, 30),
                counts["PTP-2024Q3"], "complete for 2024-07-01; pairs begun or ended later are not in it", "ptp.parquet"),
        Release("ptp", "PTP-2026Q3-subset", new_path.name, sha256(new_path), None, date(2026, 7, 1), OPEN, date(2024, 9, 30),
                counts["PTP-2026Q3-subset"], "pairs seen in published parts of the 2026 Q3 file; they override the older release", "ptp.parquet", partial=True),
    ]  # fmt: skip


Build = tuple[pl.DataFrame, list[Release], list[str]]


def simple(table: str, path: Path, read: Callable[[Path], pl.DataFrame], release: str, published: date | None,
           first: date, last: date | None, current_to: date, note: str, sort: list[str]) -> Build:  # fmt: skip
    """A table from one file of one release."""
    frame = stamp(read(path), release, first, last)
    entry = Release(
        table,
        release,
        path.name,
        sha256(path),
        published,
        first,
        last,
        current_to,
        frame.height,
        note,
        f"{table}.parquet",
    )
    return frame, [entry], sort


def build_all(source: Path, folder: Path) -> None:
    """Make every shipped table."""
    cms, codes = source / "cms", source / "codes"
    year_end = date(2026, 12, 31)
    built: dict[str, Build] = {
        "fee": simple("fee", cms / "PPRRVU2026_Jul_nonQPP.csv", pprrvu.read, "RVU26C", date(2026, 6, 30), date(2026, 1, 1), year_end,
                      date(2026, 9, 30), "July release used for the whole year: the fee schedule is annual, quarterly releases correct it", ["code", "modifier"]),
        "gpci": simple("gpci", cms / "gpci_2026.csv", gpci.read, "GPCI-2026", None, date(2026, 1, 1), year_end, year_end,
                       "with the 1.0 work floor", ["mac", "locality", "state"]),
        "addon": simple("addon", cms / "ncci_aoc_2024-06-03.csv", aoc.read, "AOC-2024-06", date(2024, 6, 3), date(2024, 1, 1), None, date(2024, 6, 30),
                        "", ["addon", "primary"]),
        "icd10": simple("icd10", codes / "icd10cm_code_list_April-2026.txt", icd10.read, "ICD10CM-2026-04", None, date(2025, 10, 1), date(2026, 9, 30),
                        date(2026, 9, 30), "April 2026 list used for the whole fiscal year 2026", ["code"]),
        "pos": simple("pos", codes / "place_of_service_2024_northstar.csv", read_pos, "POS-2024", None, date(2003, 1, 1), None, year_end, "", ["place_of_service"]),
    }  # fmt: skip
    mue_old, mue_old_entry, sort = simple("mue", cms / "ncci_mue_practitioner_2024.csv", mue.read, "MUE-2024", None, date(2024, 1, 1), date(2026, 3, 31),
                                          date(2024, 12, 31), "quarter not stated by its source", ["code", "effective_from"])  # fmt: skip
    mue_new, mue_new_entry, _ = simple("mue", cms / "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", mue.read, "MUE-2026Q2", date(2026, 4, 1),
                                       date(2026, 4, 1), None, date(2026, 6, 30), "", sort)  # fmt: skip
    built["mue"] = (pl.concat([mue_old, mue_new]), mue_old_entry + mue_new_entry, sort)
    pairs, entries = ptp(source)
    built["ptp"] = (pairs, entries, ["column_one", "column_two"])
    folder.mkdir(parents=True, exist_ok=True)
    releases = []
    for table, (frame, entries, keys) in built.items():
        save(folder, table, frame, keys)
        releases += entries
        print(f"{table}: {frame.height} rows, {(folder / f'{table}.parquet').stat().st_size} bytes")
    write_manifest(folder, releases)


def read_pos(path: Path) -> pl.DataFrame:
    """Place of service codes with the facility flag."""
    return (
        pl.read_csv(path, infer_schema=False)
        .filter(pl.col("pos_code").str.contains(r"^\d{2}$"))
        .select(
            pl.col("pos_code").alias("place_of_service"),
            (pl.col("pos_type").str.strip_chars() == "Facility").alias("facility"),
        )
        .unique(maintain_order=True)
    )


if __name__ == "__main__":
    build_all(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data", BUILT_IN)
