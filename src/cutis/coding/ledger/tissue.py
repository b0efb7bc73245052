"""Specimens and pathology reports held against the acts that took tissue and the lines that read it."""

from collections.abc import Callable, Iterable
from typing import Final

from cutis.coding.ledger.charts import Chart
from cutis.coding.ledger.entries import BilledLine, Disagreement, Evidence, Kind
from cutis.coding.ledger.heading import read_heading
from cutis.coding.ledger.meanings import meanings, region
from cutis.coding.ledger.reports import Specimen, read_specimens
from cutis.coding.notes.acts import Act
from cutis.model.words import counted

Cents = Callable[[Iterable[tuple[str, int]]], int | None]
_TAKES_TISSUE: Final = frozenset({"biopsy", "shave", "excision"})
# What is done upon an earlier result: its report lies in the chart, and no tissue of the day is asked for.
_PRIOR_RESULT: Final = frozenset({"mohs", "destroy", "flap", "graft", "repair"})
_QUOTED: Final = 120


class Tissue:
    """The specimens of a chart.

    Args:
        chart: of one claim.
    """

    def __init__(self, chart: Chart) -> None:
        self.reported: list[tuple[str, Specimen]] = [
            (name, s) for name, text in chart.reports for s in read_specimens(read_heading(text).body(text))
        ]
        self.texts = dict(chart.reports)
        self.noted = bool(chart.notes or chart.encounters)
        self.logged = [s for entry in chart.specimens for s in read_specimens(entry, reported=False)]

    def tell(self, acts: list[Act]) -> dict[int, Evidence]:
        """Give each act the result of its specimen; returns the words of the report by position of the act.

        A specimen is matched by side and region, and only where one act fits: two lesions of one region wait for a person.
        """
        told: dict[int, Evidence] = {}
        for name, specimen in self.reported:
            if specimen.diagnosis is None:
                continue
            fitting = [i for i, act in enumerate(acts) if i not in told and _same_place(act, specimen)]
            if len(fitting) > 1:
                exact = [i for i in fitting if acts[i].get("site") == specimen.site]
                fitting = exact if len(exact) == 1 else fitting[:0]
            if len(fitting) == 1:
                act = acts[fitting[0]]
                act.put("pathology", specimen.diagnosis, act.start, act.end, over=True)
                told[fitting[0]] = Evidence(name, specimen.text[:200], 0, len(specimen.text))
        return told

    def compare(self, claim: str, lines: list[BilledLine], acts: list[Act], cents: Cents) -> list[Disagreement]:
        """Specimens, reports, pathology lines and the lesions that tissue was taken from, each against the others."""
        read = [ln for ln in lines if (m := meanings().get(ln.code)) and m.kind == "specimen"]
        return [*self._billed(claim, read, acts, cents), *self._reports(claim), *self._taken(claim, acts)]

    def _billed(self, claim: str, read: list[BilledLine], acts: list[Act], cents: Cents) -> list[Disagreement]:
        """Specimens billed as read against those on record."""
        if not read:
            return []
        noted = sum(a.get("count_specimen") or 0 for a in acts if a.family == "path")
        count = len(self.reported) or len(self.logged) or noted
        billed = sum(ln.units for ln in read)
        codes = ", ".join(ln.code + (f" x{ln.units}" if ln.units > 1 else "") for ln in read)
        first = read[0]
        if not count and not any(a.family == "path" for a in acts):
            message = f"{codes}: the chart holds no pathology report, no specimen log, and no word of specimens read."
            ask = "Where is the signed report? Without one the reading is not a service that can be billed."
            kind = Kind.BILLED_NOT_DOCUMENTED
            return [
                Disagreement(
                    kind, claim, first.line, first.code, message, ask, [], cents([(ln.code, ln.units) for ln in read])
                )
            ]
        if not count or billed == count:
            return []
        message = f"{counted(billed, 'specimen')} {'is' if billed == 1 else 'are'} billed as read ({codes}); the chart shows {count}."
        ask = "How many separately named specimens were there?"
        found = Disagreement(Kind.SPECIMENS, claim, first.line, first.code, message, ask, self._evidence())
        one = cents([(first.code, 1)]) if len({ln.code for ln in read}) == 1 else None
        found.differ(None if one is None else one * (billed - count))
        return [found]

    def _reports(self, claim: str) -> list[Disagreement]:
        """Every logged specimen against the reports, and every reported one against the log; a log is needed for either."""
        if not self.logged:
            return []
        waiting = list(self.reported)
        found, missing = [], []
        for specimen in self.logged:
            match = _answer(specimen, [r for _, r in waiting])
            if match is None:
                missing.append(specimen)
                continue
            waiting = [(name, r) for name, r in waiting if r is not match]
            if not _agree(specimen, match):
                message = (
                    f"Specimen {specimen.label} is of {specimen.site} in the log, and of {match.site} in the report."
                )
                ask = "Were two specimens exchanged? Ask the laboratory before anything is billed from the report."
                found.append(
                    Disagreement(Kind.SPECIMENS, claim, None, None, message, ask, self._quotes([match], [specimen]))
                )
        if missing:
            message = f"{_named(missing, 'logged')}; no pathology report for {'it' if len(missing) == 1 else 'them'} was found."
            ask = "Is the report still out, was it filed elsewhere, or was the specimen lost?"
            found.append(
                Disagreement(Kind.SPECIMEN_WITHOUT_REPORT, claim, None, None, message, ask, self._quotes([], missing))
            )
        if waiting:
            left = [r for _, r in waiting]
            message = f"{_named(left, 'reported')}; the specimen log has no such entry."
            ask = "Whose tissue is it? It may belong to another patient or day."
            found.append(
                Disagreement(Kind.REPORT_WITHOUT_SPECIMEN, claim, None, None, message, ask, self._quotes(left, []))
            )
        return found

    def _taken(self, claim: str, acts: list[Act]) -> list[Disagreement]:
        """Lesions that the note says tissue was taken from, against the specimens on record."""
        taken = sum(max(1, a.get("count") or 1) for a in acts if a.family in _TAKES_TISSUE)
        shown = len(self.reported) or len(self.logged)
        if not shown or shown == taken:
            return []
        if taken:
            message = f"The note tells of tissue from {counted(taken, 'lesion')}; {counted(shown, 'specimen')} {'is' if shown == 1 else 'are'} on record."
            ask = "Was a specimen lost or not sent, or was a lesion not described in the note?"
            return [Disagreement(Kind.SPECIMENS, claim, None, None, message, ask, self._evidence())]
        if not self.noted or any(a.family in _PRIOR_RESULT for a in acts):
            return []
        message = f"{counted(shown, 'specimen')} {'is' if shown == 1 else 'are'} on record; the note tells of no tissue taken."
        ask = "Was a procedure not written down, or does the report belong to another day?"
        return [Disagreement(Kind.REPORT_WITHOUT_SPECIMEN, claim, None, None, message, ask, self._evidence())]

    def _evidence(self) -> list[Evidence]:
        return self._quotes([s for _, s in self.reported], [] if self.reported else self.logged)

    def _quotes(self, reported: list[Specimen], logged: list[Specimen]) -> list[Evidence]:
        """The words of specimens, with the file and the place of the reported ones."""
        found = []
        for name, specimen in self.reported:
            if any(specimen is r for r in reported):
                start = max(0, self.texts[name].find(specimen.text.split(". ")[0]))
                quote = self.texts[name][start : start + min(len(specimen.text), _QUOTED)]
                found.append(Evidence(name, quote, start, start + len(quote)))
        return found + [Evidence("specimen log", s.text[:_QUOTED], 0, min(len(s.text), _QUOTED)) for s in logged]


