"""One claim held against its chart, both ways."""

from collections.abc import Iterable
from decimal import Decimal
from math import ceil
from typing import Final

from cutis.coding.ledger.charts import Chart
from cutis.coding.ledger.compare import Comparer
from cutis.coding.ledger.encounters import read_chart
from cutis.coding.ledger.entries import BilledLine, Disagreement, Evidence, Kind, Match
from cutis.coding.ledger.match import kind_of, makes_no_line, pair, what_of
from cutis.coding.ledger.meanings import Meaning, counted, meanings
from cutis.coding.ledger.repairs import repairs
from cutis.coding.ledger.tissue import Tissue
from cutis.coding.ledger.worth import Price, code_of, codes_for_count, codes_with, total
from cutis.coding.notes.acts import Act
from cutis.coding.notes.structured import one_thing
from cutis.model.words import counted as counted_words

_SINGLE: Final = frozenset(
    {"biopsy", "excision", "tumor", "shave", "malignant destruction", "mohs", "flap", "graft", "drain", "nail"}
)
_PRESENT: Final = frozenset({"light", "smear", "injection", "toxin"})
_UNBILLED: Final = frozenset({*_SINGLE, *_PRESENT})
_FURTHER: Final = {"14301": "14302"}
_FURTHER_EACH: Final = 30  # square centimetres, or part of them
_NEXT_STAGE: Final = {"17311": "17312", "17313": "17314"}
_ASK_DONE: Final = "Was it done on this day? If so the note lacks it; if not, the line must go."
_ASK_BILL: Final = "Was this left off the claim on purpose? Nothing may be billed that the note does not support."


