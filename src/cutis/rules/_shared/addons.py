"""Add-on codes of a day with what stands beside them."""

from datetime import date
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import REASON
from cutis.reference.store import Reference
from cutis.rulekit import narrow, together
from cutis.rules._shared.codes import codes_of

BY_CONTRACTOR: Final = "CCCCC"
_ROW: Final = "_row"
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
    """Lines with add-on codes that stand without a primary of their own, and what stands beside them on the day.

    Returns:
        The lines with `near` (a code from the same run of codes as a primary is there), `beside` and `near_lines` (that
        code and its lines on the claim), and `primaries` (a list for people). Left out are codes whose primary the
        contractor decides, and lines older than the table.
    """
    found = ref.remember(lines, "addons", lambda: _judge(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def before_first_release(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Claim, line and reason of add-on lines older than the oldest release of the table."""
    early, first = _early(ref)
    reason = pl.lit(f"no add-on code release in force before {first}").alias(REASON)
    addon = pl.col(c.CODE).is_in(_table(ref)["addon"].unique().implode())
    return narrow(lines, (c.CLAIM_INDEX, c.LINE), early, addon).with_columns(reason)


def _early(ref: Reference) -> tuple[pl.Expr, date | None]:
    first = min((r.effective_from for r in ref.releases("addon") if r.effective_from), default=None)
    return (pl.col(c.SERVICE_FROM) < first if first else pl.lit(value=False)), first


def _table(ref: Reference) -> pl.DataFrame:
    def make() -> pl.DataFrame:
        own = [{"addon": a, "primary": p} for a, primaries in OWN.items() for p in primaries]
        table = ref.table("addon").select("addon", "primary")
        return pl.concat([table.filter(~pl.col("addon").is_in(list(OWN))), pl.DataFrame(own)])

    return ref.lasting("primaries", make)


def _judge(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    present = codes_of(lines, ref)
    table = _table(ref).filter(pl.col("addon").is_in(present.implode()))
    pairs = _pairs(table, present)
    places = together(lines, pairs["addon"], pairs["other"])
    places = places.rename({"one": _ROW}).with_columns(pairs["right"][places["pair"]])
    free = table.filter(pl.col("primary") == BY_CONTRACTOR)["addon"].implode()
    early, _ = _early(ref)
    alone = (
        lines.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW), c.CODE, c.SERVICE_FROM, c.CLAIM_INDEX)
        # a line older than the table is not judged, so it is not wrong
        .filter(pl.col(c.CODE).is_in(table["addon"].unique().implode()), ~pl.col(c.CODE).is_in(free), ~early)
        .join(places.filter("right"), on=_ROW, how="anti", maintain_order="left")
    )
    beside = alone.select(_ROW, c.CLAIM_INDEX).join(places, on=_ROW)
    beside = beside.hstack(lines.select(pl.col(c.CODE, c.LINE, c.CLAIM_INDEX).name.prefix("other_"))[beside["two"]])
    near = beside.group_by(_ROW).agg(
        pl.lit(value=True).alias("near"),
        pl.col("other_" + c.CODE).min().alias("beside"),
        pl.col("other_" + c.LINE)
        .filter(pl.col("other_" + c.CLAIM_INDEX) == pl.col(c.CLAIM_INDEX))
        .unique()
        .sort()
        .alias("near_lines"),
    )
    listed = table.unique().group_by("addon").agg(pl.col("primary").sort().head(6).str.join(", ").alias("primaries"))
    return (
        lines[alone[_ROW]]
        .with_columns(alone[_ROW])
        .join(near, on=_ROW, how="left", maintain_order="left")
        .join(listed, left_on=c.CODE, right_on="addon", how="left", maintain_order="left")
        .with_columns(pl.col("near").fill_null(value=False))
        .drop(_ROW)
    )


def _pairs(table: pl.DataFrame, present: pl.Series) -> pl.DataFrame:
    """`addon` and `other`, which is present and from the run of codes of a primary; `right`: it is a primary itself."""
    run = pl.col("primary").str.head(4).alias("run")
    others = pl.DataFrame({"other": present}).with_columns(pl.col("other").str.head(4).alias("run"))
    near = table.select("addon", run).unique().join(others, on="run").select("addon", "other").unique()
    own = table.select("addon", pl.col("primary").alias("other"), pl.lit(value=True).alias("right")).unique()
    pairs = near.filter(pl.col("addon") != pl.col("other")).join(own, on=["addon", "other"], how="left")
    return pairs.with_columns(pl.col("right").fill_null(value=False))
