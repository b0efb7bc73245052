"""Modifiers that hang on the lines together: repeated codes, NCCI pairs, places, payers; and the order of the lines."""

from typing import Final

from cutis.coding.desk import Act, Desk
from cutis.coding.result import Line, NotBilled, Reason

DISTINCT: Final = frozenset({"59", "XE", "XS", "XP", "XU"})
_BYPASS: Final = (
    DISTINCT
    | {"24", "25", "27", "57", "58", "78", "79", "91", "LT", "RT"}
    | {"E1", "E2", "E3", "E4", "FA", "TA"}
    | {f"{h}{n}" for h in "FT" for n in range(1, 10)}
)
_ANATOMIC_CODES: Final = frozenset(
    {
        "11755",
        "11730",
        "11732",
        "11740",
        "11750",
        "11760",
        "11762",
        "11765",
        "67810",
        "69100",
        "69105",
        "67700",
        "69000",
        "69005",
        "26010",
        "26011",
    }
)
_DIGIT_CODES: Final = frozenset({"11755", "11730", "11732", "11740", "11750", "11760", "11762", "11765"})
_ALWAYS_59: Final = frozenset({"17311", "17312", "17313", "17314", "17315"})
_MALIGNANT_DESTRUCTION: Final = ("1726", "1727", "1728")
_SERIES: Final = ("1140", "1142", "1144", "1160", "1162", "1164")
_FOOT_CARE: Final = frozenset({"11055", "11056", "11057", "11719", "11720", "11721", "G0127"})
_SAMPLES: Final = frozenset({"11104", "11105", "11106", "11107"})
_TUMORS: Final = ("21", "22", "23", "24", "25", "26", "27", "28")
_LAYERED: Final = ("1203", "1204", "1205", "131")
COSMETIC_DX: Final = "Z41.1"
_LOOKS: Final = frozenset({"17110", "17111", "11200", "11201"})
_NEEDS_SYMPTOM: Final = frozenset({"L82.1", "L91.8", "L81.4", "D18.01"})


def anatomic(desk: Desk) -> None:
    """Finger, toe, lid and side, for Medicare, and where two lines of one code would else look the same."""
    for line in desk.lines:
        if line.code not in _ANATOMIC_CODES:
            continue
        act = _act(desk, line)
        found = act.place.anatomic if act else None
        if found is None:
            if desk.medicare and line.code in _DIGIT_CODES and act is not None:
                desk.ask(
                    act, "digits", f"which finger or toe ({act.where})?", "Medicare contractors want FA-F9 or TA-T9"
                )
            continue
        twins = [o for o in desk.lines if o is not line and o.code == line.code]
        sided = found in {"LT", "RT"}
        if desk.medicare or (twins and not sided):
            line.modifiers.append(found)
            line.reasons.append(
                Reason(
                    f"{act.where if act else ''}: {found} names the part",
                    "anatomic-modifier",
                    "cpt-modifiers",
                    "site",
                    act.p.spans.get("site") if act else None,
                )
            )


def _act(desk: Desk, line: Line) -> Act | None:
    return next((a for a in desk.acts if a.lesion in line.lesions), None)


def repeats(desk: Desk) -> None:
    """The same code on another lesion: 59, for Medicare 76; a smaller excision of the same series: 59."""
    if len(desk.lines) < 2:
        return
    seen: dict[str, list[Line]] = {}
    for line in desk.lines:
        if line.kind not in {"procedure", "add-on"}:
            continue
        before = seen.setdefault(line.code, [])
        if before and not _told_apart(line, before):
            modifier = _again(desk, line)
            line.modifiers.append(modifier)
            words = "same code again on another lesion" + ("; Medicare takes 76" if modifier == "76" else "")
            line.reasons.append(
                Reason(words, f"repeated-{modifier}", "cpt-modifiers" if modifier == "76" else "ncci-59", "", None)
            )
        before.append(line)
    _same_series(desk)
    _second_tumour(desk)


