"""Specimens and pathology reports held against the acts that took tissue and the lines that read it."""

from typing import Final

from cutis.coding.ledger.charts import Chart
from cutis.coding.ledger.entries import BilledLine, Disagreement, Evidence, Kind
from cutis.coding.ledger.meanings import meanings, region
from cutis.coding.ledger.reports import Specimen, read_specimens
from cutis.coding.notes.acts import Act
from cutis.model.words import counted

_TAKES_TISSUE: Final = frozenset({"biopsy", "shave", "excision"})


class Tissue:
    """The specimens of a chart.

    Args:
        chart: of one claim.
    """

    def __init__(self, chart: Chart) -> None:
        self.reported: list[tuple[str, Specimen]] = [
            (name, s) for name, text in chart.reports for s in read_specimens(text)
        ]
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

    def compare(self, claim: str, lines: list[BilledLine], acts: list[Act]) -> list[Disagreement]:
        """Specimens against pathology lines, and against the lesions that tissue was taken from."""
        found = []
        count = (
            len(self.reported)
            or len(self.logged)
            or sum(a.get("count_specimen") or 0 for a in acts if a.family == "path")
        )
        read = [ln for ln in lines if (m := meanings().get(ln.code)) and m.kind == "specimen"]
        billed = sum(ln.units for ln in read)
        if read and count and billed != count:
            message = f"{counted(billed, 'specimen')} {'is' if billed == 1 else 'are'} billed as read ({', '.join(sorted({ln.code for ln in read}))}); the chart shows {count}."
            ask = "How many separately named specimens were there?"
            found.append(
                Disagreement(Kind.SPECIMENS, claim, read[0].line, read[0].code, message, ask, self._evidence())
            )
        taken = sum(max(1, a.get("count") or 1) for a in acts if a.family in _TAKES_TISSUE)
        shown = len(self.reported) or len(self.logged)
        if shown and taken and shown != taken:
            message = f"The note tells of tissue from {counted(taken, 'lesion')}; {counted(shown, 'specimen')} {'is' if shown == 1 else 'are'} on record."
            ask = "Was a specimen lost or not sent, or was a lesion not described in the note?"
            found.append(Disagreement(Kind.SPECIMENS, claim, None, None, message, ask, self._evidence()))
        return found

    def _evidence(self) -> list[Evidence]:
        return [Evidence(name, s.text[:120], 0, len(s.text)) for name, s in self.reported] or [
            Evidence("specimen log", s.text[:120], 0, len(s.text)) for s in self.logged
        ]


def _same_place(act: Act, specimen: Specimen) -> bool:
    if act.family not in {*_TAKES_TISSUE, "mohs", "destroy"}:
        return False
    here, there = region(act.get("site")), region(specimen.site)
    if here is None or there is None or here != there:
        return False
    side = next((w for w in ("left", "right") if (specimen.site or "").startswith(w)), None)
    return side is None or act.get("side") in {None, side}
