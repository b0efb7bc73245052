"""Faults of the input's form: what a reader found wrong, where, and what the standard's error code for it is.

The code in `x12_code` is the number an acknowledgment would carry: TA1 note codes for the interchange, AK905 for the
group, IK502 for the transaction, IK304 for a segment, IK403 for an element, and `A7:` for a claim status category of a
277CA where only a payer's edit would catch it.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.model.finding import EDIT_DTYPE, Severity

FAULT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "rule": pl.String(),
    c.CLAIM_INDEX: pl.UInt32(),
    c.CLAIM_ID: pl.String(),
    c.LINE: pl.UInt16(),
    "severity": pl.String(),
    "message": pl.String(),
    "fix_text": pl.String(),
    "segment": pl.UInt32(),
    "loop": pl.String(),
    "element": pl.String(),
    "x12_code": pl.String(),
    "edits": EDIT_DTYPE,
}

# REF, NTE and K3 of an 837P; `docs/input.md` says what each column holds.
REFERENCE_SCHEMA: Final[dict[str, pl.DataType]] = {
    c.CLAIM_INDEX: pl.UInt32(),
    c.CLAIM_ID: pl.String(),
    c.LINE: pl.UInt16(),
    "segment": pl.UInt32(),
    "loop": pl.String(),
    "kind": pl.String(),
    "qualifier": pl.String(),
    "value": pl.String(),
    "description": pl.String(),
    "further": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """What was read. `claims_read + claims_refused == clm_segments`, always."""

    claims_read: int = 0
    claims_refused: int = 0
    clm_segments: int = 0
    lines: int = 0
    segments: int = 0
    interchanges: int = 0
    groups: int = 0
    transactions: int = 0
    bytes: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Sum of two parts of one input."""
        return Counts(*(getattr(self, n) + getattr(other, n) for n in self.__slots__))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the input: whole claims as lines, the faults met, and the counts of this part alone.

    `references` holds every REF, NTE and K3 of the part in `REFERENCE_SCHEMA`; it is None where it was not asked for.
    """

    lines: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    references: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault, documented as a rule is; its family is `format`."""

    name: str
    severity: Severity
    what: str
    why: str
    fix: str
    loop: str | None = None
    element: str | None = None
    x12_code: str | None = None
    family: str = "format"
    question: str | None = None  # what to ask the chart, where the chart holds the answer
    authority: str = "ASC X12N 005010X222A1 implementation guide; X12 999 and TA1 acknowledgment codes"


_E, _W = Severity.ERROR, Severity.WARNING
_REJECTED = "A clearinghouse or payer rejects the file at the front door, before any claim in it is looked at."
_CLAIM = "The payer's front-end edits reject the claim, and it never reaches adjudication."