def interrupted(desk: Desk) -> None:
    """53 on what was begun and stopped for the patient's safety, 52 on what was done in part."""
    for line in desk.lines:
        act = _act(desk, line) if line.kind == "procedure" else None
        found = None if act is None else "53" if act.p.discontinued else "52" if act.p.reduced else None
        if act is None or found is None:
            continue
        line.modifiers.append(found)
        words = "begun and stopped for the patient's safety" if found == "53" else "done in part"
        fact = "discontinued" if found == "53" else "reduced"
        line.reasons.append(Reason(words, fact, "cpt-modifiers", fact, act.p.spans.get(fact)))


def _second_tumour(desk: Desk) -> None:
    """First stages of both site groups on one day: 59 shows that the lesser is a tumour of its own (AAPC, AAD on Mohs)."""
    head = any(line.code == "17311" for line in desk.lines)
    for line in desk.lines:
        if head and line.code == "17313" and not set(line.modifiers) & (_BYPASS | {"76"}):
            line.modifiers.append("59")
            line.reasons.append(Reason("a tumour of its own beside that of 17311", "second-tumour-59", "aad", "", None))


def _again(desk: Desk, line: Line) -> str:
    """76 or 59 for the same code again: Medicare takes 76 for a service repeated, and 59 for a second tumour of Mohs surgery.

    Of a payer not told, destruction of a second malignancy takes 76 as the AAD advises, all else 59.
    """
    if line.code in _ALWAYS_59:
        return "59"
    malignant = desk.payer is None and line.code.startswith(_MALIGNANT_DESTRUCTION)
    return "76" if desk.medicare or malignant else "59"


def _told_apart(line: Line, before: list[Line]) -> bool:
    own = set(line.modifiers) & (_BYPASS | {"JW", "JZ", "GY"})
    return bool(own) and all(set(b.modifiers) & (_BYPASS | {"JW", "JZ", "GY"}) != own for b in before)


def _same_series(desk: Desk) -> None:
    """Excisions of one series and different size: 59 shows that the smaller is a lesion of its own.

    NCCI has no pair of these codes, so where a repeated code of the series is told apart already, nothing is added.
    """
    excised = [line for line in desk.lines if line.code.startswith(("114", "116"))]
    if len(excised) < 2:
        return
    for series in _SERIES:
        lines = [line for line in excised if line.code.startswith(series)]
        number = len({line.code for line in lines})
        if number < 2 or (number < len(lines) and not desk.medicare):
            continue
        largest = max(lines, key=lambda line: (desk.book.value(line.code), line.code))
        for line in lines:
            if line.code != largest.code and not set(line.modifiers) & (_BYPASS | {"76"}):
                line.modifiers.append("59")
                line.reasons.append(
                    Reason(f"a lesion of its own beside that of {largest.code}", "smaller-excision-59", "aad", "", None)
                )


def pairs(desk: Desk) -> None:
    """NCCI pairs: the second column falls away on the same lesion, and takes 59 on another."""
    lines = desk.lines
    known = desk.book.pairs
    dropped: list[Line] = []
    for at, one in enumerate(lines):
        for other in lines[at + 1 :]:
            for first, second in ((one, other), (other, one)):
                indicator = known.get((first.code, second.code))
                if indicator is not None and first not in dropped and second not in dropped:
                    _pair(desk, first, second, indicator, dropped)
    if dropped:
        gone = {id(line) for line in dropped}
        desk.lines[:] = [line for line in lines if id(line) not in gone]


