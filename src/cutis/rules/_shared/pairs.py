"""Lines of one patient, provider and day that are a procedure-to-procedure edit; found once, used by several rules."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c
from cutis.model.finding import OTHER_LINES, RELEASE
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import any_modifier, together
from cutis.rules._shared.codes import codes_of

# NCCI policy manual, chapter I: the modifiers that bypass an edit whose indicator is 1.
ANATOMIC: Final = (
    "E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "TA", "T1", "T2", "T3", "T4",
    "T5", "T6", "T7", "T8", "T9", "LT", "RT", "LC", "LD", "RC", "LM", "RI",
)  # fmt: skip
GLOBAL_SURGERY: Final = ("24", "25", "57", "58", "78", "79")
DISTINCT: Final = ("59", "XE", "XP", "XS", "XU")
OF_VISITS: Final = ("24", "25", "27", "57")
BYPASS: Final = (*ANATOMIC, *GLOBAL_SURGERY, "27", "91", *DISTINCT)
OF_PROCEDURES: Final = tuple(m for m in BYPASS if m not in OF_VISITS)

ONE: Final = "_one"  # suffix of the column-one line's columns
BYPASSED: Final = "bypassed"
BORROWED: Final = "borrowed"  # a Medicaid line judged by Medicare's table
MEDICAID: Final = "ptp_medicaid"
OF_VISIT: Final = "of_visit"  # column two is a visit
_PAIR: Final = "_pair"
_LEFT_OUT: Final = (c.PATIENT_KEY, c.RENDERING_NPI, c.UNITS, *c.DIAGNOSES, c.PLACE_OF_SERVICE)
OF_COLUMN_ONE: Final = (c.CLAIM_INDEX, c.LINE, c.CODE, *c.MODIFIERS, c.DOC_LESION)


def pairs_on_day(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Every PTP edit between two lines of a day.

    Args:
        lines: all lines of the part (`CORE` columns).
        ref: has the table ptp.

    Returns:
        One row per pair of lines, standing for its column-two line: columns of that line (of `CORE` less who, where,
        units and diagnoses, which no edit asks about), `OF_COLUMN_ONE` with suffix `_one` of the column-one line,
        `indicator`, `release`, `bypassed` (a bypass modifier on either line), `of_visit` and `other_lines`
        (the column-one line, where both are on one claim). Lines of Medicaid are judged by its own table where that is
        loaded; else by Medicare's, and `borrowed` is true.
    """
    found = ref.remember(lines, "pairs", lambda: _by_payer(lines, ref))
    assert isinstance(found, pl.DataFrame)
    return found


def _by_payer(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    medicaid = pl.col(c.PAYER_KIND).eq_missing(pl.lit("medicaid"))
    if not ref.has(MEDICAID) or not lines.select(medicaid.any()).item():
        return _find(lines, ref, "ptp").with_columns(medicaid.alias(BORROWED))
    own, others = _find(lines.filter(medicaid), ref, MEDICAID), _find(lines.filter(~medicaid), ref, "ptp")
    return pl.concat([others, own.select(others.columns)]).with_columns(pl.lit(value=False).alias(BORROWED))


def _find(lines: pl.DataFrame, ref: Reference, table: str) -> pl.DataFrame:
    codes = codes_of(lines, ref).to_list()
    edits = ref.ptp(codes, table=table)
    number = pl.struct("column_one", "column_two").rank("dense").cast(pl.Int32) - 1
    edits = edits.with_columns(number.alias(_PAIR)).sort(_PAIR, maintain_order=True)
    kinds = edits.unique(_PAIR, keep="first", maintain_order=True)
    places = together(lines, kinds["column_one"], kinds["column_two"])
    # standing under two column-one lines of the same code it is one finding: the first of them stands for both
    one, two, pair = places.filter((pl.col("two").cast(pl.UInt64) * kinds.height + pl.col("pair")).is_first_distinct())
    bypass = _bypassing(lines, codes)
    second = lines.select(n for n in lines.columns if n not in _LEFT_OUT)[two]
    second = second.with_columns((bypass[one] | bypass[two]).alias(BYPASSED), pair.alias(_PAIR))
    first = lines.select(n for n in lines.columns if n in OF_COLUMN_ONE)[one]
    first = first.rename({n: n + ONE for n in first.columns})
    values = edits.drop("column_one", "column_two", "rationale")
    both = pl.concat([second, first], how="horizontal")
    # an edit has one row but where its dates were closed and opened again; then the rows are joined by hash
    single = values.height == kinds.height
    if single:
        both = both.drop(_PAIR).hstack(values.drop(_PAIR)[pair])
    else:
        both = both.join(values, on=_PAIR, how="inner", maintain_order="left")
    day = pl.col(c.SERVICE_FROM)
    found = both.filter(
        pl.col("effective_from").is_null() | (pl.col("effective_from") <= day),
        pl.col("effective_to").is_null() | (day <= pl.col("effective_to")),
    )
    if not single:
        found = found.unique([c.CLAIM_INDEX, c.LINE, _PAIR], keep="first", maintain_order=True)
    return found.with_columns(
        pl.col(c.CODE).is_in(load_families().codes("em")).alias(OF_VISIT),
        pl.when(pl.col(c.CLAIM_INDEX) == pl.col(c.CLAIM_INDEX + ONE))
        .then(pl.concat_list(pl.col(c.LINE + ONE)))
        .alias(OTHER_LINES),
        pl.col("release").alias(RELEASE),
    ).drop(_PAIR, strict=False)


def _bypassing(lines: pl.DataFrame, codes: list[str]) -> pl.Series:
    """Boolean, a value a line: whether it carries a modifier that bypasses an edit. Most lines carry none at all."""
    some = lines.select(pl.any_horizontal(pl.col(m).is_not_null() for m in c.MODIFIERS)).to_series().arg_true()
    found: npt.NDArray[np.bool_] = np.zeros(lines.height, dtype=np.bool_)
    found[some.to_numpy()] = lines.select(c.CODE, *c.MODIFIERS)[some].select(_bypasses(codes)).to_series().to_numpy()
    return pl.Series(found)


def _bypasses(codes: list[str]) -> pl.Expr:
    # 24, 25, 27 and 57 speak about visits: on a procedure they state nothing that would part it from another
    visit = pl.col(c.CODE).is_in([k for k in codes if k.startswith(("99", "92", "G"))])
    return any_modifier(OF_PROCEDURES) | (visit & any_modifier(OF_VISITS)).fill_null(value=False)
