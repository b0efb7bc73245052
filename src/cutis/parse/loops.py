"""Segment frame to claims and lines: each loop's facts are gathered by the ordinal of the loop they stand in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.parse.interchange import Delimiters
from cutis.parse.segments import ID, NUMBER, is_segment

PROFESSIONAL: Final = "005010X222"
MAX_DIAGNOSES: Final = 12

# SBR09 claim filing indicator to the kind of payer; others are "other".
PAYER_KINDS: Final = {
    "MB": "medicare", "MA": "medicare", "16": "medicare", "MC": "medicaid", "WC": "workers-comp",
    "CI": "commercial", "BL": "commercial", "HM": "commercial", "12": "commercial", "13": "commercial",
    "14": "commercial", "15": "commercial", "17": "commercial", "CH": "other", "VA": "other", "AM": "other",
}  # fmt: skip


# Elements read of each segment; gathering no more is what keeps the reader fast.
_PLACE: Final = ("st", "hl", "clm", "lx", "nm1", "in_claim", "in_line", "in_other", NUMBER)
USED: Final = {
    "HL": ("e1", "e2", "e3"), "NM1": ("e1", "e3", "e4", "e8", "e9"), "N4": ("e2", "e3"), "DMG": ("e2", "e3"),
    "PRV": ("e1", "e3"), "SBR": ("e1", "e9"), "CLM": ("e1", "e2", "e5"), "REF": ("e1", "e2"), "NTE": ("e2",),
    "K3": ("e1",), "HI": tuple(f"e{i}" for i in range(1, MAX_DIAGNOSES + 1)), "DTP": ("e1", "e2", "e3"),
    "SV1": ("e1", "e2", "e3", "e4", "e5", "e7"), "LIN": ("e2", "e3"),
}  # fmt: skip
Of = Callable[[str], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Loops:
    """Claims and lines as read, before they are judged.

    Attributes:
        claims: one row per CLM of an 837P.
        lines: one row per SV1, raw elements as strings beside their values.
        hl: one row per HL.
        names: one row per NM1 with an NPI qualifier.
        refused: CLM rows of transactions that are no 837P.
        foreign: ST rows of these transactions.
    """

    claims: pl.DataFrame
    lines: pl.DataFrame
    hl: pl.DataFrame
    names: pl.DataFrame
    refused: pl.DataFrame
    foreign: pl.DataFrame


def gather(frame: pl.DataFrame, delimiters: Delimiters) -> Loops:
    """Gather claims and lines from a numbered segment frame.

    Args:
        frame: from `segments.numbered`, context rows of the piece before included.
        delimiters: of the piece.
    """
    frame, foreign, refused = _professional(frame)
    cache: dict[str, pl.DataFrame] = {}

    def of(segment: str) -> pl.DataFrame:
        if segment not in cache:
            chosen = frame.select(ID, *USED[segment], *_PLACE).lazy().filter(is_segment(segment))
            cache[segment] = chosen.drop(ID).collect()
        return cache[segment]

    hl = _hierarchy(of("HL"))
    names = of("NM1")
    claims = _claims(of, hl, names, delimiters)
    lines = _lines(of, names, delimiters)
    return Loops(claims, lines, hl, names, refused, foreign)


def _professional(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The frame without transactions that are no 837P, their ST rows, and their CLM rows."""
    heads = frame.select(ID, "e0", "e1", "e3", "e8", "st", NUMBER).filter(is_segment("GS", "ST"))
    version = pl.when(pl.col("e0") == "GS").then(pl.col("e8")).forward_fill()
    sts = heads.with_columns(version.alias("version")).filter(pl.col("e0") == "ST")
    sts = sts.with_columns(pl.coalesce("e3", "version").alias("version"))
    good = (pl.col("e1") == "837") & pl.col("version").str.starts_with(PROFESSIONAL)
    foreign = sts.filter(~good.fill_null(value=False))
    if foreign.is_empty():
        return frame, foreign, frame.clear()
    bad = pl.col("st").is_in(foreign["st"].implode())
    return frame.filter(~bad), foreign, frame.filter(bad, is_segment("CLM"))


