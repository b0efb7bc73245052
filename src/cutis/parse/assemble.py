"""Claims and lines to the line frame: defaults of the claim taken over, diagnoses resolved."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.parse.diagnoses import DX
from cutis.parse.elements import Ints
from cutis.parse.loops import PAYER_KINDS, Loops
from cutis.parse.ordinals import attach, attach_all
from cutis.parse.person import person_key
from cutis.parse.services import PLACES

# Columns of a line that are null where a piece has nothing to fill them.
_OF_LINE: Final = dict.fromkeys(
    ("line_rendering", "line_taxonomy", "line_clia", "line_authorization", c.NDC, "noted"), pl.String()
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a piece.

    Attributes:
        frame: one row per line in the order of the file, in `LINE_SCHEMA`.
        ordinals: beside it `clm`, `lx`, `dx_count` of the claim, and the rows in `kinds` and `days` of `loops.services`.
        loops: where they come from.
    """

    frame: pl.DataFrame
    ordinals: pl.DataFrame
    loops: Loops

    def raw(self, rows: Ints) -> pl.DataFrame:
        """Some lines with the raw texts beside the values, as sentences about them need them."""
        services, at = self.loops.services, pl.Series(rows)
        beside = self.ordinals[at]
        kinds = services.kinds[beside["kind"]]
        days = services.days.select("date_text").select(pl.all().gather(beside["day"]))
        claim = attach(beside.select("clm"), self._of_claims(), "clm").drop("clm")
        frame = self.frame[at].hstack(beside.drop("kind", "day")).hstack(days).hstack(claim)
        frame = frame.hstack(kinds.select(n for n in kinds.columns if n not in frame.columns))
        return frame.with_columns(pl.coalesce("date_text", "claim_date_text").alias("date_text"))

    def _of_claims(self) -> pl.DataFrame:
        days = self.loops.claim_days.select(pl.col("date_text").alias("claim_date_text"))
        claims = self.loops.claims.select("clm", pl.col("date_segment").alias("claim_date_segment"), "day")
        return claims.drop("day").hstack(days.select(pl.all().gather(claims["day"])))


def typed(loops: Loops) -> Lines:
    """Lines joined with their claims.

    Args:
        loops: gathered, with `claim_index` on the claims.
    """
    found = loops.services
    kinds = found.kinds.drop("charge_text", "units_text", "pointer_text", "qualifier", "doubtful", "fifth")
    kinds = kinds.with_columns(pl.col(PLACES).fill_null(0))
    lines = found.lines.hstack(kinds[found.lines["kind"]])
    lines = attach_all(lines, loops.on_lines, "lx", _OF_LINE)
    lines = attach(lines, _of_claims(loops), "clm")
    lines = lines.hstack(_days(lines, found.days))
    either = {
        c.PLACE_OF_SERVICE: ("line_pos", "claim_pos"),
        c.RENDERING_NPI: ("line_rendering", "claim_rendering"),
        c.TAXONOMY: ("line_taxonomy", "claim_taxonomy"),
        c.CLIA: ("line_clia", "claim_clia"),
        c.AUTHORIZATION: ("line_authorization", "authorization"),
    }
    made: dict[str, pl.Expr | pl.Series] = {n: _or(lines, *names) for n, names in either.items()}
    made |= {c.LINE: _position(lines), c.LINE_NOTE: _note(lines)}
    made |= {c.SERVICE_FROM: pl.col("from"), c.SERVICE_TO: pl.col("to")}
    made |= _pointed(lines, loops.diagnoses.sets)
    frame = lines.select((made[n] if n in made else pl.col(n)).cast(t).alias(n) for n, t in c.LINE_SCHEMA.items())
    return Lines(frame, lines.select("clm", "lx", "dx_count", "kind", "day", "date_segment", "last_place"), loops)