def _pair(desk: Desk, first: Line, second: Line, indicator: int, dropped: list[Line]) -> None:
    if "visit" in {first.kind, second.kind} or second.code == first.after or first.code == second.after:
        return
    apart = first.session != second.session
    if indicator == 0:
        if apart:
            desk.coding.warnings.append(
                f"{second.code} beside {first.code}: NCCI lets no modifier part this pair; expect a denial and appeal with both notes"
            )
            return
        dropped.append(second)
        desk.coding.not_billed.append(NotBilled(second.code, f"NCCI never pays it beside {first.code}", "ncci-ptp"))
        return
    if not desk.medicare and first.lesions & second.lesions and _by_cpt(first, second):
        desk.coding.warnings.append(
            f"{second.code} beside {first.code}: CPT lets this closure stand beside it, NCCI does not; payers that use NCCI deny it"
        )
        return
    shared = first.lesions & second.lesions and not (second.distinct or first.distinct)
    if shared and (first.lesions == second.lesions or len(second.lesions) == 1):
        dropped.append(second)
        desk.coding.not_billed.append(
            NotBilled(second.code, f"NCCI: part of {first.code} on the same lesion", "ncci-ptp")
        )
        return
    if set(second.modifiers) & _BYPASS or (set(first.modifiers) & DISTINCT and desk.payer != "commercial"):
        return
    second.modifiers.append("XE" if apart else "59")
    why = "in another encounter of the day" if apart else "on another lesion"
    second.reasons.append(
        Reason(
            f"NCCI pair {first.code}/{second.code}: {why}, the modifier goes on the second column",
            "ncci-pair-59",
            "ncci-ptp",
            "",
            None,
        )
    )
    if first.code != second.code:
        first.reasons.append(
            Reason(
                f"column one of {first.code}/{second.code}; Medicare takes the modifier on either line",
                "ncci-pair-59",
                "ncci-59",
                "",
                None,
            )
        )


def _by_cpt(first: Line, second: Line) -> bool:
    """A closure that CPT leaves out of a biopsy (all but simple) or of a soft-tissue tumour (complex), and NCCI does not."""
    sampled = first.code in _SAMPLES or (len(first.code) == 5 and first.code.startswith(_TUMORS))
    return sampled and second.code.startswith(_LAYERED)


def payer(desk: Desk) -> None:
    """Looks, missing symptoms, foot care and limits of Medicare."""
    if not desk.medicare:
        _looks_without_payer(desk)
        if any(a.cosmetic for a in desk.acts) and desk.lines:
            desk.coding.warnings.append("done for looks: most insurers exclude it; have the patient's agreement to pay")
        _limits(desk)
        return
    for line in desk.lines:
        acts = [a for a in desk.acts if a.lesion in line.lesions]
        if acts and all(a.cosmetic for a in acts):
            _excluded(line, acts)
        elif line.code in _LOOKS and acts:
            _symptoms(desk, line, acts)
        if line.code in _FOOT_CARE:
            _foot_care(desk, line, acts)
    _limits(desk)


def _looks_without_payer(desk: Desk) -> None:
    """GY also says "not a contract benefit": where no payer is told and nothing but looks is the reason, it is put."""
    if desk.payer in {None, "self-pay"}:
        _not_filed(desk)
    for line in desk.lines if not desk.payer else ():
        acts = [a for a in desk.acts if a.lesion in line.lesions]
        if acts and all(a.cosmetic and (a.p.filed or (a.p.symptoms or "").lower() == "none") for a in acts):
            _excluded(line, acts)


def _not_filed(desk: Desk) -> None:
    """What is done for looks, paid by the patient and not to be filed makes no line."""
    for line in list(desk.lines):
        acts = [a for a in desk.acts if a.lesion in line.lesions]
        if acts and all(a.cosmetic and a.p.filed is False for a in acts):
            desk.lines.remove(line)
            why = "done for looks, paid by the patient and not to be filed"
            desk.coding.not_billed.append(NotBilled(line.code, why, "benefit-manual-16"))


def _excluded(line: Line, acts: list[Act]) -> None:
    line.modifiers += ["GX", "GY"] if any(a.p.abn for a in acts) else ["GY"]
    line.dx.append(COSMETIC_DX)
    line.reasons.append(
        Reason(
            "done for looks, which the law excludes: filed only to be denied",
            "cosmetic-gy",
            "benefit-manual-16",
            "intent",
            acts[0].p.spans.get("intent"),
        )
    )


