"""Add-on codes of a day with what stands beside them."""

from datetime import date
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON
from cutis.reference.store import Reference
from cutis.rulekit import DAY, on_days

BY_CONTRACTOR: Final = "CCCCC"
# Hand-kept where CMS's table has no row: the visit complexity add-on rides on office visits (CY2024 PFS final rule),
# and on home visits from 2026.
OWN: Final = {
    "G2211": (
        *(f"9920{n}" for n in range(2, 6)), *(f"9921{n}" for n in range(1, 6)),
        "99341", "99342", "99344", "99345", "99347", "99348", "99349", "99350",
    ),
    # complexity of an office visit in the aftercare of another practitioner's surgery (CY2025 PFS final rule)
    "G0559": (*(f"9920{n}" for n in range(2, 6)), *(f"9921{n}" for n in range(2, 6))),
    # skin cell suspension autograft: harvest, preparation, application by site (codes of 2025, after the file's date)
    "15012": ("15011",), "15014": ("15013",), "15016": ("15015",), "15018": ("15017",),
}  # fmt: skip


def judged(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Lines with add-on codes and what stands beside them on the day.

    Returns:
        The add-on lines with `right` (one of their primaries is there, or the contractor decides), `near` (a code from
        the same run of codes as a primary is there), `beside` and `near_lines` (that code and its lines on the claim),
        and `primaries` (a list for people).
    """
    found = ref.remember(lines, "addons", lambda: _judge(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def before_first_release(addons: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Claim, line and reason of add-on lines older than the oldest release of the table."""
    early, first = _early(ref)
    reason = pl.lit(f"no add-on code release in force before {first}").alias(REASON)
    return addons.filter(early).select(c.CLAIM_INDEX, c.LINE, reason)


def _early(ref: Reference) -> tuple[pl.Expr, date | None]:
    first = min((r.effective_from for r in ref.releases("addon") if r.effective_from), default=None)
    return (pl.col(c.SERVICE_FROM) < first if first else pl.lit(value=False)), first


def _table(ref: Reference) -> pl.DataFrame:
    own = [{"addon": a, "primary": p} for a, primaries in OWN.items() for p in primaries]
    table = ref.table("addon").select("addon", "primary")
    return pl.concat([table.filter(~pl.col("addon").is_in(list(OWN))), pl.DataFrame(own)])


def _judge(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    table = _table(ref)
    present = lines[c.CODE].unique()
    table = table.filter(pl.col("addon").is_in(present.implode()))
    addons = lines.filter(pl.col(c.CODE).is_in(table["addon"].unique().implode()))
    free = table.filter(pl.col("primary") == BY_CONTRACTOR)["addon"].implode()
    beside = on_days(
        lines.select(
            DAY,
            pl.col(c.CODE).alias("other"),
            pl.col(c.LINE).alias("other_line"),
            pl.col(c.CLAIM_INDEX).alias("other_claim"),
        ),
        addons[DAY],
    )
    pairs = (
        addons.select(DAY, c.CODE, c.CLAIM_INDEX, c.LINE).join(beside, on=DAY).filter(pl.col("other") != pl.col(c.CODE))
    )
    own = table.select(pl.col("addon").alias(c.CODE), pl.col("primary").alias("other"))
    runs = own.select(c.CODE, pl.col("other").str.head(4).alias("run")).unique()
    at = [c.CLAIM_INDEX, c.LINE]
    right = pairs.join(own, on=[c.CODE, "other"], how="semi").select(at).unique()
    right = right.with_columns(pl.lit(value=True).alias("right"))
    # only of add-ons without their own primary does anyone ask what else stands beside them
    kin = pairs.join(right, on=at, how="anti").with_columns(pl.col("other").str.head(4).alias("run"))
    near = (
        kin.join(runs, on=[c.CODE, "run"], how="semi")
        .group_by(at)
        .agg(
            pl.lit(value=True).alias("near"),
            pl.col("other").min().alias("beside"),
            pl.col("other_line")
            .filter(pl.col("other_claim") == pl.col(c.CLAIM_INDEX))
            .unique()
            .sort()
            .alias("near_lines"),
        )
    )
    listed = (
        table.filter(pl.col("primary") != BY_CONTRACTOR)
        .unique()
        .group_by("addon")
        .agg(pl.col("primary").sort().head(6).str.join(", ").alias("primaries"))
    )
    early, _ = _early(ref)
    return (
        addons.join(right, on=at, how="left", maintain_order="left")
        .join(near, on=at, how="left", maintain_order="left")
        .join(listed, left_on=c.CODE, right_on="addon", how="left")
        .with_columns(
            # a line older than the table is not judged, so it is not wrong
            pl.col("right").fill_null(value=False) | pl.col(c.CODE).is_in(free) | early,
            pl.col("near").fill_null(value=False),
            pl.col("primaries").fill_null("as its payer lists them"),
        )
    )
