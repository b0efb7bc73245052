"""What a check says: findings, what was not checked, and problems of the run: three channels, never mixed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polars as pl

from cutis.model import columns as c


class Severity(StrEnum):
    """How sure and how costly a finding is: a denial, a risk to look at, a remark."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Verdict(StrEnum):
    """Outcome of one rule on one line; silence is never praise, so *not checked* is its own word."""

    FOUND = "found"
    CLEAR = "clear"
    NOT_CHECKED = "not-checked"


class FixKind(StrEnum):
    """`mechanical` may be applied by `--fix`; `needs-chart` is only ever said, with the question to ask."""

    MECHANICAL = "mechanical"
    NEEDS_CHART = "needs-chart"
    NONE = "none"


class Evidence(StrEnum):
    """What a rule rests on, strongest first; a recalled rule may never be an error."""

    CMS_FILE = "cms-file"
    CMS_MANUAL = "cms-manual"
    PUBLISHED = "published"
    RECALLED = "recalled"


class Stake(StrEnum):
    """Which allowable is at stake: the line's, its extra units' (`stake_units`), the whole claim's, or none."""

    LINE = "line"
    CLAIM = "claim"
    NONE = "none"


class Exposure(StrEnum):
    """What becomes of the money if a finding stands: lost by denial, or paid though it may not be owed.

    `OVERPAYMENT` is what a rule is taken for until it says otherwise, so that nothing that might have to be paid back
    is ever called not worth fixing.
    """

    DENIAL = "denial"
    OVERPAYMENT = "overpayment"


# Columns that a rule may add to the lines it returns.
OTHER_LINES: Final = "other_lines"  # List(UInt16): further lines of the same claim that the finding is about
STAKE_UNITS: Final = "stake_units"  # Float64: units of the line that are at stake (default: all)
STAKE_CENTS: Final = "stake_cents"  # Int64: the amount itself, where the rule knows better than the engine
RELEASE: Final = "release"  # String: the release that the finding rests on
EDITS: Final = "edits"  # List(Struct): what `--fix` would write (mechanical fixes only)
WAIVER: Final = "waived_by"
KNOWN: Final = "in_baseline"
FINGERPRINT: Final = "finding_hash"
ODDS: Final = "denial_odds"
REASON: Final = "reason"  # String, in `unknown` frames: why a line could not be checked

EDIT_DTYPE: Final = pl.List(
    pl.Struct(
        {
            "segment": pl.UInt32,  # 1-based number of the segment in the file
            "element": pl.UInt8,  # 1-based element
            "component": pl.UInt8,  # 1-based component, 0 for the whole element
            "old": pl.String,
            "new": pl.String,
        }
    )
)

FINDING_SCHEMA: Final[dict[str, pl.DataType]] = {
    "rule": pl.String(),
    c.CLAIM_INDEX: pl.UInt32(),
    c.CLAIM_ID: pl.String(),
    c.LINE: pl.UInt16(),  # the line to act on; null where the finding is about the claim or the file
    "lines": pl.List(pl.UInt16()),
    "severity": pl.String(),
    "message": pl.String(),
    "fix_text": pl.String(),
    "question": pl.String(),  # what to ask the chart; null where the rule's own sentence serves as it stands
    STAKE_CENTS: pl.Int64(),
    RELEASE: pl.String(),
    EDITS: EDIT_DTYPE,
    "segment": pl.UInt32(),
    "loop": pl.String(),
    "element": pl.String(),
    "x12_code": pl.String(),
    WAIVER: pl.UInt16(),  # place of the waiver in the configuration that covers it, in force or expired
    KNOWN: pl.Boolean(),  # true where the baseline has it; null without a baseline
    FINGERPRINT: pl.String(),  # the finding by what the claim says, where a baseline or certificate asks for it
    ODDS: pl.Int32(),  # chance of denial in ten-thousandths; null where nobody states it
}

FINDING_ORDER: Final = (c.CLAIM_INDEX, c.LINE, "rule", "segment", "message")


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A rule that could not speak, on how many lines (0: the rule as a whole), and why."""

    rule: str
    reason: str
    lines: int = 0
    claims: int = 0
    example: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "rule": self.rule,
            "reason": self.reason,
            "lines": self.lines,
            "claims": self.claims,
            "example": self.example,
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that failed. The run goes on without it and exits with 3."""

    rule: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"rule": self.rule, "message": self.message}