class ClaimAudit:
    """The ledger of one claim.

    Args:
        claim: its id.
        lines: as billed.
        chart: what the chart holds.
        price: what a unit of a code is allowed.
    """

    def __init__(self, claim: str, lines: list[BilledLine], chart: Chart, price: Price) -> None:
        self.claim = claim
        self.lines = lines
        self.facts, source = read_chart(chart)
        self.acts = self.facts.done
        self.tissue = Tissue(chart)
        self.told = self.tissue.tell(self.acts)
        self.compare = Comparer(source)
        self.price = price
        self.on = lines[0].service_from if lines else None
        self.matches: list[Match] = []
        self.found: list[Disagreement] = []

    def run(self) -> list[Disagreement]:
        """Every disagreement, in the order of the claim's lines; what is not billed comes last."""
        known = [(ln, m) for ln in self.lines if (m := meanings().get(ln.code))]
        self._single([k for k in known if k[1].kind in _SINGLE | _PRESENT])
        self._counted([k for k in known if k[1].kind == "count"])
        self._mohs_stages([k for k in known if k[1].kind.startswith("mohs")])
        units: dict[str, int] = {}
        for ln in self.lines:
            units[ln.code] = units.get(ln.code, 0) + ln.units
        closures = [k for k in known if k[1].kind == "repair"]
        self.found += repairs(self.claim, closures, self.acts, self.compare, self._cents, units)
        drugs = [k for k in known if k[1].kind == "drug"]
        self._drugs(drugs)
        self._drugs_unbilled(drugs)
        self.found += self.tissue.compare(self.claim, self.lines, self.acts, self._cents)
        self._visit([k for k in known if k[1].kind == "visit"])
        for found in self.found:
            found.evidence = self.compare.source.joined(found.evidence)
        self.found.sort(key=lambda d: (d.line is None, d.line or 0, d.kind.value, d.message))
        return self.found

    def act_for(self, line: BilledLine) -> Act | None:
        """The act that a line stands for, or the first of its kind; None where there is none."""
        matched = next((m.act for m in self.matches if m.billed.line == line.line), None)
        meaning = meanings()[line.code]
        tests = {
            "repair": lambda a: a.get("repair") == meaning.repair,
            "mohs stage": lambda a: a.family == "mohs",
            "mohs block": lambda a: a.family == "mohs",
            "drug": lambda a: a.get("drug") == meaning.drug,
            "specimen": lambda a: a.family == "path",
        }
        test = tests.get(meaning.kind)
        like = next((a for a in self.acts if test and test(a)), None)
        if like is None and meaning.kind == "repair":
            like = next((a for a in self.acts if a.get("repair")), None)  # of another class: what it says still counts
        return matched or like

    def unread(self) -> list[BilledLine]:
        """Lines whose code the ledger knows nothing of; they are not checked."""
        return [ln for ln in self.lines if ln.code not in meanings()]

    def _cents(self, codes: Iterable[tuple[str, int]]) -> int | None:
        return total(list(codes), self.price, self.on)

    def _times(self, code: str, units: int) -> int | None:
        """Cents of a number of units, which may be less than none."""
        one = self._cents([(code, 1)])
        return None if one is None else one * units

    def _say(
        self, kind: Kind, line: BilledLine | None, code: str | None, message: str, ask: str, evidence: list[Evidence]
    ) -> Disagreement:
        found = Disagreement(kind, self.claim, line.line if line else None, code, message, ask, evidence)
        self.found.append(found)
        return found

    def _single(self, lines: list[tuple[BilledLine, Meaning]]) -> None:
        acts = [a for a in self.acts if kind_of(a) in _UNBILLED]
        counted_kinds = [a for a in self.acts if kind_of(a) == "count"]
        pairs, missing, extra = pair(lines, [*acts, *counted_kinds])
        self.matches += pairs
        seen: set[tuple[int, int]] = set()
        for match in pairs:
            key = (match.billed.line, id(match.act))
            if key in seen:
                continue
            seen.add(key)
            meaning = meanings()[match.billed.code]
            said = self.compare.line(match.billed, self._with_more(meaning), match.act)
            report = self.told.get(next((i for i, a in enumerate(self.acts) if a is match.act), -1))
            for disagreement in said:
                if report and disagreement.kind is Kind.NATURE:
                    disagreement.evidence.append(report)
            self.found += said
        for line in dict.fromkeys(missing):
            self._not_documented(line, missing.count(line))
        for act in dict.fromkeys(map(id, extra)):
            self._not_billed(next(a for a in extra if id(a) == act), sum(id(a) == act for a in extra))

    def _with_more(self, meaning: Meaning) -> Meaning:
        """What a code says where add-on lines carry the rest of its measure: its upper limit is theirs."""
        more = sum(ln.units for ln in self.lines if ln.code == _FURTHER.get(meaning.code))
        return (
            meaning
            if not more or meaning.to is None
            else meaning._replace(to=meaning.to + more * _FURTHER_EACH, above=meaning.to + (more - 1) * _FURTHER_EACH)
        )

    def _not_documented(self, line: BilledLine, units: int) -> None:
        meaning = meanings()[line.code]
        same = [
            a
            for a in self.facts.not_done
            if kind_of(a) == meaning.kind or (meaning.what and a.technique == meaning.what)
        ]
        evidence = [e for a in same for e in self.compare.evidence(a)]
        said = f" The note speaks of it only as {same[0].status}." if same else ""
        what = f"{units} of {line.units} units of {line.code} have" if line.units > 1 else f"{line.code} has"
        found = self._say(
            Kind.BILLED_NOT_DOCUMENTED,
            line,
            line.code,
            f"{what} no matching entry in the chart.{said}",
            _ASK_DONE,
            evidence,
        )
        found.cents = self._cents([(line.code, units)])

    def _not_billed(self, act: Act, number: int) -> None:
        if kind_of(act) == "count" or act.get("intent") == "cosmetic" or act.get("same_lesion") or self._included(act):
            return
        if makes_no_line(act):
            return
        billed = {ln.code for ln in self.lines}
        code = code_of(act, billed)
        if code is None and self.unread():
            return  # a line that the ledger cannot read may stand for it; that line is shown as not checked
        site = f" at {act.get('site')}" if act.get("site") else ""
        times = f" ({number} times)" if number > 1 else ""
        message = f"The chart tells of {act.technique}{site}{times}; no line stands for it."
        found = self._say(
            Kind.DOCUMENTED_NOT_BILLED,
            None,
            code,
            message,
            _ASK_BILL,
            self.compare.evidence(act, "site", "lesion_cm", "excised_cm"),
        )
        found.cents = self._cents(codes_with(code, number, billed)) if code else None

    def _included(self, act: Act) -> bool:
        """What other work of the day includes: an excision under its flap, a biopsy of what is then cut out."""
        others = [m.act for m in self.matches if m.act is not act and m.act.get("site") == act.get("site")]
        moved = any(m.act.family == "flap" for m in self.matches if m.act is not act)
        if act.technique == "z-plasty" and moved:
            return True
        flaps = any(o.family == "flap" for o in others) and act.family == "excision"
        return flaps or (
            act.family == "biopsy" and any(o.family in {"excision", "mohs", "shave", "destroy"} for o in others)
        )

    def _counted(self, lines: list[tuple[BilledLine, Meaning]]) -> None:
        taken = {id(m.act) for m in self.matches}
        acts = [a for a in self.acts if kind_of(a) == "count" and id(a) not in taken]
        for what in sorted({m.what or "" for _, m in lines} | {w for a in acts if (w := what_of(a))}):
            billed = [ln for ln, m in lines if m.what == what]
            documented = [a for a in acts if what_of(a) in {what, None} and (what_of(a) or billed)]
            self._count(what, billed, documented)

    def _count(self, what: str, billed: list[BilledLine], acts: list[Act]) -> None:
        for match_line in billed:
            self.matches += [Match(match_line, a) for a in acts[:1]]
        if billed and not acts:
            for line in billed:
                self._not_documented(line, line.units)
            return
        said = [self.compare.cosmetic(line, act) for line in billed[:1] for act in acts]
        self.found += [d for d in said[:1] if d]
        numbers = [_number(a) or (1 if one_thing(a, self.facts) else None) for a in acts]
        evidence = [e for a in acts for e in self.compare.evidence(a, "count", "count_allergen", "site", "dx")]
        if None in numbers:
            if billed:
                message = f"{what.capitalize()} is billed; the chart does not say how many lesions."
                self._say(Kind.COUNT_NOT_STATED, billed[0], billed[0].code, message, "How many were treated?", evidence)
            return
        number = sum(n for n in numbers if n is not None)
        if not billed:
            if not all(a.get("intent") == "cosmetic" for a in acts):
                self._count_unbilled(what, number, evidence)
            return
        least = sum(counted(ln.code, ln.units)[0] for ln in billed)
        if {"11200", "11201"} <= {ln.code for ln in billed}:
            least += counted("11200", 1)[1] or 0  # the add-on begins where the first code is full
            least -= counted("11200", 1)[0]
        tops = [counted(ln.code, ln.units)[1] for ln in billed]
        most = None if None in tops else sum(t for t in tops if t is not None)
        if number < least or (most is not None and number > most):
            self._count_differs(billed, number, least, most, evidence)

    def _count_unbilled(self, what: str, number: int, evidence: list[Evidence]) -> None:
        codes = codes_for_count(what, number)
        message = f"The chart tells of {what} of {number}; no line stands for it."
        found = self._say(
            Kind.DOCUMENTED_NOT_BILLED, None, codes[0][0] if codes else None, message, _ASK_BILL, evidence
        )
        found.cents = self._cents(codes)

    def _count_differs(
        self, billed: list[BilledLine], number: int, least: int, most: int | None, evidence: list[Evidence]
    ) -> None:
        says = str(least) if most == least else f"{least} or more" if most is None else f"{least} to {most}"
        codes = ", ".join(ln.code + (f" x{ln.units}" if ln.units > 1 else "") for ln in billed)
        message = f"{codes} stands for {says}; the chart counts {number}."
        found = self._say(Kind.COUNT, billed[0], billed[0].code, message, "Which count is right?", evidence)
        meaning = meanings()[billed[0].code]
        right = self._cents(codes_for_count(meaning.what or "", number))
        now = self._cents([(ln.code, ln.units) for ln in billed])
        found.differ(now - right if right is not None and now is not None else None)

    def _mohs_stages(self, lines: list[tuple[BilledLine, Meaning]]) -> None:
        acts = [a for a in self.acts if a.family == "mohs"]
        if not lines or not acts:
            return
        first = next((ln for ln, m in lines if m.kind == "mohs"), lines[0][0])
        evidence = [e for a in acts for e in self.compare.evidence(a, "stages", "blocks")]
        if any(a.get("stages") is None for a in acts):
            self._say(
                Kind.STAGE,
                first,
                first.code,
                "Mohs stages are billed; the chart does not give their number.",
                "How many stages, and how many blocks in each?",
                evidence,
            )
            return
        billed = sum(ln.units for ln, m in lines if m.kind == "mohs stage")
        documented = sum(a.get("stages") - 1 for a in acts)
        if billed != documented:
            message = (
                f"{counted_words(billed, 'stage')} after the first {_are(billed)} billed; the chart gives {documented}."
            )
            found = self._say(Kind.STAGE, first, first.code, message, "How many stages were there?", evidence)
            found.differ(self._times(_NEXT_STAGE.get(first.code, first.code), billed - documented))
        blocks = sum(ln.units for ln, m in lines if m.kind == "mohs block")
        if all(a.get("blocks") for a in acts):
            extra = sum(max(0, b - 5) for a in acts for b in a.get("blocks"))
            if blocks != extra:
                message = f"{counted_words(blocks, 'block')} beyond five {_are(blocks)} billed; the chart gives {extra}, counted stage by stage."
                found = self._say(Kind.STAGE, first, "17315", message, "How many blocks had each stage?", evidence)
                found.differ(self._times("17315", blocks - extra))
        elif blocks:
            self._say(
                Kind.STAGE,
                first,
                "17315",
                "Blocks beyond five are billed; the chart does not give the blocks of each stage.",
                "How many blocks had each stage?",
                evidence,
            )

    def _drugs_unbilled(self, billed: list[tuple[BilledLine, Meaning]]) -> None:
        """Drugs that the chart gives an amount of, and no line stands for; one the practice did not buy is not its to bill."""
        if any(ln.code[:1] in {"J", "Q"} for ln in self.unread()):
            return  # a drug line that the ledger cannot read may stand for it
        for meaning in (
            m for m in meanings().values() if m.kind == "drug" and m.drug not in {b.drug for _, b in billed}
        ):
            acts = [a for a in self.acts if a.get("drug") == meaning.drug and a.get("intent") != "cosmetic"]
            amounts = [Decimal(v) for a in acts if (v := a.get(meaning.amount or "")) is not None]
            if not amounts:
                continue
            units = ceil(sum(amounts, Decimal(0)) / (meaning.per_unit or Decimal(1)))
            message = f"The chart gives {sum(amounts, Decimal(0)):f} {meaning.amount} of {meaning.drug}, {counted_words(units, 'unit')} of {meaning.code}; no line stands for it."
            ask = "Did the practice buy the drug? If the patient brought it, or a facility gave it, it is not billed."
            evidence = [e for a in acts for e in self.compare.evidence(a, "drug", meaning.amount or "")]
            found = self._say(Kind.DOCUMENTED_NOT_BILLED, None, meaning.code, message, ask, evidence)
            found.cents = self._cents([(meaning.code, units)])

    def _drugs(self, lines: list[tuple[BilledLine, Meaning]]) -> None:
        for line, meaning in lines:
            acts = [a for a in self.acts if a.get("drug") == meaning.drug]
            if not acts:
                self._not_documented(line, line.units)
                continue
            amounts = [Decimal(v) for a in acts if (v := a.get(meaning.amount or "")) is not None]
            evidence = [e for a in acts for e in self.compare.evidence(a, "drug", meaning.amount or "")]
            if not amounts:
                self._say(
                    Kind.DOSE,
                    line,
                    line.code,
                    f"{line.code} is billed; the chart does not give the amount.",
                    "How much was given, and how much discarded?",
                    evidence,
                )
                continue
            units = ceil(sum(amounts, Decimal(0)) / (meaning.per_unit or Decimal(1)))
            if units != line.units and "JW" not in line.modifiers:
                message = f"{line.units} units of {line.code} are billed; the amount in the chart makes {units}."
                self._say(Kind.DOSE, line, line.code, message, "How much was given, and how much discarded?", evidence)

    def _visit(self, lines: list[tuple[BilledLine, Meaning]]) -> None:
        visit = self.facts.visit
        procedures = any(ln.code in meanings() and meanings()[ln.code].kind != "visit" for ln in self.lines)
        for line, _ in lines:
            if not visit.present and not visit.problems:
                message = f"{line.code} is billed; the note shows no evaluation beyond the procedure."
                found = self._say(Kind.BILLED_NOT_DOCUMENTED, line, line.code, message, _ASK_DONE, [])
                found.cents = self._cents([(line.code, line.units)])
            elif procedures and visit.get("separate") != "separate" and "57" not in line.modifiers:
                message = f"{line.code} is billed beside procedures; the note shows no work apart from deciding on and doing them."
                ask = "Was another problem evaluated, or work done well beyond the procedure? If so the author may say where it is written."
                self._say(Kind.VISIT_NOT_SEPARATE, line, line.code, message, ask, [])
        apart = visit.get("separate") == "separate" or visit.get("decision")
        told = visit.problems or {"mdm", "minutes", "risk"} & set(visit.facts)
        if not lines and procedures and visit.present and apart and told:
            problem = next(iter(visit.problems), None)
            what = f"The note evaluates {problem.dx}" if problem else "The chart shows an evaluation"
            evidence = [self.compare.quote(problem.start, problem.end)] if problem else []
            message = f"{what} apart from the procedures; no visit is billed."
            self._say(Kind.DOCUMENTED_NOT_BILLED, None, None, message, _ASK_BILL, evidence)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _number(act: Act) -> int | None:
    """How many things a counted act treated; one named lesion is one."""
    for name in ("count", "count_allergen", "count_nail"):
        if (value := act.get(name)) is not None:
            return int(value)
    return None


__all__ = ["ClaimAudit"]