def _of_claims(loops: Loops) -> pl.DataFrame:
    """What lines take over from their claims, made once a claim."""
    claims, days = loops.claims, loops.claim_days
    own = pl.col("level") == "23"
    patients = bool(claims.select(own.any()).item())
    dates = days.select(
        pl.col("from").alias("claim_from"),
        pl.col("last").alias("claim_to"),
    )
    sets = loops.diagnoses.sets.select("dx_count", c.CLAIM_DX)
    return claims.select(
        "clm", c.CLAIM_INDEX, c.CLAIM_ID, c.CLM_SEGMENT, c.HI_SEGMENT, "claim_pos", c.FREQUENCY, "dx_at",
        c.CLAIM_NOTE, c.BILLING_NPI, c.PAYER_ID, c.PAYER_RANK, "claim_clia", "authorization", c.CLAIM_CHARGE,
        _or(claims, "claim_rendering", "billing_npi").alias("claim_rendering"),
        _or(claims, "claim_taxonomy", "billing_taxonomy").alias("claim_taxonomy"),
        _or(claims, "f_state", "state").alias(c.STATE),
        _or(claims, "f_zip", "zip").alias(c.ZIP),
        pl.col("filing").replace_strict(PAYER_KINDS, default="other", return_dtype=pl.String).alias(c.PAYER_KIND),
        *(
            (pl.when(own).then(pl.col("q_" + n)).otherwise(pl.col(n)) if patients else pl.col(n)).alias(name)
            for n, name in (("birth", c.PATIENT_BIRTH), ("sex", c.PATIENT_SEX))
        ),
        _person(claims, patients=patients),
    ).hstack(dates.select(pl.all().gather(claims["day"]))).hstack(
        sets.select(pl.col("dx_count").gather(claims["dx_at"]), pl.col(c.CLAIM_DX).gather(claims["dx_at"]).fill_null(""))
    )  # fmt: skip


def _or(frame: pl.DataFrame, first: str, second: str) -> pl.Expr:
    """The first where it is there, else the second."""
    absent = frame[first].null_count()
    return pl.col(second) if absent == frame.height else pl.coalesce(first, second) if absent else pl.col(first)


def _days(lines: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """First and last day of each line: its own, else those of its claim."""
    own = days.select(pl.col("from", "to", "dated").gather(lines["day"]))
    if own["dated"].all(ignore_nulls=False):
        return own.select("from", "to")
    dated = pl.col("dated").fill_null(value=False)
    return lines.select("claim_from", "claim_to").hstack(own).select(
        pl.when(dated).then(pl.col("from")).otherwise(pl.col("claim_from")).alias("from"),
        pl.when(dated).then(pl.col("to")).otherwise(pl.col("claim_to")).alias("to"),
    )  # fmt: skip


def _position(lines: pl.DataFrame) -> pl.Series:
    """The 1-based place of each line in its claim; lines of a claim stand together."""
    claim = lines["clm"].to_numpy()
    row = np.arange(len(claim))
    begins = np.concatenate([row[:1] == 0, claim[1:] != claim[:-1]])
    return pl.Series(row - np.maximum.accumulate(row * begins) + 1)


def _pointed(lines: pl.DataFrame, sets: pl.DataFrame) -> dict[str, pl.Series]:
    """The diagnoses that the lines' pointers name, pointer by pointer; null where one points outside."""
    found = {}
    listed = pl.concat([sets[n] for n in DX])
    claim = lines["dx_at"].fill_null(0).to_numpy().astype(np.int64)
    known = lines["dx_at"].is_not_null().to_numpy()
    for column, name in zip(c.DIAGNOSES, PLACES, strict=True):
        place = lines[name].to_numpy()
        there = (place > 0) & known
        if not there.any():
            found[column] = pl.Series(column, [None], dtype=pl.String).new_from_index(0, lines.height)
            continue
        at = pl.Series(np.where(there, (place.astype(np.int64) - 1) * sets.height + claim, 0))
        found[column] = listed.gather(at if there.all() else at.set(pl.Series(~there), None))
    return found


def _note(lines: pl.DataFrame) -> pl.Expr:
    """Notes of the line and its description, joined; null where there is neither."""
    if lines["noted"].null_count() == lines["described"].null_count() == lines.height:
        return pl.lit(None, dtype=pl.String)
    note = pl.concat_str(["noted", "described"], separator=" | ", ignore_nulls=True)
    return pl.when(note != "").then(note)


def _person(claims: pl.DataFrame, *, patients: bool) -> pl.Series:
    """Per claim a number for its patient: the member id with the patient's own name, birth date and sex."""
    own = pl.col("level") == "23"
    names = ("last", "first", "birth", "sex")
    parts = [pl.when(own).then(pl.col("q_" + n)).otherwise(pl.col(n)) if patients else pl.col(n) for n in names]
    return person_key(claims, [pl.col("member"), *parts]).alias(c.PATIENT_KEY)
