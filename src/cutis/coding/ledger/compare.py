"""A billed line held against the act it stands for: technique, site, side, size, nature, stages."""

from decimal import Decimal
from typing import Final

from cutis.coding.ledger.charts import Source
from cutis.coding.ledger.entries import BilledLine, Disagreement, Evidence, Kind
from cutis.coding.ledger.match import fits, kind_of, measured, nature_of
from cutis.coding.ledger.meanings import Meaning, group_words, in_group, near_kinds
from cutis.coding.notes.acts import Act
from cutis.coding.notes.context import DONE

_UNSTATED: Final = frozenset({"biopsy", "shave", "removal", "snip", "injection"})
_SIDES: Final = {"RT": "right", "LT": "left"}


class Comparer:
    """Compares lines with acts of one chart.

    Args:
        source: the text of the chart, which knows its files.
    """

    def __init__(self, source: Source) -> None:
        self.source = source

    def evidence(self, act: Act, *names: str) -> list[Evidence]:
        """The words of an act and of some of its facts."""
        spans = [(act.start, act.end)] + [(f.start, f.end) for n in names if (f := act.facts.get(n))]
        return [self.quote(start, end) for start, end in dict.fromkeys(spans)]

    def quote(self, start: int, end: int) -> Evidence:
        """Words of the note."""
        return self.source.quote(start, end)

    def line(self, billed: BilledLine, meaning: Meaning, act: Act) -> list[Disagreement]:
        """All disagreements of a line with its act."""
        found = [
            self._technique(billed, meaning, act),
            self._site(billed, meaning, act),
            self._side(billed, act),
            self._size(billed, meaning, act),
            self._nature(billed, meaning, act),
            self._reader(billed, meaning, act),
            self.cosmetic(billed, act),
        ]
        return [d for d in found if d is not None]

    def _say(self, kind: Kind, billed: BilledLine, message: str, ask: str, evidence: list[Evidence]) -> Disagreement:
        return Disagreement(kind, billed.claim, billed.line, billed.code, message, ask, evidence)

    def _technique(self, billed: BilledLine, meaning: Meaning, act: Act) -> Disagreement | None:
        stated = act.technique
        if kind_of(act) in near_kinds(meaning.kind):
            message = f"{billed.code} says {_words(meaning)}; the chart tells of {_article(stated)}."
        elif stated in _UNSTATED and (meaning.technique or meaning.kind == "shave"):
            message = f"{billed.code} says {_words(meaning)}; the chart does not state the technique."
            ask = f"Which technique was used ({_options(meaning)})? Code what the operator confirms by addendum."
            return self._say(Kind.TECHNIQUE_NOT_STATED, billed, message, ask, self.evidence(act))
        elif meaning.technique and stated != meaning.technique:
            message = f"{billed.code} says {meaning.technique}; the chart tells of {_article(stated)}."
        elif meaning.repair and act.get("repair") and act.get("repair") != meaning.repair:
            message = f"{billed.code} says {meaning.repair} repair; the chart tells of {act.get('repair')} repair."
        else:
            return None
        ask = "Which was done? Correct the code, or have the note corrected by its author if the note is wrong."
        return self._say(Kind.TECHNIQUE, billed, message, ask, self.evidence(act, "purpose", "repair"))

    def _site(self, billed: BilledLine, meaning: Meaning, act: Act) -> Disagreement | None:
        if meaning.group is None:
            return None
        inside = in_group(act.get("site"), meaning.group)
        if inside:
            return None
        evidence = self.evidence(act, "site")
        if inside is None:
            message = f"{billed.code} is for {group_words(meaning.group)}; the chart names no site for it."
            return self._say(Kind.SITE, billed, message, "Where was the lesion?", evidence)
        message = f"{billed.code} is for {group_words(meaning.group)}; the chart says {act.get('site')}."
        return self._say(Kind.SITE, billed, message, "Which site is right, the claim's or the chart's?", evidence)

    def _side(self, billed: BilledLine, act: Act) -> Disagreement | None:
        billed_sides = {_SIDES[m] for m in billed.modifiers if m in _SIDES}
        stated = act.get("side")
        if len(billed_sides) != 1 or stated not in {"left", "right"} or stated in billed_sides:
            return None
        message = f"The claim says {billed_sides.pop()} side; the chart says {stated}."
        return self._say(Kind.SIDE, billed, message, "Which side was it?", self.evidence(act, "site"))

    def _size(self, billed: BilledLine, meaning: Meaning, act: Act) -> Disagreement | None:
        if meaning.measure is None or (meaning.above is None and meaning.to is None):
            return None
        value = measured(act, meaning.measure)
        names = ("lesion_cm", "margin_cm", "excised_cm", "repair_cm", "area_sqcm", "defect_cm")
        if value is None:
            return self._unmeasured(billed, meaning, act, self.evidence(act, *names))
        if fits(meaning, value):
            return None
        unit = "sq cm" if meaning.measure == "area_sqcm" else "cm"
        message = f"{billed.code} is for {_band(meaning, unit)}; the chart gives {_plain(value)} {unit}{_sum_words(meaning, act)}."
        return self._say(
            Kind.SIZE,
            billed,
            message,
            "Which measure is right? Code the measure taken before cutting.",
            self.evidence(act, *names),
        )

    def _unmeasured(self, billed: BilledLine, meaning: Meaning, act: Act, evidence: list[Evidence]) -> Disagreement:
        if meaning.measure == "excised_cm" and act.get("lesion_cm") is not None:
            message = f"The chart gives the lesion ({_plain(act.get('lesion_cm'))} cm) but no margin; {billed.code} goes by lesion and twice the narrowest margin."
            ask = "What was the narrowest margin on each side, or does the size already include margins?"
            return self._say(Kind.MARGIN_NOT_STATED, billed, message, ask, evidence)
        what = {"repair_cm": "length of the repair", "area_sqcm": "area"}.get(meaning.measure or "", "size")
        message = f"{billed.code} goes by the {what}; the chart does not give it."
        return self._say(
            Kind.SIZE_NOT_STATED,
            billed,
            message,
            f"What was the {what}? A payer takes the smallest code where none is written.",
            evidence,
        )

    def _nature(self, billed: BilledLine, meaning: Meaning, act: Act) -> Disagreement | None:
        if meaning.nature is None:
            return None
        stated, result = nature_of(act), act.get("pathology") or act.get("prior_pathology")
        evidence = self.evidence(act, "dx", "pathology", "prior_pathology")
        if stated and stated != meaning.nature:
            message = f"{billed.code} is for a {meaning.nature} lesion; the chart says {act.get('pathology') or act.get('dx')}."
            return self._say(Kind.NATURE, billed, message, "What did the final pathology report say?", evidence)
        if meaning.nature == "malignant" and not result:
            message = f"{billed.code} is for a malignant lesion; the chart shows no pathology result for it."
            ask = "Is a pathology report on file? Hold the line until it is: suspicion is not a diagnosis."
            return self._say(Kind.BEFORE_PATHOLOGY, billed, message, ask, evidence)
        return None

    def _reader(self, billed: BilledLine, meaning: Meaning, act: Act) -> Disagreement | None:
        if meaning.kind != "mohs" or act.get("pathologist") != "separate":
            return None
        message = (
            f"{billed.code} needs one physician as surgeon and pathologist; the chart says another read the slides."
        )
        return self._say(Kind.ROLE, billed, message, "Who read the slides?", self.evidence(act, "pathologist"))

    def cosmetic(self, billed: BilledLine, act: Act) -> Disagreement | None:
        """A cosmetic service billed as if it were medical."""
        if act.get("intent") != "cosmetic" or {"GY", "GX", "GA", "GZ"} & set(billed.modifiers):
            return None
        message = f"The chart calls this cosmetic; line {billed.line} is billed without GY, GX or GA."
        return self._say(
            Kind.COSMETIC,
            billed,
            message,
            "Was it cosmetic? Then it is not the payer's to pay.",
            self.evidence(act, "intent"),
        )


def done(acts: list[Act]) -> list[Act]:
    """The acts of the day."""
    return [a for a in acts if a.status == DONE]


def _words(meaning: Meaning) -> str:
    if meaning.repair:
        return f"{meaning.repair} repair"
    return meaning.technique or {"count": meaning.what or "", "shave": "shave removal"}.get(meaning.kind, meaning.kind)


def _options(meaning: Meaning) -> str:
    return "tangential, punch or incisional" if meaning.kind == "biopsy" else "shave biopsy or shave removal"


def _article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _band(meaning: Meaning, unit: str) -> str:
    if meaning.above is None:
        return f"{_plain(meaning.to or Decimal(0))} {unit} or less"
    if meaning.to is None:
        return f"more than {_plain(meaning.above)} {unit}"
    return f"more than {_plain(meaning.above)} and up to {_plain(meaning.to)} {unit}"


def _sum_words(meaning: Meaning, act: Act) -> str:
    if meaning.measure != "excised_cm" or act.get("excised_cm") is not None:
        return ""
    return f" ({_plain(act.get('lesion_cm'))} + 2 x {_plain(act.get('margin_cm'))})"