def _hierarchy(hl: pl.DataFrame) -> pl.DataFrame:
    """HL rows with the ordinals of the billing provider's and the subscriber's loop above each."""
    level = pl.col("e3")

    def last(code: str) -> pl.Expr:
        return pl.when(level == code).then(pl.col("hl")).forward_fill()

    return hl.select(
        "st", "hl", NUMBER, pl.col("e1").alias("number"), pl.col("e2").alias("parent"), level.alias("level"),
        last("20").alias("bill"), last("22").alias("sub"),
    )  # fmt: skip


def _one(rows: pl.DataFrame, key: str, **columns: str | pl.Expr) -> pl.DataFrame:
    """The first row per key, with the columns named."""
    exprs = [(pl.col(e) if isinstance(e, str) else e).alias(n) for n, e in columns.items()]
    return rows.select(key, *exprs).unique(key, keep="first", maintain_order=True)


def _claims(of: Of, hl: pl.DataFrame, names: pl.DataFrame, delimiters: Delimiters) -> pl.DataFrame:
    above = ~pl.col("in_claim")
    place = _one(of("N4"), "nm1", state=pl.col("e2").str.to_uppercase(), zip="e3")
    born = _one(of("DMG"), "nm1", birth=pl.col("e2").str.to_date("%Y%m%d", strict=False), sex="e3")

    def named(entity: str) -> pl.DataFrame:
        return names.filter(above & (pl.col("e1") == entity))

    billing = _one(named("85"), "hl", nm1="nm1", billing_npi="e9", billing_segment=NUMBER)
    billing = billing.join(place, on="nm1", how="left").drop("nm1")
    specialty = _one(of("PRV").filter(above & (pl.col("e1") == "BI")), "hl", billing_taxonomy="e3")
    subscriber = _one(of("SBR").filter(above), "hl", payer_rank="e1", filing="e9")
    member = _one(named("IL"), "hl", nm1="nm1", member="e9", last="e3", first="e4")
    member = member.join(born, on="nm1", how="left").drop("nm1")
    payer = _one(named("PR"), "hl", payer_id="e9")
    patient = _one(named("QC"), "hl", nm1="nm1", q_last="e3", q_first="e4")
    patient = patient.join(born.rename({"birth": "q_birth", "sex": "q_sex"}), on="nm1", how="left").drop("nm1")

    inner = pl.col("in_claim") & ~pl.col("in_line") & ~pl.col("in_other")
    rendering = _one(names.filter(inner & (pl.col("e1") == "82")), "clm", claim_rendering="e9", nm1="nm1")
    rendering = rendering.join(
        _one(of("PRV").filter(pl.col("e1") == "PE"), "nm1", claim_taxonomy="e3"), on="nm1", how="left"
    ).drop("nm1")
    facility = _one(names.filter(inner & (pl.col("e1") == "77")), "clm", nm1="nm1")
    facility = facility.join(place.rename({"state": "f_state", "zip": "f_zip"}), on="nm1", how="left").drop("nm1")
    refs = of("REF").filter(inner)

    box = pl.col("e5").str.split_exact(delimiters.component, 2)
    claims = (
        of("CLM")
        .select(
            "st", "hl", "clm", pl.col(NUMBER).alias(c.CLM_SEGMENT), pl.col("e1").alias(c.CLAIM_ID),
            pl.col("e2").alias("total_text"), box.struct[0].alias("claim_pos"), box.struct[2].alias(c.FREQUENCY),
        )
        .join(hl.select("hl", "bill", "sub", "level"), on="hl", how="left", maintain_order="left")
    )  # fmt: skip
    for table, key in ((billing, "bill"), (specialty, "bill"), (subscriber, "sub"), (member, "sub"), (payer, "sub")):
        claims = claims.join(table, left_on=key, right_on="hl", how="left", maintain_order="left")
    claims = claims.join(patient, on="hl", how="left", maintain_order="left")
    extra = (
        rendering, facility, _diagnoses(of("HI").filter(pl.col("in_claim")), delimiters),
        _one(refs.filter(pl.col("e1") == "G1"), "clm", authorization="e2"),
        _one(refs.filter(pl.col("e1") == "X4"), "clm", claim_clia="e2"), _notes(of, inner),
        _one(of("DTP").filter(inner & pl.col("e1").is_in(["472", "431"])), "clm", claim_date="e3"),
    )  # fmt: skip
    for table in extra:
        claims = claims.join(table, on="clm", how="left", maintain_order="left")
    return claims