def _symptoms(desk: Desk, line: Line, acts: list[Act]) -> None:
    told = [a.p.symptoms for a in acts if a.p.symptoms]
    none = [a for a in acts if (a.p.symptoms or "").strip().lower() in {"none", "no", "asymptomatic"}]
    needing = any(d in _NEEDS_SYMPTOM for d in line.dx)
    if none and needing:
        if any(a.p.abn for a in acts):
            line.modifiers.append("GA")
            line.reasons.append(
                Reason(
                    "no symptom told: denial expected, notice signed",
                    "no-symptom-ga",
                    "claims-manual-30",
                    "abn",
                    acts[0].p.spans.get("abn"),
                )
            )
        elif all(a.p.abn is False for a in acts):
            line.modifiers.append("GZ")
            line.reasons.append(
                Reason(
                    "no symptom told: denial expected, and no notice was signed",
                    "no-symptom-gz",
                    "claims-manual-30",
                    "abn",
                    acts[0].p.spans.get("abn"),
                )
            )
        else:
            desk.ask(
                none[0],
                "symptoms",
                f"which symptom or finding made removal at {none[0].where} necessary?",
                "without one Medicare does not cover it; ask for an ABN (GA) or treat it as cosmetic (GY)",
            )
    elif needing and not told:
        desk.coding.warnings.append(
            f"{line.code}: coverage articles want a symptom or finding beside {', '.join(line.dx)}"
        )


def _foot_care(desk: Desk, line: Line, acts: list[Act]) -> None:
    findings = next((a.p.class_findings for a in acts if a.p.class_findings), None)
    if findings is None:
        desk.ask(
            acts[0] if acts else None,
            "class_findings",
            "which class findings (A, B, C) has the foot?",
            "Medicare covers routine foot care with Q7, Q8 or Q9 only",
        )
        return
    said = findings.upper()
    found = next((q for q in ("Q7", "Q8", "Q9") if q in said), None)
    if found is None:
        letters = [w for w in said.replace(",", " ").replace("+", " ").split() if w in {"A", "B", "C"}]
        found = (
            "Q7"
            if "A" in letters
            else "Q8"
            if letters.count("B") >= 2
            else "Q9"
            if letters.count("B") == 1 and letters.count("C") >= 2
            else None
        )
    if found:
        line.modifiers.append(found)
        line.reasons.append(
            Reason(
                f"class findings {findings}",
                "class-findings",
                "benefit-manual-15",
                "class_findings",
                acts[0].p.spans.get("class_findings"),
            )
        )


def _limits(desk: Desk) -> None:
    for line in desk.lines:
        limit = desk.book.mue.get(line.code)
        if limit and line.units > limit[0]:
            how = "no appeal helps" if limit[1] == 2 else "expect to appeal with the record"
            desk.coding.warnings.append(f"{line.code} x{line.units}: the unit limit is {limit[0]} a day; {how}")


def order(desk: Desk) -> None:
    """By relative value, greatest first; add-ons after the code they belong to."""
    lines = desk.lines
    if len(lines) < 2:
        return
    value = desk.book.value
    heads = [line for line in lines if not line.after]
    heads.sort(key=lambda line: -value(line.code))
    ordered: list[Line] = []
    waiting = [line for line in lines if line.after]
    for head in heads:
        ordered.append(head)
        own = [
            w
            for w in waiting
            if w.after == head.code and (w.lesions & head.lesions or not w.lesions or _only(heads, head))
        ]
        ordered += own
        waiting = [w for w in waiting if w not in own]
    desk.lines[:] = ordered + waiting


def _only(heads: list[Line], head: Line) -> bool:
    return sum(h.code == head.code for h in heads) == 1
