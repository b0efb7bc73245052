"""Faults of the envelope: counts and control numbers of SE, GE and IEA, across pieces of the file."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from cutis.parse.faults import FAULT_SCHEMA, FAULTS, make
from cutis.parse.segments import NUMBER, Segments

ENVELOPE: Final = ("ISA", "GS", "ST", "SE", "GE", "IEA")


@dataclass
class Envelope:
    """What is open at this point of the file; `take` is called piece by piece."""

    isa: str | None = None
    gs: str | None = None
    st: str | None = None
    st_segment: int = 0
    transactions: int = 0
    groups: int = 0
    totals: dict[str, int] = field(default_factory=lambda: {"ISA": 0, "GS": 0, "ST": 0})
    inside: bool = False
    found: list[dict[str, object]] = field(default_factory=list)

    def take(self, segments: Segments) -> None:
        """Look at the envelope segments of a piece, in order; only these few are walked."""
        rows = segments.rows(*ENVELOPE)
        own = segments.at(rows[rows >= segments.carried], (0, 1, 2, 6, 13))
        for name, e1, e2, e6, e13, number in own.select("e0", "e1", "e2", "e6", "e13", NUMBER).iter_rows():
            getattr(self, f"_{name.lower()}")(e1, e2, e6, e13, number)

    def step(self, name: str, e1: str | None, e2: str | None, e6: str | None, e13: str | None, number: int) -> None:
        """Look at one envelope segment: its identifier, the elements that any of them needs, its number in the file."""
        getattr(self, f"_{name.lower()}")(e1, e2, e6, e13, number)

    def close(self, last_segment: int) -> None:
        """At the end of the input: whatever is still open was cut off."""
        for name, still_open in (("SE", self.st), ("GE", self.gs), ("IEA", self.isa)):
            if still_open is not None:
                self._fault("truncated-file", f"The file ends without {name}.", last_segment, name)

    def faults(self) -> pl.DataFrame:
        """Faults since the last call."""
        found, self.found = self.found, []
        return pl.DataFrame(found, schema=FAULT_SCHEMA, orient="row")

    def _isa(self, _e1: str, _e2: str, _e6: str, control: str | None, number: int) -> None:
        if self.isa is not None:
            self._fault(
                "truncated-file", "An interchange begins before the one above it ended (IEA is missing).", number, "IEA"
            )
        self.isa, self.gs, self.st, self.groups = control or "", None, None, 0
        self.totals["ISA"] += 1

    def _gs(self, _e1: str, _e2: str, control: str | None, _e13: str, number: int) -> None:
        if self.gs is not None:
            self._fault("truncated-file", "A group begins before the one above it ended (GE is missing).", number, "GE")
        self.gs, self.st, self.transactions = control or "", None, 0
        self.groups += 1
        self.totals["GS"] += 1

    def _st(self, _e1: str, control: str | None, _e6: str, _e13: str, number: int) -> None:
        if self.st is not None:
            self._fault(
                "truncated-file", "A transaction begins before the one above it ended (SE is missing).", number, "SE"
            )
        self.st, self.st_segment = control or "", number
        self.transactions += 1
        self.totals["ST"] += 1

    def _se(self, count: str | None, control: str | None, _e6: str, _e13: str, number: int) -> None:
        if self.st is None:
            self._fault("segment-count-mismatch", "SE stands without an ST before it.", number, "SE")
            return
        actual = number - self.st_segment + 1
        self._compare("segment-count-mismatch", "SE01", count, actual, number, "segments from ST to SE")
        self._control("transaction-control-mismatch", "SE02", control, "ST02", self.st, number)
        self.st = None

    def _ge(self, count: str | None, control: str | None, _e6: str, _e13: str, number: int) -> None:
        if self.gs is None:
            self._fault("transaction-count-mismatch", "GE stands without a GS before it.", number, "GE")
            return
        self._compare("transaction-count-mismatch", "GE01", count, self.transactions, number, "transactions")
        self._control("group-control-mismatch", "GE02", control, "GS06", self.gs, number)
        self.gs = None

    def _iea(self, count: str | None, control: str | None, _e6: str, _e13: str, number: int) -> None:
        if self.isa is None:
            self._fault("group-count-mismatch", "IEA stands without an ISA before it.", number, "IEA")
            return
        self._compare("group-count-mismatch", "IEA01", count, self.groups, number, "groups")
        self._control("interchange-control-mismatch", "IEA02", control, "ISA13", self.isa, number)
        self.isa = None

    def _compare(self, kind: str, element: str, said: str | None, actual: int, number: int, what: str) -> None:
        if said is None or not said.isdigit() or int(said) != actual:
            message = f"{element} says {said or 'nothing'}, but there are {actual} {what}."
            edit = {"segment": number, "element": 1, "component": 0, "old": said or "", "new": str(actual)}
            self._fault(kind, message, number, element, edit)

    def _control(self, kind: str, element: str, said: str | None, opener: str, opened: str, number: int) -> None:
        if (said or "") != opened:
            message = f"{element} is '{said or ''}', but {opener} is '{opened}'."
            self._fault(kind, message, number, element)

    def _fault(self, kind: str, message: str, number: int, element: str, edit: dict[str, object] | None = None) -> None:
        fault = FAULTS[kind]
        self.found.append(
            dict.fromkeys(FAULT_SCHEMA)
            | {
                "rule": kind,
                "severity": fault.severity.value,
                "message": message,
                "fix_text": fault.fix,
                "segment": number,
                "element": element,
                "x12_code": fault.x12_code,
                "edits": [edit] if edit else None,
            }
        )


def strays(segments: Segments) -> pl.DataFrame:
    """Segments whose identifier no 837P has, one fault each."""
    rows = np.flatnonzero(segments.kind == 0)
    wrong = segments.at(rows[rows >= segments.carried], (0,))
    name = pl.col("e0").fill_null("").str.slice(0, 12)
    return make("unknown-segment", wrong, pl.format("Segment '{}' is none an 837P may hold.", name), element=name)