def _notes(of: Of, inner: pl.Expr) -> pl.DataFrame:
    rows = [
        of("NTE").filter(inner).select("clm", pl.col("e2").alias("text")),
        of("K3").filter(inner).select("clm", pl.col("e1").alias("text")),
    ]
    return pl.concat(rows).group_by("clm", maintain_order=True).agg(pl.col("text").str.join(" | ").alias(c.CLAIM_NOTE))


def _diagnoses(hi: pl.DataFrame, delimiters: Delimiters) -> pl.DataFrame:
    """Per claim its diagnoses in order, as a list, and the number of its first HI."""
    schema: dict[str, pl.DataType] = {"clm": pl.UInt32(), "dx": pl.List(pl.String), c.HI_SEGMENT: pl.UInt32()}
    used = [f"e{i}" for i in range(1, MAX_DIAGNOSES + 1) if hi[f"e{i}"].null_count() < hi.height]
    if not used:
        return pl.DataFrame(schema=schema)
    codes = []
    for element in used:
        parts = pl.col(element).str.split_exact(delimiters.component, 1)
        is_dx = parts.struct[0].is_in(["ABK", "ABF", "BK", "BF"])
        codes.append(pl.when(is_dx).then(parts.struct[1].str.to_uppercase()).alias(element))
    rows = hi.select("clm", NUMBER, *codes).select("clm", NUMBER, pl.concat_list(used).list.drop_nulls().alias("dx"))
    first = rows.unique("clm", keep="first", maintain_order=True)
    if first.height == rows.height:
        return rows.select("clm", "dx", pl.col(NUMBER).alias(c.HI_SEGMENT))
    return (
        rows.explode("dx", empty_as_null=True, keep_nulls=True)
        .group_by("clm", maintain_order=True)
        .agg(pl.col("dx").drop_nulls(), pl.col(NUMBER).first().alias(c.HI_SEGMENT))
    )


def _lines(of: Of, names: pl.DataFrame, delimiters: Delimiters) -> pl.DataFrame:
    inner = pl.col("in_line")
    procedure = pl.col("e1").str.split_exact(delimiters.component, 6)
    pointers = pl.col("e7").str.split_exact(delimiters.component, 3)
    lines = (
        of("SV1")
        .filter(inner)
        .select(
            "clm", "lx", NUMBER,
            procedure.struct[0].alias("qualifier"), procedure.struct[1].str.to_uppercase().alias(c.CODE),
            *(_filled(procedure.struct[i + 2]).alias(m) for i, m in enumerate(c.MODIFIERS)),
            _filled(procedure.struct[6]).alias("described"),
            pl.col("e2").alias("charge_text"), pl.col("e3").alias(c.UNIT_BASIS), pl.col("e4").alias("units_text"),
            pl.col("e5").alias("line_pos"), pl.col("e7").alias("pointer_text"),
            *(_filled(pointers.struct[i]).alias(f"p{i + 1}") for i in range(4)),
        )
    )  # fmt: skip
    refs = of("REF").filter(inner)
    local = names.filter(inner)
    dates = of("DTP").filter(inner & (pl.col("e1") == "472"))
    drugs = of("LIN").filter(inner & (pl.col("e2") == "N4"))
    notes = of("NTE").filter(inner).group_by("lx", maintain_order=True).agg(pl.col("e2").str.join(" | ").alias("noted"))
    tables = (
        _one(dates, "lx", date_form="e2", date_text="e3", date_segment=NUMBER),
        _one(local.filter(pl.col("e1") == "82"), "lx", line_rendering="e9"),
        _one(refs.filter(pl.col("e1") == "X4"), "lx", line_clia="e2"),
        _one(refs.filter(pl.col("e1") == "G1"), "lx", line_authorization="e2"),
        _one(drugs, "lx", ndc="e3"),
        notes,
    )
    for table in tables:
        lines = lines.join(table, on="lx", how="left", maintain_order="left")
    return lines


def _filled(text: pl.Expr) -> pl.Expr:
    """Null in place of an empty component."""
    return pl.when(text != "").then(text)
