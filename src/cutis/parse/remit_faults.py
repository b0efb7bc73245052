"""Faults of a remittance: what cannot be read in it, and what does not add up."""

from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model import remittance as r
from cutis.model.finding import Severity
from cutis.parse.faults import FaultKind, make_of
from cutis.parse.remit_loops import Loops
from cutis.parse.segments import NUMBER

_E, _W = Severity.ERROR, Severity.WARNING
_POST: Final = "Posting it as it stands leaves the books off by the difference."
_KINDS: Final = (
    ("not-a-remittance", _E, "A transaction is not an 835 of version 005010X221.", "Its claims are refused: they are not read as something they are not.",
     "Ask the payer for the 835 in version 005010X221A1.", None, "ST03"),
    ("remittance-total-mismatch", _E, "BPR02 is not the sum of the claims paid less the provider adjustments.", _POST,
     "Hold the payment against the bank's, and ask the payer for a corrected 835.", None, "BPR02"),
    ("remittance-claim-mismatch", _E, "A claim's charge less its adjustments is not what was paid.", _POST,
     "Ask the payer for a corrected 835; do not post the difference as a write-off.", "2100", "CLP04"),
    ("remittance-line-mismatch", _E, "A line's charge less its adjustments is not what was paid.", _POST,
     "Ask the payer for a corrected 835; do not post the difference as a write-off.", "2110", "SVC03"),
    ("remittance-lines-mismatch", _W, "A claim's charge is not the sum of its lines' charges.", "The payer answered other lines than those it names, or split the claim.",
     "Look for the other part of the claim in this or another remittance.", "2100", "CLP03"),
    ("remittance-amount-not-numeric", _E, "An amount of a remittance is not a number.", "The amount is unknown, and what it belongs to cannot be balanced.",
     "Ask the payer for a corrected 835.", None, None),
    ("remittance-date-not-a-date", _W, "A service date of a remittance is not a date.", "The line cannot be matched by its day.",
     "Match the line by hand.", "2110", "DTM02"),
    ("remittance-claim-without-number", _W, "A claim of a remittance has no patient control number.", "It cannot be matched with the claim that was sent.",
     "Match it by the payer's number and the dates.", "2100", "CLP01"),
    ("remittance-adjustment-incomplete", _W, "An adjustment lacks its group, reason or amount.", "Why the payer paid less is not told.",
     "Ask the payer for a corrected 835.", None, "CAS"),
    ("remittance-separator-differs", _W, "A procedure is written with another separator than ISA declares.", "A strict receiver reads it as one long code.",
     "Nothing is lost here: it is read by the separator that it uses.", "2110", "SVC01"),
    ("remittance-outside-claim", _E, "A line or an adjustment stands outside any claim.", "It belongs to no claim and is not read.",
     "Ask the payer for a corrected 835.", None, None),
    ("remittance-unknown-segment", _W, "A segment is none of those an 835 may hold.", "It is not read.",
     "Nothing, unless it was meant to be another one.", None, None),
)  # fmt: skip
REMITTANCE_FAULTS: Final[dict[str, FaultKind]] = {
    name: FaultKind(
        name, severity, what, why, fix, loop, element, family="remittance",
        authority="ASC X12N 005010X221A1 implementation guide (health care claim payment/advice), section on balancing",
    )
    for name, severity, what, why, fix, loop, element in _KINDS
}  # fmt: skip


def _fault(kind: str, rows: pl.DataFrame, message: pl.Expr, **columns: pl.Expr | str | None) -> pl.DataFrame:
    return make_of(REMITTANCE_FAULTS[kind], rows, message, **columns)