_KINDS = (
    FaultKind("truncated-file", _E, "The file ends before its closing segments.", _REJECTED,
              "Send the file again from its source; the end is missing.", None, None, "TA1:023"),
    FaultKind("interchange-header-damaged", _E, "An ISA segment does not have its fixed form.", _REJECTED,
              "Write ISA with its sixteen elements at their fixed widths.", None, "ISA", "TA1:024"),
    FaultKind("data-outside-interchange", _E, "Segments stand after IEA with no ISA before them.",
              "They belong to no interchange: a receiver drops them or rejects the file.",
              "Remove them, or put the missing ISA before them.", None, None, "TA1:024"),
    FaultKind("interchange-control-mismatch", _E, "IEA02 is not the control number of ISA13.", _REJECTED,
              "Make both numbers the same.", None, "IEA02", "TA1:001"),
    FaultKind("group-count-mismatch", _E, "IEA01 is not the number of groups.", _REJECTED,
              "Write the number of groups that the interchange holds.", None, "IEA01", "TA1:021"),
    FaultKind("group-control-mismatch", _E, "GE02 is not the control number of GS06.", _REJECTED,
              "Make both numbers the same.", None, "GE02", "AK905:4"),
    FaultKind("transaction-count-mismatch", _E, "GE01 is not the number of transactions.", _REJECTED,
              "Write the number of transactions that the group holds.", None, "GE01", "AK905:5"),
    FaultKind("transaction-control-mismatch", _E, "SE02 is not the control number of ST02.", _REJECTED,
              "Make both numbers the same.", None, "SE02", "IK502:3"),
    FaultKind("segment-count-mismatch", _E, "SE01 is not the number of segments.", _REJECTED,
              "Write the number of segments from ST to SE, both counted.", None, "SE01", "IK502:4"),
    FaultKind("not-a-professional-claim", _E, "A transaction is not an 837P of version 005010X222.", "Its claims are refused: they are not read as something they are not.",
              "Send it in a file of its own kind.", None, "ST03", "IK502:1"),
    FaultKind("unknown-segment", _W, "A segment is none of those an 837P may hold.", "A strict receiver rejects the transaction.",
              "Remove the segment or correct its identifier.", None, None, "IK304:1"),
    FaultKind("hl-parent-missing", _E, "An HL names a parent that is not the loop above it.", "The receiver cannot tell whose claim it is and rejects the transaction.",
              "Give the subscriber the billing provider's HL number as parent, and the patient the subscriber's.", "2000", "HL02", "IK403:7"),
    FaultKind("claim-without-lines", _E, "A claim has no SV1.", "There is nothing to pay; the claim is refused and counted as such.",
              "Add the service lines of the claim.", "2400", "SV1", "IK304:3",
              question="What was done at this visit?"),
    FaultKind("line-without-service", _E, "An LX has no SV1.", "The line cannot be read, and the receiver rejects the claim.",
              "Add the service of the line, or remove its LX.", "2400", "SV1", "IK304:3",
              question="What was done on this line?"),
    FaultKind("service-without-line", _E, "An SV1 has no LX before it.", "Nothing numbers the line; the receiver rejects the claim. It is read as a line of its own.",
              "Put LX with the number of the line before it.", "2400", "LX", "IK304:3"),
    FaultKind("service-outside-claim", _E, "An SV1 stands in no claim.", "It belongs to no claim and is not read.",
              "Put it under its CLM.", "2400", "SV1", "IK304:2"),
    FaultKind("claim-without-diagnosis", _E, "A claim has no HI with a diagnosis.", _CLAIM,
              "Add the diagnoses of the visit from the chart.", "2300", "HI", "IK304:3",
              question="Which diagnoses does the note give for this visit?"),
    FaultKind("too-many-diagnoses", _E, "A claim has more than twelve diagnoses.", _CLAIM, "Keep the twelve that matter, or split the claim.",
              "2300", "HI", "IK403:3"),
    FaultKind("missing-service-date", _E, "A line has no service date.", _CLAIM, "Add DTP 472 with the day of the service.",
              "2400", "DTP03", "IK304:3",
              question="On which day was it done?"),
    FaultKind("invalid-service-date", _E, "A service date is not a date.", _CLAIM, "Write the date as YYYYMMDD.",
              "2400", "DTP03", "IK403:8"),
    FaultKind("service-date-out-of-range", _E, "A service date lies in another century, or ends before it begins.", _CLAIM,
              "Correct the date of service.", "2400", "DTP03", "IK403:8"),
    FaultKind("missing-procedure", _E, "A line has no procedure code.", _CLAIM, "Add the code of the service.", "2400", "SV101-2", "IK403:1",
              question="What was done?"),
    FaultKind("procedure-malformed", _E, "A procedure code is not five letters and digits.", _CLAIM,
              "Write the code alone; modifiers have places of their own.", "2400", "SV101-2", "IK403:7"),
    FaultKind("procedure-qualifier-not-hc", _W, "SV101-1 is not HC.", "Only HCPCS codes are read as such; another code set is judged by no rule here.",
              "Use HC with a CPT or HCPCS code.", "2400", "SV101-1", "IK403:7"),
    FaultKind("amount-not-numeric", _E, "An amount is not a number.", _CLAIM, "Write the amount as a decimal number.", "2400", "SV102", "IK403:6"),
    FaultKind("amount-negative", _E, "An amount is below zero.", _CLAIM, "Charges are never negative; correct the amount.", "2400", "SV102", "A7:178"),
    FaultKind("units-not-numeric", _E, "The units are missing or not a number.", _CLAIM, "Write the units as a number.", "2400", "SV104", "IK403:6",
              question="How many were done, counted in the note?"),
    FaultKind("claim-total-mismatch", _E, "CLM02 is not the sum of the lines.", _CLAIM, "Make the claim's total the sum of its line charges.",
              "2300", "CLM02", "A7:178"),
    FaultKind("diagnosis-pointer-out-of-range", _E, "A line points to a diagnosis the claim does not have.", _CLAIM,
              "Point to one of the claim's diagnoses, counted from 1.", "2400", "SV107", "IK403:7"),
    FaultKind("diagnosis-pointer-missing", _E, "A line points to no diagnosis.", _CLAIM, "Point the line to its diagnosis.", "2400", "SV107", "IK403:1",
              question="For which diagnosis was it done?"),
    FaultKind("npi-check-digit", _E, "An NPI is not ten digits, or fails its check digit.", _CLAIM, "Correct the NPI: ten digits, the last of which checks the others.", None, "NM109", "A7:562"),
    FaultKind("npi-missing", _E, "The billing provider has no NPI.", _CLAIM, "Add the NPI of the billing provider.", "2010AA", "NM109", "IK403:1"),
    FaultKind("too-many-lines", _E, "A claim has more than fifty lines.", _CLAIM, "Split the claim.", "2400", "LX", "IK304:4"),
    FaultKind("unreadable-cell", _E, "A cell of a table is not what its column holds.", "The value is unknown, so every rule that needs it is silent.",
              "Write a date as 2026-07-15, an amount or a count as a plain number, yes or no as true or false.", None, None, None, authority="Cutis, documented columns"),
    FaultKind("column-misspelt", _W, "A column of a table is nearly named as a documented one, and is not read.",
              "What stands in it is unknown to every rule, and nothing else says so.", "Name the column as the manual does.",
              None, None, None, authority="Cutis, documented columns"),
    FaultKind("column-not-read", Severity.INFO, "A table has columns that are none of those documented.",
              "What stands in them is not looked at.", "Nothing, unless one of them is a documented column under another name.",
              None, None, None, authority="Cutis, documented columns"),
    FaultKind("cell-with-too-many", _W, "A cell of a table names more modifiers or diagnoses than a line has places for.",
              "A line carries four of each; what stands after the fourth is not read.", "Name the four that matter, in their order.",
              None, None, None, authority="Cutis, documented columns"),
    FaultKind("row-with-extra-cells", _E, "A row of a table has more cells than its header.",
              "A value with a separator in it, not quoted, moves all after it one column on.",
              "Quote the value that holds the separator, or take the extra cells off.", None, None, None,
              authority="Cutis, documented columns"),
    FaultKind("row-without-claim", _E, "A row of a table has no claim id.", "It belongs to no claim and is not read.",
              "Give the row the id of its claim.", None, None, None, authority="Cutis, documented columns"),
)  # fmt: skip

