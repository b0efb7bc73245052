"""Segments of an 835 to payments, claims, lines and adjustments, by the ordinal of the loop that each stands in."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c
from cutis.model import remittance as r
from cutis.parse.interchange import BLANKS, Delimiters
from cutis.parse.numbers import NUMBER_PATTERN, amount
from cutis.parse.segments import NUMBER

Ints = npt.NDArray[np.int64]
VERSION: Final = "005010X221"
TRIPLETS: Final = 6  # adjustments that one CAS may hold
KNOWN: Final = frozenset(
    ("ISA", "GS", "ST", "BPR", "NTE", "TRN", "CUR", "REF", "DTM", "N1", "N3", "N4", "PER", "RDM", "LX", "TS3", "TS2", "CLP",
     "CAS", "NM1", "MIA", "MOA", "AMT", "QTY", "SVC", "LQ", "PLB", "SE", "GE", "IEA", "TA1")
)  # fmt: skip
_MIA_REMARKS: Final = (5, 20, 21, 22, 23)
_MOA_REMARKS: Final = (3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Loops:
    """What an interchange holds, raw texts beside the values.

    Attributes:
        heads: one row per ST of an 835.
        claims: one row per CLP.
        services: one row per SVC within a claim.
        adjustments: one row per adjustment of a CAS within a claim.
        provider: one row per adjustment of a PLB.
        remarks: `claim`, `service` (null for MIA and MOA) and `remark`.
        loose: SVC and CAS that stand outside any claim.
        foreign: ST rows that are no 835, with `version`.
        refused: CLP rows within these.
        strays: segments that no 835 may hold.
    """

    heads: pl.DataFrame
    claims: pl.DataFrame
    services: pl.DataFrame
    adjustments: pl.DataFrame
    provider: pl.DataFrame
    remarks: pl.DataFrame
    loose: pl.DataFrame
    foreign: pl.DataFrame
    refused: pl.DataFrame
    strays: pl.DataFrame


class Rows:
    """Segments by identifier, each with the ordinals of its payment, claim and line.

    Args:
        data: bytes of one interchange.
        delimiters: of it.
        before: segments of the file before it.
    """

    def __init__(self, data: bytes, delimiters: Delimiters, before: int) -> None:
        text = pl.Series([data.decode("utf-8", errors="replace")]).str.split(delimiters.segment).explode()
        text = text.str.strip_chars(BLANKS.decode())
        self.text = text.filter(text != "")
        self._element = delimiters.element
        self._id = self.text.str.splitn(delimiters.element, 2).struct[0].fill_null("").to_numpy()
        self._before = before
        row = np.arange(1, len(self._id) + 1, dtype=np.int64)

        def last(*names: str) -> Ints:
            places = np.where(np.isin(self._id, names), row, 0)
            return np.maximum.accumulate(places) if len(row) else places

        clp, svc = last("CLP"), last("SVC")
        in_claim = clp > last("ST", "SE", "LX", "PLB", "GE", "IEA", "ISA")
        self._place = {
            "st": np.cumsum(self._id == "ST").astype(np.uint32),
            "clp": np.cumsum(self._id == "CLP").astype(np.uint32),
            "svc": np.cumsum(self._id == "SVC").astype(np.uint32),
            "in_claim": in_claim,
            "in_line": in_claim & (svc > clp),
        }

    def count(self, name: str) -> int:
        """How many segments are of a kind."""
        return int(np.count_nonzero(self._id == name))

    def of(self, *names: str, elements: int) -> pl.DataFrame:
        """Elements `e0` to `eN` of the segments of these kinds, their number in the file and their ordinals."""
        return self._at(np.flatnonzero(np.isin(self._id, names)), elements)

    def strays(self) -> pl.DataFrame:
        """Segments with an identifier that no 835 has."""
        return self._at(np.flatnonzero(~np.isin(self._id, list(KNOWN))), 1)

    def _at(self, rows: Ints, elements: int) -> pl.DataFrame:
        parts = self.text.gather(pl.Series(rows)).str.split(self._element).alias("parts").to_frame()
        part = pl.col("parts").list
        cells = [part.get(i, null_on_oob=True).alias(f"e{i}") for i in range(elements + 1)]
        frame = parts.select(pl.when(cell != "").then(cell).alias(f"e{i}") for i, cell in enumerate(cells))
        number = pl.Series(NUMBER, rows + 1 + self._before, dtype=pl.UInt32)
        return frame.with_columns(number, *(pl.Series(n, a[rows]) for n, a in self._place.items()))


def gather(rows: Rows, delimiters: Delimiters) -> Loops:
    """Gather an interchange's payments, claims and lines.

    Args:
        rows: its segments.
        delimiters: of it.
    """
    heads, foreign = _transactions(rows)
    bad = foreign["st"].implode()
    own = ~pl.col("st").is_in(bad)
    inside, line = pl.col("in_claim"), pl.col("in_line")
    clp = rows.of("CLP", elements=9)
    svc = rows.of("SVC", elements=7).filter(own)
    cas = rows.of("CAS", elements=1 + 3 * TRIPLETS).filter(own)
    outside = [t.filter(~inside).select("e0", NUMBER, "st") for t in (svc, cas)]
    return Loops(
        heads=_heads(rows, heads),
        claims=_claims(rows, clp.filter(own)),
        services=_services(rows, svc.filter(inside), delimiters),
        adjustments=_adjustments(cas.filter(inside).with_columns(pl.when(line).then(pl.col("svc")).alias("svc"))),
        provider=_provider(rows.of("PLB", elements=14).filter(own), delimiters),
        remarks=_remarks(rows, own & inside),
        loose=pl.concat(outside),
        foreign=foreign,
        refused=clp.filter(~own),
        strays=rows.strays(),
    )


def _transactions(rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """ST rows of 835s and those of anything else."""
    groups = rows.of("GS", elements=8).select(NUMBER, pl.col("e8").alias("version"))
    sts = (
        rows.of("ST", elements=3).join_asof(groups, on=NUMBER)
        if groups.height
        else rows.of("ST", elements=3).with_columns(version=None)
    )
    sts = sts.with_columns(pl.coalesce("e3", pl.col("version").cast(pl.String)).alias("version"))
    good = ((pl.col("e1") == "835") & pl.col("version").str.starts_with(VERSION)).fill_null(value=False)
    return sts.filter(good), sts.filter(~good)


def _first(frame: pl.DataFrame, key: str, **columns: pl.Expr) -> pl.DataFrame:
    """The first row per key with the columns named."""
    return frame.select(key, *(e.alias(n) for n, e in columns.items())).unique(key, keep="first", maintain_order=True)


def day(name: str) -> pl.Expr:
    """A date of the form YYYYMMDD; null where it is none."""
    return pl.col(name).str.to_date("%Y%m%d", strict=False)


def _heads(rows: Rows, heads: pl.DataFrame) -> pl.DataFrame:
    top = ~pl.col("in_claim")
    party = rows.of("N1", elements=4).filter(top)
    tables = [
        _first(rows.of("BPR", elements=16), "st", bpr_segment=pl.col(NUMBER), paid_text=pl.col("e2"), method=pl.col("e4"), bpr_day=day("e16")),
        _first(rows.of("TRN", elements=3), "st", trace=pl.col("e2")),
        _first(rows.of("DTM", elements=2).filter(top & (pl.col("e1") == "405")), "st", made=day("e2")),
        _first(party.filter(pl.col("e1") == "PR"), "st", payer=pl.col("e2")),
        _first(party.filter(pl.col("e1") == "PE"), "st", payee_npi=pl.when(pl.col("e3") == "XX").then(pl.col("e4"))),
    ]  # fmt: skip
    out = heads.select("st", NUMBER)
    for table in tables:
        out = out.join(table, on="st", how="left", maintain_order="left")
    return out.with_columns(amount("paid_text").alias(r.PAID), pl.coalesce("bpr_day", "made").alias(r.PAID_ON))


def _claims(rows: Rows, clp: pl.DataFrame) -> pl.DataFrame:
    dates = rows.of("DTM", elements=2).filter(pl.col("in_claim") & ~pl.col("in_line"))
    claims = clp.select(
        "st", "clp", NUMBER, pl.col("e1").alias(c.CLAIM_ID), pl.col("e2").alias(r.STATUS), pl.col("e3").alias("charge_text"),
        pl.col("e4").alias("paid_text"), pl.col("e5").alias("patient_text"), pl.col("e7").alias(r.PAYER_CONTROL),
        pl.col("e9").alias(c.FREQUENCY),
    ).with_columns(
        amount("charge_text").alias(r.CLAIM_CHARGE), amount("paid_text").alias(r.CLAIM_PAID), amount("patient_text").alias(r.PATIENT_SHARE)
    )  # fmt: skip
    for qualifier, name in (("232", "claim_from"), ("233", "claim_to")):
        found = _first(dates.filter(pl.col("e1") == qualifier), "clp", **{name: day("e2")})
        claims = claims.join(found, on="clp", how="left", maintain_order="left")
    return claims


def _services(rows: Rows, svc: pl.DataFrame, delimiters: Delimiters) -> pl.DataFrame:
    line = pl.col("in_line")
    dates = rows.of("DTM", elements=2).filter(line)
    services = svc.select(
        "st", "clp", "svc", NUMBER, _separated("e1", delimiters).alias("procedure"), _foreign_separator("e1", delimiters).alias("foreign"),
        pl.col("e1").alias("procedure_text"), pl.col("e2").alias("charge_text"), pl.col("e3").alias("paid_text"),
        pl.col("e5").alias("units_text"), pl.col("e6").alias("billed_as"), pl.col("e7").alias("billed_text"),
    )  # fmt: skip
    part = pl.col("procedure").list
    services = services.with_columns(
        part.get(0, null_on_oob=True).alias("qualifier"),
        part.get(1, null_on_oob=True).str.to_uppercase().alias(c.CODE),
        *(_filled(part.get(2 + i, null_on_oob=True)).alias(m) for i, m in enumerate(c.MODIFIERS)),
        amount("charge_text").alias(c.CHARGE),
        amount("paid_text").alias(r.PAID),
        _number("units_text").fill_null(1.0).alias(r.UNITS_PAID),
        pl.coalesce(_number("billed_text"), _number("units_text"), pl.lit(1.0)).alias(c.UNITS),
    )
    tables = [
        _first(dates.filter(pl.col("e1").is_in(["472", "150"])), "svc", service_from=day("e2"), date_text=pl.col("e2"), date_segment=pl.col(NUMBER)),
        _first(dates.filter(pl.col("e1") == "151"), "svc", service_to=day("e2")),
        _first(rows.of("REF", elements=2).filter(line & (pl.col("e1") == "6R")), "svc", line_control=pl.col("e2")),
        _first(rows.of("AMT", elements=2).filter(line & (pl.col("e1") == "B6")), "svc", allowed_text=pl.col("e2")),
    ]  # fmt: skip
    for table in tables:
        services = services.join(table, on="svc", how="left", maintain_order="left")
    return services.with_columns(amount("allowed_text").alias(r.ALLOWED))


def _separated(name: str, delimiters: Delimiters) -> pl.Expr:
    """Components of a procedure; where the payer used another separator than ISA declares, by that one."""
    text = pl.col(name)
    plain = text.str.split(delimiters.component)
    other = text.str.replace_all(r"[^0-9A-Za-z. -]", delimiters.component).str.split(delimiters.component)
    return pl.when(_foreign_separator(name, delimiters)).then(other).otherwise(plain)


def _foreign_separator(name: str, delimiters: Delimiters) -> pl.Expr:
    text = pl.col(name)
    declared = text.str.contains(delimiters.component, literal=True)
    return (~declared & text.str.contains(r"^[A-Z][A-Z0-9][^0-9A-Za-z]")).fill_null(value=False)


def _number(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(NUMBER_PATTERN)).then(pl.col(name).cast(pl.Float64, strict=False))


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _adjustments(cas: pl.DataFrame) -> pl.DataFrame:
    parts = [
        cas.select(
            "st", "clp", "svc", NUMBER, pl.lit(at, dtype=pl.UInt8).alias("place"), pl.col("e1").alias("group"),
            pl.col(f"e{2 + 3 * at}").alias("carc"), pl.col(f"e{3 + 3 * at}").alias("cents_text"),
            pl.col(f"e{4 + 3 * at}").alias("quantity_text"),
        )
        for at in range(TRIPLETS)
    ]  # fmt: skip
    given = pl.col("carc").is_not_null() | pl.col("cents_text").is_not_null() | (pl.col("place") == 0)
    return (
        pl.concat(parts)
        .filter(given)
        .sort(NUMBER, "place")
        .with_columns(amount("cents_text").alias("cents"), _number("quantity_text").alias("quantity"))
    )


def _provider(plb: pl.DataFrame, delimiters: Delimiters) -> pl.DataFrame:
    parts = [
        plb.select(
            "st", NUMBER, pl.col("e1").alias("provider"), day("e2").alias("period_end"),
            pl.col(f"e{at}").str.split(delimiters.component).alias("what"), pl.col(f"e{at + 1}").alias("cents_text"),
        )
        for at in range(3, 14, 2)
    ]  # fmt: skip
    what = pl.col("what").list
    return (
        pl.concat(parts)
        .filter(pl.col("what").is_not_null() | pl.col("cents_text").is_not_null())
        .sort(NUMBER, maintain_order=True)
        .with_columns(
            what.get(0, null_on_oob=True).alias("reason"),
            what.get(1, null_on_oob=True).alias("reference"),
            amount("cents_text").alias("cents"),
        )
        .drop("what")
    )


def _remarks(rows: Rows, own: pl.Expr) -> pl.DataFrame:
    line = rows.of("LQ", elements=2).filter(own & pl.col("in_line") & (pl.col("e1") == "HE"))
    parts = [line.select("clp", "svc", pl.col("e2").alias("remark"))]
    for name, places in (("MIA", _MIA_REMARKS), ("MOA", _MOA_REMARKS)):
        found = rows.of(name, elements=max(places)).filter(own)
        parts += [
            found.select("clp", pl.lit(None, dtype=pl.UInt32).alias("svc"), pl.col(f"e{p}").alias("remark"))
            for p in places
        ]
    return pl.concat(parts).drop_nulls("remark")