def shown(cents: pl.Expr) -> pl.Expr:
    """Whole cents as text with two places."""
    size = cents.abs()
    sign = pl.when(cents < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + (size // 100).cast(pl.String) + "." + (size % 100).cast(pl.String).str.zfill(2)


def faults(loops: Loops) -> list[pl.DataFrame]:
    """All faults of an interchange's remittances.

    Args:
        loops: as gathered.
    """
    return [*_form(loops), *_unreadable(loops), *_lines(loops), *_claims(loops), _totals(loops)]


def _form(loops: Loops) -> list[pl.DataFrame]:
    what = pl.concat_str(["e1", "version"], separator=" ", ignore_nulls=True)
    refused = loops.refused.with_columns(pl.col("e1").alias(c.CLAIM_ID))
    named = pl.col(c.CLAIM_ID).fill_null("without number")
    name = pl.col("e0").fill_null("").str.slice(0, 12)
    return [
        _fault("not-a-remittance", loops.foreign, pl.format("Transaction '{}' is not an 835; it is not read.", what)),
        _fault("not-a-remittance", refused, pl.format("Claim {} stands in a transaction that is not an 835; it is refused.", named)),
        _fault("remittance-unknown-segment", loops.strays, pl.format("Segment '{}' is none an 835 may hold.", name), element=name),
        _fault("remittance-outside-claim", loops.loose, pl.format("{} stands outside any claim; it is not read.", name), element=name),
        _fault("remittance-claim-without-number", loops.claims.filter(pl.col(c.CLAIM_ID).is_null()), pl.lit("A claim has no patient control number.")),
        _fault(
            "remittance-separator-differs", loops.services.filter("foreign"),
            pl.format("The procedure '{}' is not written with the separator that ISA declares.", pl.col("procedure_text")),
        ),
        _fault(
            "remittance-adjustment-incomplete",
            loops.adjustments.filter(pl.col("group").is_null() | pl.col("carc").is_null() | pl.col("cents_text").is_null()),
            pl.lit("An adjustment lacks its group, reason or amount."),
        ),
        _fault(
            "remittance-date-not-a-date",
            loops.services.filter(pl.col("date_text").is_not_null() & pl.col(c.SERVICE_FROM).is_null()),
            pl.format("'{}' is not a service date.", pl.col("date_text")), segment=pl.col("date_segment"),
        ),
    ]  # fmt: skip


def _unreadable(loops: Loops) -> list[pl.DataFrame]:
    places = (
        (loops.heads.with_columns(pl.col("bpr_segment").alias(NUMBER)), "paid_text", r.PAID, "BPR02", True),
        (loops.claims, "charge_text", r.CLAIM_CHARGE, "CLP03", True),
        (loops.claims, "paid_text", r.CLAIM_PAID, "CLP04", True),
        (loops.claims, "patient_text", r.PATIENT_SHARE, "CLP05", False),
        (loops.services, "charge_text", c.CHARGE, "SVC02", True),
        (loops.services, "paid_text", r.PAID, "SVC03", False),
        (loops.adjustments, "cents_text", "cents", "CAS", False),
        (loops.provider, "cents_text", "cents", "PLB", True),
    )
    found = []
    for rows, text, value, element, needed in places:
        bad = pl.col(value).is_null() & (pl.lit(value=True) if needed else pl.col(text).is_not_null())
        message = pl.format("{} is '{}', not a number.", pl.lit(element), pl.col(text).fill_null(""))
        found.append(_fault("remittance-amount-not-numeric", rows.filter(bad), message, element=element))
    return found


def _sums(adjustments: pl.DataFrame, key: str) -> pl.DataFrame:
    """Per key the sum of adjustments, null where one of them cannot be read."""
    unread = pl.col("cents").is_null().any()
    return adjustments.group_by(key).agg(
        pl.when(~unread).then(pl.col("cents").sum()).alias("adjusted"), pl.lit(value=True).alias("has")
    )


def _balance(rows: pl.DataFrame, sums: pl.DataFrame, key: str, charge: str, paid: str) -> pl.DataFrame:
    joined = rows.join(sums, on=key, how="left", maintain_order="left")
    adjusted = pl.when(pl.col("has").is_null()).then(pl.lit(0)).otherwise(pl.col("adjusted"))
    return joined.with_columns(adjusted.alias("adjusted")).filter(pl.col(charge) - pl.col("adjusted") != pl.col(paid))


def _lines(loops: Loops) -> list[pl.DataFrame]:
    own = loops.adjustments.filter(pl.col("svc").is_not_null())
    # a line without SVC03 was paid nothing by this payer
    services = loops.services.with_columns(
        pl.when(pl.col("paid_text").is_null()).then(0).otherwise(pl.col(r.PAID)).alias(r.PAID)
    )
    wrong = _balance(services, _sums(own, "svc"), "svc", c.CHARGE, r.PAID)
    claim = loops.claims.select("clp", c.CLAIM_ID)
    wrong = wrong.join(claim, on="clp", how="left", maintain_order="left")
    message = pl.format(
        "{} of claim {}: charge {} less adjustments {} is not the {} paid.",
        pl.col(c.CODE).fill_null("A line"), pl.col(c.CLAIM_ID).fill_null("without number"),
        *(shown(pl.col(n)) for n in (c.CHARGE, "adjusted", r.PAID)),
    )  # fmt: skip
    return [_fault("remittance-line-mismatch", wrong, message)]


def _claims(loops: Loops) -> list[pl.DataFrame]:
    wrong = _balance(loops.claims, _sums(loops.adjustments, "clp"), "clp", r.CLAIM_CHARGE, r.CLAIM_PAID)
    name = pl.col(c.CLAIM_ID).fill_null("without number")
    message = pl.format(
        "Claim {}: charge {} less adjustments {} is not the {} paid.",
        name, *(shown(pl.col(n)) for n in (r.CLAIM_CHARGE, "adjusted", r.CLAIM_PAID)),
    )  # fmt: skip
    charges = loops.services.group_by("clp").agg(
        pl.when(~pl.col(c.CHARGE).is_null().any()).then(pl.col(c.CHARGE).sum()).alias("sum")
    )
    differs = loops.claims.join(charges, on="clp", how="inner", maintain_order="left")
    differs = differs.filter(pl.col("sum") != pl.col(r.CLAIM_CHARGE))
    said = pl.format(
        "Claim {}: charge {}, but its lines add up to {}.", name, shown(pl.col(r.CLAIM_CHARGE)), shown(pl.col("sum"))
    )
    return [_fault("remittance-claim-mismatch", wrong, message), _fault("remittance-lines-mismatch", differs, said)]


def totals(loops: Loops) -> pl.DataFrame:
    """Payments with `claims`, `claims_paid_cents` and `provider_adjusted_cents`; sums null where a part is unreadable."""

    def sums(rows: pl.DataFrame, value: str, name: str) -> pl.DataFrame:
        unread = pl.col(value).is_null().any()
        return rows.group_by("st").agg(
            pl.when(~unread).then(pl.col(value).sum()).otherwise(None).alias(name),
            pl.lit(value=True).alias(f"has_{name}"),
        )

    out = loops.heads.join(
        loops.claims.group_by("st").agg(pl.len().alias("claims")), on="st", how="left", maintain_order="left"
    )
    for rows, value, name in (
        (loops.claims, r.CLAIM_PAID, "claims_paid_cents"), (loops.provider, "cents", "provider_adjusted_cents"),
    ):  # fmt: skip
        out = out.join(sums(rows, value, name), on="st", how="left", maintain_order="left")
        out = out.with_columns(pl.when(pl.col(f"has_{name}").is_null()).then(0).otherwise(pl.col(name)).alias(name))
    return out.with_columns(pl.col("claims").fill_null(0))


def _totals(loops: Loops) -> pl.DataFrame:
    paid, adjusted = pl.col("claims_paid_cents"), pl.col("provider_adjusted_cents")
    wrong = totals(loops).filter(paid - adjusted != pl.col(r.PAID)).with_columns(pl.col("bpr_segment").alias(NUMBER))
    message = pl.format(
        "Payment {}: the claims paid {} less provider adjustments {} are not the {} of the payment.",
        pl.col("trace").fill_null("without trace"), shown(paid), shown(adjusted), shown(pl.col(r.PAID)),
    )  # fmt: skip
    return _fault("remittance-total-mismatch", wrong, message)
