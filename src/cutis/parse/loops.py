"""Segments to claims and lines: each loop's facts are gathered by the ordinal of the loop they stand in."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.diagnoses import Diagnoses, diagnoses
from cutis.parse.elements import Ints, word
from cutis.parse.names import Names, gathered, names, wrong_npis
from cutis.parse.numbers import amount, day, filled
from cutis.parse.ordinals import attach, attach_all, first_of_each
from cutis.parse.segments import NUMBER, Segments
from cutis.parse.services import Services, dates_of, services

PROFESSIONAL: Final = "005010X222"

# SBR09 claim filing indicator to the kind of payer; others are "other".
PAYER_KINDS: Final = {
    "MB": "medicare", "MA": "medicare", "16": "medicare", "MC": "medicaid", "WC": "workers-comp",
    "CI": "commercial", "BL": "commercial", "HM": "commercial", "12": "commercial", "13": "commercial",
    "14": "commercial", "15": "commercial", "17": "commercial", "CH": "other", "VA": "other", "AM": "other",
}  # fmt: skip


_TEXTS: Final = (
    "billing_npi", "state", "zip", "billing_taxonomy", "payer_rank", "filing", "member", "last", "first", "sex", "payer_id",
    "q_last", "q_first", "q_sex", "claim_rendering", "claim_taxonomy", "f_state", "f_zip", "authorization", "claim_clia",
    c.CLAIM_NOTE,
)  # fmt: skip
# Columns of `Loops.claims` that are null where a piece has nothing to fill them.
_OF_CLAIM: Final[dict[str, pl.DataType]] = dict.fromkeys(_TEXTS, pl.String()) | {
    "birth": pl.Date(), "q_birth": pl.Date(), "dx_at": pl.UInt32(), "day": pl.UInt32(), "date_segment": pl.UInt32(),
    c.HI_SEGMENT: pl.UInt32(),
}  # fmt: skip


_NOTHING: Final = pl.DataFrame()


@dataclass(frozen=True, slots=True)
class Loops:
    """Claims and lines as read, before they are judged.

    Attributes:
        claims: one row per CLM of an 837P.
        services: their lines.
        on_lines: what stands beside the SV1 of a line, a frame a kind of fact, each with one row a line (`lx`).
        diagnoses: of the claims.
        claim_days: the different dates of service that stand in a claim instead of its lines.
        hl: one row per HL.
        wrong_npis: the NM1 whose number is said to be an NPI and is none.
        unpaired: LX without SV1, SV1 without LX, and SV1 outside claims.
        refused: CLM rows of transactions that are no 837P.
        foreign: ST rows of these transactions.
    """

    claims: pl.DataFrame
    services: Services
    on_lines: tuple[pl.DataFrame, ...]
    diagnoses: Diagnoses
    claim_days: pl.DataFrame
    hl: pl.DataFrame
    wrong_npis: pl.DataFrame
    unpaired: pl.DataFrame
    refused: pl.DataFrame
    foreign: pl.DataFrame


def gather(segments: Segments) -> Loops:
    """Gather claims and lines from located segments, those carried over from the piece before included."""
    segments, foreign, refused = _professional(segments)
    people, others = names(segments)
    hl = _hierarchy(segments)
    dated = segments.kept("DTP", "472")
    # only the date of service: the onset of the illness (431) is another day
    claim_dates, claim_days = dates_of(segments, segments.within(dated, "of_claim"), "clm")
    found = diagnoses(segments)
    claims = _claims(segments, hl, people, others)
    claims = attach_all(claims, (*_in_claims(segments, others), found.claims, claim_dates), "clm", _OF_CLAIM)
    return Loops(
        claims=claims,
        services=services(segments, dated),
        on_lines=_on_lines(segments, others),
        diagnoses=found,
        claim_days=claim_days,
        hl=hl,
        wrong_npis=wrong_npis(segments, people, others),
        unpaired=segments.at(segments.ours(segments.unpaired), (0, 1), ("clm", "in_claim")),
        refused=refused,
        foreign=foreign,
    )


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
    bad = np.isin(segments.standing.at(clm, "st"), foreign["st"].to_numpy())
    refused = segments.at(clm[bad], (1,), ("clm",))
    return replace(segments, foreign=tuple(foreign["st"].to_list())), foreign, refused


def _hierarchy(segments: Segments) -> pl.DataFrame:
    """HL rows with the ordinals of the billing provider's loop (or the header) and the subscriber's above each, 0 for none."""
    if segments.foreign:
        rows = segments.kept("HL")
        read = segments.marks.read(rows)
    else:
        rows, read = segments.levels
    places = segments.places(rows, ("st", "hl"))
    level, hl = read.different.words(3), places["hl"]
    bill, sub = (np.maximum.accumulate(np.where(level == word(code), hl, 0)) for code in ("20", "22"))
    # what stands above is in the same transaction; where its own loop is lost, the provider stands in the header
    headers = np.append(0, segments.standing.at(segments.rows("ST"), "hl"))[places["st"]]
    bill = np.where(bill > headers, bill, headers)
    # a subscriber is that of the provider above it
    sub = np.where(sub > bill, sub, 0)
    texts = read.elements((1, 2, 3)).rename({"e1": "number", "e2": "parent", "e3": "level"})
    return texts.hstack([pl.Series(n, v) for n, v in (places | {"bill": bill, "sub": sub}).items()])


def _named(
    segments: Segments, group: Names, entity: str, loop: str, key: str, number: str
) -> tuple[pl.DataFrame, Ints]:
    """Per ordinal `key` the number of the first NM1 of an entity and its own ordinal, and its place in the group."""
    which = group.of(entity)
    which = which[segments.standing.at(group.rows[which], loop)]
    keys = segments.standing.at(group.rows[which], key)
    first = first_of_each(keys) & (keys > 0)
    which, keys = which[first], keys[first]
    nm1 = segments.standing.at(group.rows[which], "nm1")
    return pl.DataFrame({key: keys, "nm1": nm1, number: gathered(group.read, group.number, which)}), which


def _claims(segments: Segments, hl: pl.DataFrame, people: Names, others: Names) -> pl.DataFrame:
    """Claims with what stands above them."""
    billing, _ = _named(segments, others, "85", "above", "hl", "billing_npi")
    billing = attach(billing, _places(segments, billing["nm1"]), "nm1").drop("nm1")
    rows, keys = segments.first(segments.within(segments.kept("PRV", "BI"), "above"), "hl")
    specialty = pl.DataFrame(
        {"hl": keys, "billing_taxonomy": segments.marks.read(rows, repeated=True).elements((3,))["e3"]}
    )
    rows, keys = segments.first(segments.within(segments.kept("SBR"), "above"), "hl")
    texts = segments.marks.read(rows, repeated=True).elements((1, 9))
    subscriber = texts.select(pl.Series("hl", keys), pl.col("e1").alias("payer_rank"), pl.col("e9").alias("filing"))
    born = _born(segments)
    member = _person(segments, people, "IL", born)
    payer = _named(segments, others, "PR", "above", "hl", "payer_id")[0].drop("nm1")

    claims = attach(_boxes(segments), _above(segments, hl), "hl")
    for table, key in ((billing, "bill"), (specialty, "bill"), (subscriber, "sub"), (member, "sub"), (payer, "sub")):
        if table.height:
            claims = attach(claims, table, key, "hl")
    if not len(people.of("QC")):
        return claims
    patient = _person(segments, people, "QC", born).drop("member")
    return attach(claims, patient.rename({n: "q_" + n for n in ("last", "first", "birth", "sex")}), "hl")


def _above(segments: Segments, hl: pl.DataFrame) -> pl.DataFrame:
    """The loops that claims may stand in, with those above; a header where a transaction has lost all others."""
    loops = hl.select("hl", "bill", "sub", "level")
    headers = segments.standing.at(segments.rows("ST"), "hl")
    lost = headers[np.isin(headers, segments.standing.at(segments.rows("CLM"), "hl"))]
    if not len(lost):
        return loops
    own = pl.DataFrame({"hl": lost, "bill": lost, "sub": lost}).with_columns(pl.lit(None, pl.String).alias("level"))
    return pl.concat([loops.cast(own.schema), own])


def _boxes(segments: Segments) -> pl.DataFrame:
    """What the CLM segments say."""
    rows = segments.kept("CLM")
    read = segments.marks.read(rows)
    box = pl.DataFrame([s.alias(n) for n, s in read.different.components(5, ("claim_pos", None, c.FREQUENCY)).items()])
    texts = read.elements((1, 2)).rename({"e1": c.CLAIM_ID, "e2": "total_text"})
    texts = texts.with_columns(amount("total_text").alias(c.CLAIM_CHARGE))
    places = segments.places(rows, ("st", "hl", "clm"))
    return texts.hstack(box.select(filled("claim_pos"), filled(c.FREQUENCY))).hstack(
        [pl.Series(c.CLM_SEGMENT if n == NUMBER else n, v) for n, v in places.items()]
    )


def _person(segments: Segments, people: Names, entity: str, born: pl.DataFrame) -> pl.DataFrame:
    """Per HL its subscriber (IL) or patient (QC)."""
    named, which = _named(segments, people, entity, "above", "hl", "member")
    elements = people.read.different.elements((3, 4)).values()
    called = [gathered(people.read, s, which).alias(n) for n, s in zip(("last", "first"), elements, strict=True)]
    return attach(named.hstack(called), born, "nm1").drop("nm1")


def _born(segments: Segments) -> pl.DataFrame:
    """Birth date and sex by the ordinal of the NM1 above each."""
    rows, keys = segments.first(segments.kept("DMG"), "nm1")
    texts = segments.marks.read(rows).elements((2, 3))
    return texts.select(pl.Series("nm1", keys), day(pl.col("e2")).alias("birth"), pl.col("e3").alias("sex"))


def _places(segments: Segments, wanted: pl.Series) -> pl.DataFrame:
    """State and ZIP code by the ordinal of the NM1 above each, of the NM1 wanted."""
    rows = segments.kept("N4")
    rows, keys = segments.first(rows[np.isin(segments.standing.at(rows, "nm1"), wanted.to_numpy())], "nm1")
    texts = segments.marks.read(rows, repeated=True).elements((2, 3))
    return texts.select(
        pl.Series("nm1", keys), pl.col("e2").str.to_uppercase().alias("state"), pl.col("e3").alias("zip")
    )


def _rendering(segments: Segments, others: Names, loop: str, key: str, level: str) -> pl.DataFrame:
    """Rendering providers of claims or lines with their taxonomy."""
    rendering, _ = _named(segments, others, "82", loop, key, f"{level}_rendering")
    if not rendering.height:
        return rendering
    rows, keys = segments.first(segments.kept("PRV", "PE"), "nm1")
    texts = segments.marks.read(rows, repeated=True).elements((3,))
    specialty = texts.select(pl.Series("nm1", keys), pl.col("e3").alias(f"{level}_taxonomy"))
    return attach(rendering, specialty, "nm1").drop("nm1")


def _in_claims(segments: Segments, others: Names) -> tuple[pl.DataFrame, ...]:
    """What stands within claims, beside lines and other payers: a frame a kind of fact, each with one row a claim."""
    facility = _named(segments, others, "77", "of_claim", "clm", "_number")[0].drop("_number")
    if facility.height:
        place = _places(segments, facility["nm1"]).rename({"state": "f_state", "zip": "f_zip"})
        facility = attach(facility, place, "nm1").drop("nm1")
    return (
        _rendering(segments, others, "of_claim", "clm", "claim"),
        facility,
        _reference(segments, "G1", "of_claim", "clm", "authorization"),
        _reference(segments, "X4", "of_claim", "clm", "claim_clia"),
        _notes(segments, "of_claim", "clm", c.CLAIM_NOTE),
    )


def _on_lines(segments: Segments, others: Names) -> tuple[pl.DataFrame, ...]:
    """What stands beside the SV1 of a line."""
    return (
        _rendering(segments, others, "in_line", "lx", "line"),
        _reference(segments, "X4", "in_line", "lx", "line_clia"),
        _reference(segments, "G1", "in_line", "lx", "line_authorization"),
        _drugs(segments),
        _notes(segments, "in_line", "lx", "noted"),
    )


def _reference(segments: Segments, qualifier: str, loop: str, key: str, name: str) -> pl.DataFrame:
    """REF02 of the first REF of a qualifier, by ordinal."""
    rows, keys = segments.first(segments.within(segments.kept("REF", qualifier), loop), key)
    if not len(rows):
        return _NOTHING
    return pl.DataFrame({key: keys, name: segments.marks.read(rows, repeated=True).elements((2,))["e2"]})


def _drugs(segments: Segments) -> pl.DataFrame:
    """National drug codes by line."""
    rows = segments.within(segments.kept("LIN"), "in_line")
    if not len(rows):
        return _NOTHING
    read = segments.marks.read(rows, repeated=True)
    texts = (
        read.elements((2, 3))
        .with_columns(pl.Series("lx", segments.standing.at(rows, "lx")))
        .filter(pl.col("e2") == "N4")
    )
    return texts.filter(pl.Series(first_of_each(texts["lx"].to_numpy()))).select("lx", pl.col("e3").alias(c.NDC))


def _notes(segments: Segments, loop: str, key: str, name: str) -> pl.DataFrame:
    """Texts of NTE, then of K3, joined by ordinal."""
    found = []
    for kind, element in (("NTE", 2), ("K3", 1)):
        rows = segments.within(segments.kept(kind), loop)
        if len(rows):
            texts = segments.at(rows, (element,), (key,))
            found.append(texts.select(key, pl.col(f"e{element}").alias("text")))
    if not found:
        return _NOTHING
    notes = pl.concat(found)
    return notes.group_by(key, maintain_order=True).agg(pl.col("text").str.join(" | ").alias(name))
