"""Faults of the envelope: counts and control numbers of SE, GE and IEA, across pieces of the file."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from cutis.parse.faults import FAULT_SCHEMA, FAULTS, make
from cutis.parse.segments import NUMBER, Segments

ENVELOPE: Final = ("ISA", "GS", "ST", "SE", "GE", "IEA")
ISA_WIDTHS: Final = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
# what an acknowledgment says where the closing segment is missing
_MISSING: Final = {"SE": "IK502:2", "GE": "AK905:3", "IEA": "TA1:023"}


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
    ended: bool = False  # the last segment was an IEA
    found: list[dict[str, object]] = field(default_factory=list)

    def take(self, segments: Segments) -> None:
        """Look at the envelope segments of a piece, in order; only these few are walked."""
        rows = segments.rows(*ENVELOPE)
        own = segments.at(rows[rows >= segments.carried], (0, 1, 2, 6, 13))
        self._outside(segments)
        self._widths(segments)
        for name, e1, e2, e6, e13, number in own.select("e0", "e1", "e2", "e6", "e13", NUMBER).iter_rows():
            self.step(name, e1, e2, e6, e13, number)

    def step(self, name: str, e1: str | None, e2: str | None, e6: str | None, e13: str | None, number: int) -> None:
        """Look at one envelope segment: its identifier, the elements that any of them needs, its number in the file."""
        getattr(self, f"_{name.lower()}")(e1, e2, e6, e13, number)

    def _widths(self, segments: Segments) -> None:
        """ISA segments whose elements have not their fixed widths."""
        rows = segments.rows("ISA")
        elements = tuple(range(1, len(ISA_WIDTHS) + 1))
        own = segments.at(rows[rows >= segments.carried], elements)
        for *texts, number in own.select(*(f"e{i}" for i in elements), NUMBER).iter_rows():
            for place, text, width in zip(elements, texts, ISA_WIDTHS, strict=True):
                if len(text or "") != width:
                    message = f"ISA{place:02d} is {len(text or '')} characters wide, not {width}."
                    self._fault("interchange-header-damaged", message, number, f"ISA{place:02d}")
                    break

    def _outside(self, segments: Segments) -> None:
        """Where segments follow an IEA and no ISA begins another interchange."""
        is_isa, ended = np.zeros(len(segments.kind), dtype=bool), segments.rows("IEA") + 1
        is_isa[segments.rows("ISA")] = True
        if self.ended:
            ended = np.append(ended, segments.carried)
        self.ended = len(ended) > 0 and int(ended.max()) == len(is_isa)
        for row in ended[(ended >= segments.carried) & (ended < len(is_isa))]:
            if not is_isa[row]:
                message = "An interchange has ended, and what follows is no ISA."
                self._fault("data-outside-interchange", message, int(segments.number[row]), None)

    def close(self, last_segment: int) -> None:
        """At the end of the input: whatever is still open was cut off."""
        for name, still_open in (("SE", self.st), ("GE", self.gs), ("IEA", self.isa)):
            if still_open is not None:
                self._missing(name, "The file ends", last_segment)

    def faults(self) -> pl.DataFrame:
        """Faults since the last call."""
        found, self.found = self.found, []
        return pl.DataFrame(found, schema=FAULT_SCHEMA, orient="row")

    def _isa(self, _e1: str, _e2: str, _e6: str, control: str | None, number: int) -> None:
        self._still_open("SE", "GE", "IEA", before="Another interchange begins", number=number)
        self.isa, self.gs, self.st, self.groups = control or "", None, None, 0
        self.totals["ISA"] += 1

    def _gs(self, _e1: str, _e2: str, control: str | None, _e13: str, number: int) -> None:
        self._still_open("SE", "GE", before="Another group begins", number=number)
        self.gs, self.st, self.transactions = control or "", None, 0
        self.groups += 1
        self.totals["GS"] += 1

    def _st(self, _e1: str, control: str | None, _e6: str, _e13: str, number: int) -> None:
        self._still_open("SE", before="Another transaction begins", number=number)
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
        self._still_open("SE", before="The group ends", number=number)
        self._compare("transaction-count-mismatch", "GE01", count, self.transactions, number, "transactions")
        self._control("group-control-mismatch", "GE02", control, "GS06", self.gs, number)
        self.gs = None

    def _iea(self, count: str | None, control: str | None, _e6: str, _e13: str, number: int) -> None:
        if self.isa is None:
            self._fault("group-count-mismatch", "IEA stands without an ISA before it.", number, "IEA")
            return
        self._still_open("SE", "GE", before="The interchange ends", number=number)
        self._compare("group-count-mismatch", "IEA01", count, self.groups, number, "groups")
        self._control("interchange-control-mismatch", "IEA02", control, "ISA13", self.isa, number)
        self.isa = None

    def _compare(self, kind: str, element: str, said: str | None, actual: int, number: int, what: str) -> None:
        if said is None or not said.isdigit() or int(said) != actual:
            message = f"{element} says {said or 'nothing'}, but there are {actual} {what}."
            # an element that is not there at all has no place to write to
            edit: dict[str, object] = {"segment": number, "element": 1, "component": 0, "old": said, "new": str(actual)}
            self._fault(kind, message, number, element, edit if said else None)

    def _control(self, kind: str, element: str, said: str | None, opener: str, opened: str, number: int) -> None:
        if (said or "") != opened:
            message = f"{element} is '{said or ''}', but {opener} is '{opened}'."
            self._fault(kind, message, number, element)

    def _still_open(self, *names: str, before: str, number: int) -> None:
        """What should have ended here: each is a fault, and is closed."""
        for name, attribute in (("SE", "st"), ("GE", "gs"), ("IEA", "isa")):
            if name in names and getattr(self, attribute) is not None:
                self._missing(name, before, number)
                setattr(self, attribute, None)

    def _missing(self, name: str, what: str, number: int) -> None:
        self._fault("truncated-file", f"{what} without {name}.", number, name)
        self.found[-1]["x12_code"] = _MISSING[name]

    def _fault(
        self, kind: str, message: str, number: int, element: str | None, edit: dict[str, object] | None = None
    ) -> None:
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


def strays(segments: Segments, foreign: pl.Series) -> list[pl.DataFrame]:
    """Segments whose identifier no 837P has, one fault each.

    Args:
        segments: of a piece.
        foreign: ordinals of the transactions that are no 837P; what they hold is their own matter.
    """
    rows = np.flatnonzero(segments.kind == 0)
    rows = rows[(rows >= segments.carried) & ~np.isin(segments.standing.at(rows, "st"), foreign.to_numpy())]
    if not len(rows):
        return []
    wrong = segments.at(rows, (0,))
    name = pl.col("e0").fill_null("").str.slice(0, 12)
    header = name.str.starts_with("ISA") & (pl.col("e0").str.len_chars() > len("ISA"))
    said = "An ISA stands here that does not have its fixed form: what it opens cannot be read."
    return [
        make("unknown-segment", wrong.filter(~header), pl.format("Segment '{}' is none an 837P may hold.", name), element=name),
        make("interchange-header-damaged", wrong.filter(header), pl.lit(said)),
    ]  # fmt: skip
