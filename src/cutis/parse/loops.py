"""Segment frame to claims and lines: each loop's facts are gathered by the ordinal of the loop they stand in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.elements import word
from cutis.parse.segments import NUMBER, Segments

PROFESSIONAL: Final = "005010X222"
MAX_DIAGNOSES: Final = 12

# SBR09 claim filing indicator to the kind of payer; others are "other".
PAYER_KINDS: Final = {
    "MB": "medicare", "MA": "medicare", "16": "medicare", "MC": "medicaid", "WC": "workers-comp",
    "CI": "commercial", "BL": "commercial", "HM": "commercial", "12": "commercial", "13": "commercial",
    "14": "commercial", "15": "commercial", "17": "commercial", "CH": "other", "VA": "other", "AM": "other",
}  # fmt: skip


DX_QUALIFIERS: Final = ("ABK", "ABF", "BK", "BF")
DX: Final = tuple(f"dx{i}" for i in range(1, MAX_DIAGNOSES + 1))
Of = Callable[[str], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Loops:
    """Claims and lines as read, before they are judged.

    Attributes:
        claims: one row per CLM of an 837P.
        lines: one row per SV1, raw elements as strings beside their values.
        hl: one row per HL.
        names: one row per NM1, `is_npi` where its number is an NPI.
        unpaired: LX without SV1, SV1 without LX, and SV1 outside claims.
        refused: CLM rows of transactions that are no 837P.
        foreign: ST rows of these transactions.
    """

    claims: pl.DataFrame
    lines: pl.DataFrame
    hl: pl.DataFrame
    names: pl.DataFrame
    unpaired: pl.DataFrame
    refused: pl.DataFrame
    foreign: pl.DataFrame


def gather(segments: Segments) -> Loops:
    """Gather claims and lines from located segments, those carried over from the piece before included."""
    segments, foreign, refused = _professional(segments)
    cache: dict[str, pl.DataFrame] = {}

    def of(segment: str) -> pl.DataFrame:
        if segment not in cache:
            cache[segment] = segments.of(segment)
        return cache[segment]

    hl = _hierarchy(of("HL"))
    names = of("NM1").with_columns(pl.Series("is_npi", segments.marks.words(segments.kept("NM1"), 8) == word("XX")))
    claims = _claims(segments, of, hl, names)
    lines = _lines(segments, of, names)
    lone = segments.unpaired[segments.keep[segments.unpaired]]
    unpaired = segments.at(lone, (0, 1), ("clm", "in_claim"))
    return Loops(claims, lines, hl, names, unpaired, refused, foreign)


def _professional(segments: Segments) -> tuple[Segments, pl.DataFrame, pl.DataFrame]:
    """The segments marked where they stand in no 837P, the ST rows of such transactions, and their CLM rows."""
    heads = segments.at(segments.rows("GS", "ST"), (0, 1, 3, 8), ("st",))
    version = pl.when(pl.col("e0") == "GS").then(pl.col("e8")).forward_fill()
    sts = heads.with_columns(version.alias("version")).filter(pl.col("e0") == "ST")
    sts = sts.with_columns(pl.coalesce("e3", "version").alias("version"))
    good = (pl.col("e1") == "837") & pl.col("version").str.starts_with(PROFESSIONAL)
    foreign = sts.filter(~good.fill_null(value=False))
    clm = segments.rows("CLM")
    if foreign.is_empty():
        return segments, foreign, segments.at(clm[:0], (1,), ("clm",))
    bad = np.isin(segments.st, foreign["st"].to_numpy())
    return replace(segments, keep=~bad), foreign, segments.at(clm[bad[clm]], (1,), ("clm",))


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
    """The first row per key, with the columns named; keys are ordinals and stand in ascending order."""
    exprs = [(pl.col(e) if isinstance(e, str) else e).alias(n) for n, e in columns.items()]
    first = pl.col(key) != pl.col(key).shift(1)
    return rows.filter(first.fill_null(value=True)).select(key, *exprs)


def attach(left: pl.DataFrame, right: pl.DataFrame, on: str, right_on: str | None = None) -> pl.DataFrame:
    """Left join on ordinals, done by place instead of by hash.

    Args:
        left: keeps its rows and order.
        right: one row per key.
        on: ordinal in `left`, null where there is none.
        right_on: ordinal in `right` where it is called otherwise; it is not taken over.
    """
    key = right_on or on
    values = right.drop(key)
    if right.is_empty():
        return left.with_columns(pl.lit(None, dtype=t).alias(n) for n, t in values.schema.items())
    keys = right[key].to_numpy()
    wanted = left[on].fill_null(0).to_numpy()
    if len(keys) == len(wanted) and np.array_equal(keys, wanted):
        return left.hstack(values)
    most = max(int(keys.max()), int(wanted.max(initial=0)))
    place = np.full(most + 1, -1, dtype=np.int32)
    place[keys] = np.arange(len(keys), dtype=np.int32)
    found = place[wanted]
    rows = pl.Series(found)
    if (found < 0).any():
        rows = rows.set(rows < 0, None)
    return left.hstack(values.select(pl.all().gather(rows)))


def _claims(segments: Segments, of: Of, hl: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    above = ~pl.col("in_claim")
    place = _one(of("N4"), "nm1", state=pl.col("e2").str.to_uppercase(), zip="e3")
    born = _one(of("DMG"), "nm1", birth=pl.col("e2").str.to_date("%Y%m%d", strict=False), sex="e3")

    def named(entity: str) -> pl.DataFrame:
        return names.filter(above & (pl.col("e1") == entity))

    billing = _one(named("85"), "hl", nm1="nm1", billing_npi="e9", billing_segment=NUMBER)
    billing = attach(billing, place, "nm1").drop("nm1")
    specialty = _one(of("PRV").filter(above & (pl.col("e1") == "BI")), "hl", billing_taxonomy="e3")
    subscriber = _one(of("SBR").filter(above), "hl", payer_rank="e1", filing="e9")
    people = _people(segments)
    member = _one(named("IL"), "hl", nm1="nm1", member="e9")
    member = attach(attach(member, people, "nm1"), born, "nm1").drop("nm1")
    payer = _one(named("PR"), "hl", payer_id="e9")
    patient = attach(attach(_one(named("QC"), "hl", nm1="nm1"), people, "nm1"), born, "nm1").drop("nm1")
    patient = patient.rename({n: "q_" + n for n in ("last", "first", "birth", "sex")})

    inner = pl.col("in_claim") & ~pl.col("in_line") & ~pl.col("in_other")
    rendering = _one(names.filter(inner & (pl.col("e1") == "82")), "clm", claim_rendering="e9", nm1="nm1")
    rendering = attach(rendering, _one(of("PRV").filter(pl.col("e1") == "PE"), "nm1", claim_taxonomy="e3"), "nm1").drop(
        "nm1"
    )
    facility = _one(names.filter(inner & (pl.col("e1") == "77")), "clm", nm1="nm1")
    facility = attach(facility, place.rename({"state": "f_state", "zip": "f_zip"}), "nm1").drop("nm1")
    refs = of("REF").filter(inner)

    box = segments.marks.components(segments.kept("CLM"), 5, ("claim_pos", None, c.FREQUENCY))
    claims = (
        of("CLM").rename({NUMBER: c.CLM_SEGMENT, "e1": c.CLAIM_ID, "e2": "total_text"}).with_columns(**box)
    ).with_columns(_filled(pl.col("claim_pos")), _filled(pl.col(c.FREQUENCY)))
    claims = attach(claims, hl.select("hl", "bill", "sub", "level"), "hl")
    for table, key in ((billing, "bill"), (specialty, "bill"), (subscriber, "sub"), (member, "sub"), (payer, "sub")):
        claims = attach(claims, table, key, "hl")
    claims = attach(claims, patient, "hl")
    extra = (
        rendering, facility, _diagnoses(segments),
        _one(refs.filter(pl.col("e1") == "G1"), "clm", authorization="e2"),
        _one(refs.filter(pl.col("e1") == "X4"), "clm", claim_clia="e2"), _notes(of, inner),
        # only the date of service: the onset of the illness (431) is another day
        _one(of("DTP").filter(inner & (pl.col("e1") == "472")), "clm", claim_date="e3", claim_date_segment=NUMBER),
    )  # fmt: skip
    for table in extra:
        claims = attach(claims, table, "clm")
    return claims


def _people(segments: Segments) -> pl.DataFrame:
    """Last and first names of subscribers and patients."""
    rows = segments.kept("NM1")
    rows = rows[np.isin(segments.marks.words(rows, 1), [word("IL"), word("QC")]) & ~segments.in_claim[rows]]
    return segments.at(rows, (3, 4), ("nm1",)).select("nm1", pl.col("e3").alias("last"), pl.col("e4").alias("first"))


def _notes(of: Of, inner: pl.Expr) -> pl.DataFrame:
    rows = [
        of("NTE").filter(inner).select("clm", pl.col("e2").alias("text")),
        of("K3").filter(inner).select("clm", pl.col("e1").alias("text")),
    ]
    return pl.concat(rows).group_by("clm", maintain_order=True).agg(pl.col("text").str.join(" | ").alias(c.CLAIM_NOTE))


def _diagnoses(segments: Segments) -> pl.DataFrame:
    """Per claim its diagnoses in order as `dx1` to `dx12`, how many (`dx_count`), and the number of its first HI."""
    places = segments.kept("HI")
    places = places[segments.in_claim[places]]
    parts = pl.DataFrame({"clm": segments.clm[places], c.HI_SEGMENT: segments.number[places]})
    used = []
    for element in range(1, MAX_DIAGNOSES + 2):  # one more, to see that there are too many
        both = segments.marks.components(places, element, ("q", "c"))
        if both["q"].null_count() == len(places):
            continue
        used.append(f"e{element}")
        parts = parts.with_columns(both["q"].alias(f"q_e{element}"), both["c"].alias(f"e{element}"))
    if not used:
        schema = {"clm": pl.UInt32(), c.HI_SEGMENT: pl.UInt32(), "dx_count": pl.UInt32()}
        return pl.DataFrame(schema=schema | dict.fromkeys(DX, pl.String()))
    codes = [pl.when(pl.col(f"q_{e}").is_in(DX_QUALIFIERS)).then(pl.col(e).str.to_uppercase()).alias(e) for e in used]
    rows = parts.select("clm", c.HI_SEGMENT, *codes)
    if _one(rows, "clm").height < rows.height or not _without_gaps(rows, used):
        rows, used = _listed(rows, used)
    wide = {d: (used[i] if i < len(used) else None) for i, d in enumerate(DX)}
    counted = rows.with_columns(
        pl.sum_horizontal(pl.col(u).is_not_null() for u in used).cast(pl.UInt32).alias("dx_count")
    )
    exprs = [(pl.col(e) if e else pl.lit(None, dtype=pl.String)).alias(d) for d, e in wide.items()]
    return counted.select("clm", c.HI_SEGMENT, "dx_count", *exprs)


def _without_gaps(rows: pl.DataFrame, used: list[str]) -> bool:
    """Whether no row has a diagnosis after an element that is none."""
    gaps = [pl.col(used[i]).is_null() & pl.col(used[i + 1]).is_not_null() for i in range(len(used) - 1)]
    return not gaps or not bool(rows.select(pl.any_horizontal(gaps).any()).item())


def _listed(rows: pl.DataFrame, used: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """The rare ways: several HI a claim, or other codes between diagnoses; closed up through lists."""
    lists = rows.select("clm", c.HI_SEGMENT, pl.concat_list(used).list.drop_nulls().alias("dx"))
    joined = (
        lists.explode("dx", empty_as_null=True, keep_nulls=True)
        .group_by("clm", maintain_order=True)
        .agg(pl.col("dx").drop_nulls(), pl.col(c.HI_SEGMENT).first())
    )
    places = [*DX, f"dx{MAX_DIAGNOSES + 1}"]
    wide = joined.with_columns(pl.col("dx").list.get(i, null_on_oob=True).alias(d) for i, d in enumerate(places))
    return wide.drop("dx"), places


def _lines(segments: Segments, of: Of, names: pl.DataFrame) -> pl.DataFrame:
    inner = pl.col("in_line")
    rows = segments.kept("SV1")
    pointers = ("p1", "p2", "p3", "p4", "p5")  # the fifth is one too many
    parts = segments.marks.components(rows, 1, ("qualifier", c.CODE, *c.MODIFIERS, "described"))
    parts |= segments.marks.components(rows, 7, pointers)
    names_of = {"e2": "charge_text", "e3": c.UNIT_BASIS, "e4": "units_text", "e5": "line_pos", "e7": "pointer_text"}
    lines = of("SV1").rename(names_of).with_columns(**parts).filter(inner).drop("in_line")
    optional = [n for n in (*c.MODIFIERS, "described", *pointers) if lines[n].null_count() < lines.height]
    lines = lines.with_columns(pl.col(c.CODE).str.to_uppercase(), *(_filled(pl.col(n)).alias(n) for n in optional))
    refs = of("REF").filter(inner)
    local = names.filter(inner)
    dates = of("DTP").filter(inner & (pl.col("e1") == "472"))
    drugs = of("LIN").filter(inner & (pl.col("e2") == "N4"))
    rendering = _one(local.filter(pl.col("e1") == "82"), "lx", line_rendering="e9", nm1="nm1")
    specialty = _one(of("PRV").filter(inner & (pl.col("e1") == "PE")), "nm1", line_taxonomy="e3")
    texts = [of("NTE").filter(inner).select("lx", text="e2"), of("K3").filter(inner).select("lx", text="e1")]
    notes = pl.concat(texts).group_by("lx", maintain_order=True).agg(pl.col("text").str.join(" | ").alias("noted"))
    tables = (
        _one(dates, "lx", date_form="e2", date_text="e3", date_segment=NUMBER),
        attach(rendering, specialty, "nm1").drop("nm1"),
        _one(refs.filter(pl.col("e1") == "X4"), "lx", line_clia="e2"),
        _one(refs.filter(pl.col("e1") == "G1"), "lx", line_authorization="e2"),
        _one(drugs, "lx", ndc="e3"),
        notes,
    )
    for table in tables:
        lines = attach(lines, table, "lx")
    return lines


def _filled(text: pl.Expr) -> pl.Expr:
    """Null in place of an empty component."""
    return pl.when(text != "").then(text)
