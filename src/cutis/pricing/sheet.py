"""The living cheat sheet: every dermatology code with its figures at the localities asked for, and the words around it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.model.errors import ConfigError
from cutis.pricing.base import FACILITY, NONFACILITY, STATUS, allowables
from cutis.pricing.locality import NATIONAL_KEY, Locality, gpcis
from cutis.reference.dated import in_force
from cutis.reference.shipped import load_shipped
from cutis.reference.store import Reference

_VALUES: Final = ("work", "pe_nonfac", "pe_fac", "mp", "rvu_nonfac", "rvu_fac")
WORDS: Final = Path(__file__).parents[1] / "reference" / "values" / "sheet.yaml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures and words of a day.

    Attributes:
        codes: one row per code and locality: family, code, modifier, figures (RVU as decimal strings), global days,
            rvu_nonfac and rvu_fac (totals, null where not paid there), multiple-procedure indicator, MUE and MAI, locality, nonfacility_cents, facility_cents, price_status.
        pairs: edits between two dermatology codes: column_one, column_two, indicator, rationale, release.
        watch: the edits worth knowing, of these codes: column_one, column_two, indicator and release (null where no loaded
            edit is in force), say.
        words: modifiers, denials, checklists, leaks, faq, and the note of each family.
        releases: what it rests on.
    """

    on: date
    localities: tuple[Locality, ...]
    codes: pl.DataFrame
    pairs: pl.DataFrame
    watch: pl.DataFrame
    words: dict[str, Any]
    releases: tuple[str, ...]


@cache
def words() -> dict[str, Any]:
    """The hand-kept words."""
    content: dict[str, Any] = load_shipped(WORDS)
    return content


def dermatology_codes(reference: Reference) -> pl.DataFrame:
    """family, title, code of each code of the sheet, in its order."""
    rows = [
        {"family": f["family"], "title": f["title"], "code": code}
        for f in words()["families"]
        for code in sorted(reference.codes(f["family"]))
    ]
    return pl.DataFrame(rows).unique("code", keep="first", maintain_order=True)


def sheet(reference: Reference, localities: list[Locality], on: date, *, codes: Collection[str] = ()) -> Sheet:
    """Make the sheet, of all its codes or of those asked for; edits are kept where they touch one of them.

    Raises:
        ConfigError: a code asked for is not on the sheet; all such codes are named.
        DataError: a table is not loaded.
    """
    listed = dermatology_codes(reference)
    wanted = {c.upper() for c in codes} or set(listed["code"])
    if strange := sorted(wanted - set(listed["code"])):
        raise ConfigError(f"not on the sheet: {', '.join(strange)}; price any code with: cutis price {strange[0]}")
    asked_for = listed.filter(pl.col("code").is_in(sorted(wanted)))
    asked = asked_for.with_columns(pl.lit("").alias("modifier"), pl.lit(on).alias("date"))
    mue = in_force(asked, reference.table("mue"), on=["code"], date="date").select(
        "code", "mue", "mai", pl.col("release").alias("mue_release")
    )
    frames = []
    gpci_releases: set[str] = set()
    for place in localities:
        indices = gpcis(reference, place.key)
        if place.key != NATIONAL_KEY:
            indices = indices.filter(pl.col("effective_from") <= on).sort("effective_from").tail(1)
            gpci_releases.update(indices["gpci_release"])
        priced = allowables(asked.join(indices.select("gpci_work", "gpci_pe", "gpci_mp"), how="cross"), reference)
        frames.append(priced.with_columns(pl.lit(place.key).alias("locality"), pl.lit(place.name).alias("place")))
    figures = pl.concat(frames).join(mue, on="code", how="left", maintain_order="left")
    pairs = _pairs(reference.ptp(listed["code"].to_list()), wanted, on)
    releases = [
        *figures["fee_release"].drop_nulls().unique().sort(),
        *sorted(gpci_releases),
        *figures["mue_release"].drop_nulls().unique().sort(),
        *pairs["release"].unique().sort(),
    ]
    figures = figures.with_columns(
        pl.when(pl.col(price).is_not_null()).then(pl.col("work") + pl.col(pe) + pl.col("mp")).alias(total)
        for price, pe, total in ((NONFACILITY, "pe_nonfac", "rvu_nonfac"), (FACILITY, "pe_fac", "rvu_fac"))
    )
    kept = figures.select(
        "family", "title", "code", "locality", "place", *(_hundredths(n) for n in _VALUES),
        "global_days", "mult_proc", "bilateral", "pctc", "mue", "mai", NONFACILITY, FACILITY, STATUS,
    )  # fmt: skip
    return Sheet(on, tuple(localities), kept, pairs, _watch(reference, wanted, on), words(), tuple(releases))


def _watch(reference: Reference, wanted: set[str], on: date) -> pl.DataFrame:
    """The watch-outs that touch a code asked for, each with the indicator of its edit in force."""
    noted = pl.DataFrame(words()["watch_outs"]).filter(
        pl.col("column_one").is_in(sorted(wanted)) | pl.col("column_two").is_in(sorted(wanted))
    )
    both = ["column_one", "column_two"]
    edits = _pairs(reference.ptp([*noted["column_one"], *noted["column_two"]]), wanted, on)
    return noted.join(edits.select(*both, "indicator", "release"), on=both, how="left", maintain_order="left").select(
        *both, "indicator", "release", "say"
    )


def _pairs(edits: pl.DataFrame, wanted: set[str], on: date) -> pl.DataFrame:
    """The edits in force on the day that touch a code asked for."""
    codes = sorted(wanted)
    return edits.filter(
        pl.col("effective_from") <= on,
        pl.col("effective_to").is_null() | (pl.col("effective_to") >= on),
        pl.col("column_one").is_in(codes) | pl.col("column_two").is_in(codes),
    ).sort("column_one", "column_two")


def _hundredths(name: str) -> pl.Expr:
    value = pl.col(name)
    return pl.format("{}.{}", value // 100, (value % 100).cast(pl.String).str.zfill(2)).alias(name)
