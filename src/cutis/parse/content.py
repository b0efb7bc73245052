"""Faults in the content of claims: hierarchy, providers, amounts, dates, pointers; each one a filter on columns."""

from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.assemble import Lines
from cutis.parse.diagnoses import MAX_DIAGNOSES
from cutis.parse.elements import Ints
from cutis.parse.faults import make
from cutis.parse.loops import Loops
from cutis.parse.numbers import MOST, NUMBER_PATTERN
from cutis.parse.ordinals import attach, rows_of
from cutis.parse.segments import NUMBER
from cutis.parse.services import PLACES

MOST_LINES: Final = 50
# the loop of a provider's name by its entity, above the claims, in the claim, with another payer, and on the line
_ABOVE: Final = {"85": "2010AA", "87": "2010AB", "PE": "2010AC", "IL": "2010BA", "PR": "2010BB", "QC": "2010CA"}
_IN_CLAIM: Final = {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D"}
_IN_OTHER: Final = {"DN": "2330C", "P3": "2330C", "82": "2330D", "77": "2330E", "DQ": "2330F", "85": "2330G"}
_IN_LINE: Final = {
    "82": "2420A",
    "QB": "2420B",
    "77": "2420C",
    "DQ": "2420D",
    "DK": "2420E",
    "DN": "2420F",
    "P3": "2420F",
}


# what is true of nearly all lines, and of nearly all claims
_GOOD: Final = (
    (pl.col(c.SERVICE_TO) >= pl.col(c.SERVICE_FROM))
    & pl.col(c.SERVICE_FROM).is_between(pl.date(1990, 1, 1), pl.date(2079, 12, 31))
    & (pl.col("last_place") <= pl.col("dx_count").fill_null(0).clip(upper_bound=MAX_DIAGNOSES))
).fill_null(value=False)
_WHOLE: Final = (
    pl.col("count").is_between(1, MOST_LINES)
    & pl.col("dx_count").is_between(1, MAX_DIAGNOSES)
    & (pl.col("unknown") == 0)
    & (pl.col("total") == pl.col("sum"))
).fill_null(value=False)


def npi_fault(npi: pl.Expr) -> pl.Expr:
    """What is wrong with an NPI that is not valid, in words."""
    ten = npi.str.contains(r"^[0-9]{10}$")
    return pl.when(ten).then(pl.lit("fails its check digit")).otherwise(pl.lit("is not ten digits"))


def faults(loops: Loops, lines: Lines, fresh: pl.Expr) -> list[pl.DataFrame]:
    """All faults of content.

    Args:
        loops: as gathered, claims with `claim_index`.
        lines: of them.
        fresh: true on rows that belong to this piece, not to the context of the piece before.
    """
    claims = loops.claims.with_columns(pl.col(c.CLM_SEGMENT).alias(NUMBER))
    doubtful = _doubtful(lines)
    of_lines = (_amounts, _dates, _pointers, _procedures) if len(doubtful) else ()
    raw = lines.raw(doubtful) if len(doubtful) else lines.frame
    return [
        *_hierarchy(loops.hl, fresh),
        *_claims(claims, lines),
        *_providers(loops.wrong_npis.filter(fresh), claims, lines),
        *_numbering(loops.unpaired.filter(fresh), claims),
        *(found for judge in of_lines for found in judge(raw)),
    ]


def _doubtful(lines: Lines) -> Ints:
    """Lines in which there may be a fault: told by what the different services say, and by dates and pointers."""
    days = lines.frame.select(c.SERVICE_FROM, c.SERVICE_TO)
    beside = lines.ordinals.select("kind", "last_place", "dx_count")
    good = days.hstack(beside).select(_GOOD).to_series().to_numpy()
    of_kind = lines.loops.services.kinds["doubtful"].to_numpy()[beside["kind"].to_numpy()]
    return np.flatnonzero(~good | of_kind)


def _hierarchy(hl: pl.DataFrame, fresh: pl.Expr) -> list[pl.DataFrame]:
    """HL that name another parent than the loop that stands above them."""
    level = hl["level"]
    above = np.where((level == "22").fill_null(value=False).to_numpy(), hl["bill"].to_numpy(), hl["sub"].to_numpy())
    expected = hl["number"].gather(rows_of(hl["hl"].to_numpy(), above)) if hl.height else hl["number"]
    wrong = level.is_in(["22", "23"]).fill_null(value=False) & hl["parent"].ne_missing(expected)
    if not wrong.any():
        return []
    found = hl.with_columns(expected.alias("expected")).filter(wrong).filter(fresh)
    message = pl.format(
        "HL {} names parent {}, but the loop above it is HL {}.",
        pl.col("number").fill_null("without number"), pl.col("parent").fill_null("none"), pl.col("expected").fill_null("(missing)"),
    )  # fmt: skip
    loop = pl.when(pl.col("level") == "22").then(pl.lit("2000B")).otherwise(pl.lit("2000C"))
    return [make("hl-parent-missing", found, message, loop=loop)]


def _claims(claims: pl.DataFrame, lines: Lines) -> list[pl.DataFrame]:
    sums = _sums(claims, lines)
    listed = lines.loops.diagnoses.sets["dx_count"].gather(claims["dx_at"]).fill_null(0).alias("dx_count")
    good = pl.DataFrame([claims[c.CLAIM_CHARGE].alias("total"), listed, *sums]).select(_WHOLE).to_series()
    if good.all():
        return []
    seen = claims.with_columns(pl.col(c.CLAIM_CHARGE).alias("total"), listed, *sums).filter(~good)
    seen = seen.with_columns(pl.when(pl.col("count") > 0).then("count").alias("count"))
    name = pl.col(c.CLAIM_ID).fill_null("without number")
    differs = seen.filter(pl.col("count") > 0, pl.col("unknown") == 0, pl.col("total") != pl.col("sum"))
    money = [_dollars(pl.col(n)) for n in ("total", "sum")]
    return [
        make("claim-without-lines", seen.filter(pl.col("count").is_null()), pl.format("Claim {} has no service line.", name)),
        make(
            "claim-without-diagnosis",
            seen.filter(pl.col("dx_count") == 0, pl.col("count") > 0),
            pl.format("Claim {} has no diagnosis.", name),
        ),
        make(
            "too-many-diagnoses",
            seen.filter(pl.col("dx_count") > MAX_DIAGNOSES),
            pl.format("Claim {} has more than {} diagnoses; those after are not read.", name, MAX_DIAGNOSES),
            segment=pl.col(c.HI_SEGMENT),
        ),
        make(
            "amount-not-numeric",
            seen.filter(pl.col("total").is_null()),
            pl.format("The total of claim {} is '{}', {}.", name, pl.col("total_text").fill_null(""), _no_number("total_text")),
            loop="2300", element="CLM02",
        ),
        make("claim-total-mismatch", differs, pl.format("Claim {} says {} in all, but its lines add up to {}.", name, *money)),
        make(
            "too-many-lines",
            seen.filter(pl.col("count") > MOST_LINES),
            pl.format("Claim {} has {} lines; an 837P claim holds {}.", name, pl.col("count"), MOST_LINES),
        ),
    ]  # fmt: skip


def _sums(claims: pl.DataFrame, lines: Lines) -> list[pl.Series]:
    """Per claim the sum of its charges, how many are unknown, and how many lines it has."""
    clm, charge = lines.ordinals["clm"].to_numpy(), lines.frame[c.CHARGE]
    at = claims["clm"].to_numpy()
    most = int(max(at.max(initial=0), clm.max(initial=0))) + 1
    # a sum of integers below 2**53 is exact in floating point
    weights = {"sum": charge.fill_null(0).to_numpy(), "unknown": charge.is_null().to_numpy(), "count": None}
    return [pl.Series(n, np.bincount(clm, w, minlength=most)[at]).cast(pl.Int64) for n, w in weights.items()]


def _dollars(cents: pl.Expr) -> pl.Expr:
    return (
        (cents / 100).round(2).map_batches(lambda s: s.cast(pl.Decimal(18, 2)).cast(pl.String), return_dtype=pl.String)
    )


def _no_number(text: str) -> pl.Expr:
    """What a text is that stands for no amount."""
    large = pl.col(text).str.contains(NUMBER_PATTERN) & (pl.col(text).cast(pl.Float64, strict=False).abs() > MOST)
    return pl.when(large).then(pl.lit("not a number of eight digits")).otherwise(pl.lit("not a number"))


def _loop(loops: dict[str, str]) -> pl.Expr:
    return pl.col("e1").replace_strict(loops, default=None, return_dtype=pl.String)


def _providers(wrong: pl.DataFrame, claims: pl.DataFrame, lines: Lines) -> list[pl.DataFrame]:
    if wrong.is_empty() and not claims["billing_npi"].null_count():
        return []
    wrong = attach(wrong, claims.select("clm", c.CLAIM_INDEX, c.CLAIM_ID), "clm")
    # a name above the claims belongs to no claim: its ordinal of CLM is that of an earlier one
    inside = pl.col("in_claim")
    wrong = wrong.with_columns(pl.when(inside).then(pl.col(n)).alias(n) for n in (c.CLAIM_INDEX, c.CLAIM_ID))
    role = pl.col("e1").replace_strict(
        {"85": "billing provider", "82": "rendering provider", "DN": "referring provider", "DQ": "supervising provider",
         "77": "service location", "DK": "ordering provider", "P3": "primary care provider",
         "QB": "purchased service provider"},
        default="other provider", return_dtype=pl.String,
    )  # fmt: skip
    in_line, in_other = pl.col("in_line"), pl.col("in_other")
    loop = (
        pl.when(in_line).then(_loop(_IN_LINE)).when(in_other).then(_loop(_IN_OTHER))
        .when(inside).then(_loop(_IN_CLAIM)).otherwise(_loop(_ABOVE))
    )  # fmt: skip
    wrong = attach(wrong, lines.ordinals.select("lx").hstack([lines.frame[c.LINE]]), "lx")
    wrong = wrong.with_columns(pl.when(in_line).then(pl.col(c.LINE)).alias(c.LINE))
    npi = pl.col("e9").fill_null("")
    message = pl.format("The {}'s NPI '{}' {}.", role, npi, npi_fault(npi))
    without = claims.filter(pl.col("billing_npi").is_null())
    said = pl.format("The billing provider of claim {} has no NPI.", pl.col(c.CLAIM_ID).fill_null("without number"))
    return [make("npi-check-digit", wrong, message, loop=loop), make("npi-missing", without, said)]


def _where() -> pl.Expr:
    return pl.format("Line {} of claim {}", pl.col(c.LINE), pl.col(c.CLAIM_ID).fill_null("without number"))


def _numbering(unpaired: pl.DataFrame, claims: pl.DataFrame) -> list[pl.DataFrame]:
    """LX and SV1 come in pairs: where one lacks the other, a line is missing or runs into its neighbour."""
    if unpaired.is_empty():
        return []
    rows = attach(unpaired, claims.select("clm", c.CLAIM_INDEX, c.CLAIM_ID), "clm")
    name = pl.col(c.CLAIM_ID).fill_null("without number")
    is_lx, inside = pl.col("e0") == "LX", pl.col("in_claim")
    return [
        make("line-without-service", rows.filter(is_lx, inside), pl.format("LX {} of claim {} has no SV1.", pl.col("e1").fill_null(""), name)),
        make("service-without-line", rows.filter(~is_lx, inside), pl.format("A service of claim {} has no LX before it.", name)),
        make("service-outside-claim", rows.filter(~is_lx, ~inside), pl.lit("An SV1 stands in no claim; it is not read."), claim_index=None, claim_id=None),
    ]  # fmt: skip


def _amounts(lines: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        make(
            "amount-not-numeric",
            lines.filter(pl.col(c.CHARGE).is_null()),
            pl.format(
                "{}: the charge is '{}', {}.", _where(), pl.col("charge_text").fill_null(""), _no_number("charge_text")
            ),
        ),
        make(
            "amount-negative",
            lines.filter(pl.col(c.CHARGE) < 0),
            pl.format("{}: the charge {} is below zero.", _where(), pl.col("charge_text")),
        ),
        make(
            "units-not-numeric",
            lines.filter(pl.col(c.UNITS).is_null() | (pl.col(c.UNITS) <= 0)),
            pl.format(
                "{}: the units are '{}', {} above zero.",
                _where(),
                pl.col("units_text").fill_null(""),
                _no_number("units_text"),
            ),
        ),
    ]


def _dates(lines: pl.DataFrame) -> list[pl.DataFrame]:
    start, end = pl.col(c.SERVICE_FROM), pl.col(c.SERVICE_TO)
    given = pl.col("date_text").is_not_null()
    bad = given & (start.is_null() | end.is_null())
    strange = (start.dt.year() < 1990) | (start.dt.year() > 2079) | (end < start)
    at = pl.coalesce("date_segment", "claim_date_segment", NUMBER)
    shown = pl.col("date_text").fill_null("")
    return [
        make("missing-service-date", lines.filter(~given), pl.format("{} has no service date.", _where())),
        make(
            "invalid-service-date",
            lines.filter(bad),
            pl.format("{}: '{}' is not a service date.", _where(), shown),
            segment=at,
        ),
        make(
            "service-date-out-of-range",
            lines.filter(given & ~bad & strange),
            pl.format("{}: the service date '{}' cannot be right.", _where(), shown),
            segment=at,
        ),
    ]


def _pointers(lines: pl.DataFrame) -> list[pl.DataFrame]:
    have = pl.col("dx_count").fill_null(0)
    wrong = pl.any_horizontal(
        pl.col(p).is_not_null() & pl.col(d).is_null() for p, d in zip(PLACES, c.DIAGNOSES, strict=True)
    )
    message = (
        pl.when("fifth")
        .then(
            pl.format("{} points to '{}': a line points to four diagnoses at most.", _where(), pl.col("pointer_text"))
        )
        .otherwise(
            pl.format("{} points to '{}', but the claim has {} diagnoses.", _where(), pl.col("pointer_text"), have)
        )
    )
    missing = lines.filter(pl.col("pointer_text").is_null(), have > 0)
    return [
        make("diagnosis-pointer-out-of-range", lines.filter(wrong | pl.col("fifth"), have > 0), message),
        make("diagnosis-pointer-missing", missing, pl.format("{} points to no diagnosis.", _where())),
    ]


def _procedures(lines: pl.DataFrame) -> list[pl.DataFrame]:
    code = pl.col(c.CODE)
    qualifier = pl.col("qualifier")
    malformed = lines.filter(qualifier == "HC", code != "", ~code.str.contains(r"^[0-9A-Z]{5}$"))
    other = lines.filter(code.is_not_null(), (qualifier != "HC") | qualifier.is_null())
    return [
        make("missing-procedure", lines.filter(code.is_null() | (code == "")), pl.format("{} has no code.", _where())),
        make(
            "procedure-qualifier-not-hc",
            other,
            pl.format("{}: its code is of set '{}', not HCPCS.", _where(), qualifier.fill_null("")),
        ),
        make("procedure-malformed", malformed, pl.format("{}: '{}' is not a code of five characters.", _where(), code)),
    ]