FAULTS: Final[dict[str, FaultKind]] = {k.name: k for k in _KINDS}


_NONE: Final = pl.DataFrame(schema=FAULT_SCHEMA)


def empty() -> pl.DataFrame:
    """No faults, in the right shape."""
    return _NONE


def make(kind: str, rows: pl.DataFrame, message: pl.Expr, **columns: pl.Expr | str | None) -> pl.DataFrame:
    """Faults of one kind, one a row.

    Args:
        kind: name in `FAULTS`.
        rows: frame with any of `FAULT_SCHEMA`'s columns, taken over where present.
        message: the sentence, over the columns of `rows`.
        columns: further columns of `FAULT_SCHEMA` that replace the kind's own loop, element or code.
    """
    return make_of(FAULTS[kind], rows, message, **columns)


def make_of(fault: FaultKind, rows: pl.DataFrame, message: pl.Expr, **columns: pl.Expr | str | None) -> pl.DataFrame:
    """As `make`, of a kind that need not stand in `FAULTS`."""
    if rows.is_empty():
        return empty()
    own: dict[str, pl.Expr | str | None] = {
        "rule": fault.name,
        "severity": fault.severity.value,
        "message": message,
        "fix_text": fault.fix,
        "loop": fault.loop,
        "element": fault.element,
        "x12_code": fault.x12_code,
    }
    own |= columns
    exprs = []
    for name, dtype in FAULT_SCHEMA.items():
        value = own.get(name, pl.col(name) if name in rows.columns else None)
        expr = value if isinstance(value, pl.Expr) else pl.lit(value)
        exprs.append(expr.cast(dtype).alias(name))
    return rows.select(exprs)
