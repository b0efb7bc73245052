"""Every REF, NTE and K3 of an 837P as a frame beside the lines: what the line frame has no column for is kept here."""

from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.assemble import Lines
from cutis.parse.elements import Ints
from cutis.parse.faults import REFERENCE_SCHEMA
from cutis.parse.loops import Loops
from cutis.parse.ordinals import attach
from cutis.parse.segments import LOOP, NUMBER, Segments

# What stands at the level itself, and by the entity of the NM1 before it, as the implementation guide names its loops.
_LINE: Final = "2400"
_OTHER: Final = "2320"
_CLAIM: Final = "2300"
_LEVELS: Final = {"20": "2000A", "22": "2000B", "23": "2000C"}
_HEADER: Final = "1000"
_OF_ENTITY: Final = {
    "1000": {"41": "1000A", "40": "1000B"},
    "2000A": {"85": "2010AA", "87": "2010AB", "PE": "2010AC"},
    "2000B": {"IL": "2010BA", "PR": "2010BB"},
    "2000C": {"QC": "2010CA"},
    _CLAIM: {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "PW": "2310E", "45": "2310F"},
    _OTHER: {"IL": "2330A", "PR": "2330B", "DN": "2330C", "P3": "2330C", "82": "2330D", "77": "2330E", "DQ": "2330F", "85": "2330G"},
    _LINE: {"82": "2420A", "QB": "2420B", "77": "2420C", "DQ": "2420D", "DK": "2420E", "DN": "2420F", "P3": "2420F", "PW": "2420G", "45": "2420H"},
}  # fmt: skip
_LOOPS: Final = {f"{level} {entity}": loop for level, of in _OF_ENTITY.items() for entity, loop in of.items()}
# Numbers of a prescription: they follow the drug of the line (2410), which no NM1 opens.
_OF_DRUG: Final = ("VY", "XZ")
_DRUG: Final = "2410"


def references(segments: Segments, loops: Loops, lines: Lines, first: int) -> pl.DataFrame:
    """REF, NTE and K3 of the 837P transactions of a piece.

    Args:
        segments: of the piece.
        loops: gathered from them, with `claim_index` on the claims.
        lines: of them.
        first: number of the piece's first own segment; those carried over were given with the piece before.

    Returns:
        One row a segment in the order of the file, in `REFERENCE_SCHEMA`.
    """
    rows = segments.rows("REF", "NTE", "K3")
    foreign = np.isin(segments.standing.at(rows, "st"), loops.foreign["st"].to_numpy())
    rows = rows[(segments.number[rows] >= first) & ~foreign]
    found = _placed(segments, loops, rows)
    found = attach(found, loops.claims.select("clm", c.CLAIM_INDEX, c.CLAIM_ID), "clm")
    found = attach(found, lines.ordinals.select("lx").hstack([lines.frame[c.LINE]]), "lx")
    bare = pl.col("kind") == "K3"  # its first element is the text, it has no qualifier
    return found.with_columns(
        pl.when(~bare).then("e1").alias("qualifier"),
        pl.when(bare).then("e1").otherwise("e2").alias("value"),
    ).select(pl.col(n).cast(t) for n, t in REFERENCE_SCHEMA.items())


def _placed(segments: Segments, loops: Loops, rows: Ints) -> pl.DataFrame:
    """The segments at `rows` with their loop; `clm` and `lx` are 0 where they stand in no claim, in no line."""
    found = segments.at(rows, (0, 1, 2, 3, 4), ("st", "hl", "clm", "lx", "nm1", *LOOP))
    found = found.rename({"e0": "kind", "e3": "description", "e4": "further"})
    names = segments.rows("NM1")
    opened = segments.at(names, (1,), ("st", "hl", "clm", "lx", "nm1", *LOOP)).drop(NUMBER)
    found = attach(found, opened.select("nm1", pl.all().exclude("nm1").name.suffix("_of")), "nm1")
    found = attach(found, loops.hl.select("hl", "level", pl.col("st").alias("st_of_hl")), "hl")
    same = pl.all_horizontal(pl.col(n) == pl.col(n + "_of") for n in ("st", *LOOP)) & pl.when("in_line").then(
        pl.col("lx") == pl.col("lx_of")
    ).when("in_claim").then(pl.col("clm") == pl.col("clm_of")).otherwise(pl.col("hl") == pl.col("hl_of"))
    above = pl.when(pl.col("st") == pl.col("st_of_hl")).then(pl.col("level").replace_strict(_LEVELS, default=None))
    at = (
        pl.when("in_line").then(pl.lit(_LINE))
        .when("in_other").then(pl.lit(_OTHER))
        .when("in_claim").then(pl.lit(_CLAIM))
        .otherwise(above.fill_null(_HEADER))
    )  # fmt: skip
    found = found.with_columns(at.alias("at"), pl.when(same).then("e1_of").alias("entity"))
    told = pl.concat_str("at", "entity", separator=" ").replace_strict(_LOOPS, default=pl.col("at"))
    of_drug = (pl.col("at") == _LINE) & pl.col("entity").is_null() & pl.col("e1").is_in(_OF_DRUG)
    return found.with_columns(
        pl.when(of_drug).then(pl.lit(_DRUG)).otherwise(told).alias("loop"),
        pl.when("in_claim").then("clm").otherwise(0).alias("clm"),
        pl.when("in_line").then("lx").otherwise(0).alias("lx"),
    )