def _answer(specimen: Specimen, reported: list[Specimen]) -> Specimen | None:
    """The report of a logged specimen: by its label, else by its place where one report alone fits."""
    if specimen.label and (same := [r for r in reported if r.label == specimen.label]):
        return same[0]
    here = [r for r in reported if region(r.site) and region(r.site) == region(specimen.site) and _agree(specimen, r)]
    return here[0] if len(here) == 1 else None


def _agree(one: Specimen, other: Specimen) -> bool:
    """Whether the places of two specimens can be the same; a place that is not told contradicts nothing."""
    here, there = region(one.site), region(other.site)
    sides = {w for s in (one.site, other.site) for w in ("left", "right") if (s or "").startswith(w)}
    return (here is None or there is None or here == there) and len(sides) < 2


def _named(specimens: list[Specimen], how: str) -> str:
    names = ", ".join(" ".join(filter(None, (s.label, s.site))) or s.text[:40] for s in specimens)
    return f"{counted(len(specimens), 'specimen')} {'is' if len(specimens) == 1 else 'are'} {how} ({names})"


def _same_place(act: Act, specimen: Specimen) -> bool:
    if act.family not in {*_TAKES_TISSUE, "mohs", "destroy"}:
        return False
    here, there = region(act.get("site")), region(specimen.site)
    if here is None or there is None or here != there:
        return False
    side = next((w for w in ("left", "right") if (specimen.site or "").startswith(w)), None)
    return side is None or act.get("side") in {None, side}
