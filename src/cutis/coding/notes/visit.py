"""The visit itself: new or established, problems and what was done about them, payer, earlier procedures, the day's E/M."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from cutis.coding.notes.acts import Act, Fact
from cutis.coding.notes.attributes import Dx, Facts, nature
from cutis.coding.notes.context import DONE, HISTORICAL, NEGATED, PLANNED, Scopes
from cutis.coding.notes.inherit import is_broader
from cutis.coding.notes.lexicon import Mention
from cutis.coding.notes.reading import Reading

CHRONIC: Final = frozenset(
    {
        "psoriasis", "psoriatic arthritis", "atopic dermatitis", "acne", "rosacea", "hidradenitis", "vitiligo", "alopecia",
        "alopecia areata", "lichen planus", "lichen sclerosus", "hypertension", "hyperlipidemia", "diabetes", "hyperhidrosis",
        "melasma", "seborrheic dermatitis", "stasis dermatitis", "lupus", "dermatomyositis", "morphea", "mycosis fungoides",
        "bullous pemphigoid", "pemphigus", "sarcoidosis", "granuloma annulare", "lichen simplex chronicus", "urticaria",
        "onychomycosis", "dermatitis", "prurigo nodule",
    }
)  # fmt: skip
_VISIT_TIME: Final = re.compile(
    r"\b(?:total|spent|visit|encounter|counsel\w*|face[\s-]to[\s-]face|time in|time today|time:|time of)"
)
_OTHER_TIME: Final = re.compile(
    r"tourniquet|incubat|cut to|surgical time|light|exposure|pressure|emla|numb|block|under occlusion|anesthe|blu|ice|wait|observed|"
    r"procedure time|operat\w+ time|half[\s-]life|applied"
)
_MANAGED: Final = frozenset({"risk", "problem_status", "evaluated", "data", "rx_drug", "biologic", "mdm"})
_LONGEST: Final = 240  # minutes; more is an interval, not the length of a visit
_GLOBAL_FAMILIES: Final = frozenset(
    {"excision", "destroy", "repair", "flap", "graft", "mohs", "biopsy", "shave", "nail", "drain", "tag"}
)
_GLOBAL_RANK: Final = {
    "flap": 3,
    "graft": 3,
    "excision": 2,
    "destroy": 2,
    "repair": 2,
    "nail": 2,
    "drain": 2,
    "mohs": 0,
    "biopsy": 0,
    "shave": 0,
}
_STRETCH: Final = re.compile(r"[^.;\n]{0,400}")
_SINCE: Final = re.compile(
    r"(?P<n>\d+)\s*-?\s*(?P<unit>days?|d|wks?|weeks?|w|months?|mos?)\.?\s*(?:s/p|status[\s-]post|post[\s-]?op\w*|post\b|after\b|since\b|from\b|following\b)"
    r"|\bD\s*#?\s*(?P<d>\d{1,3})(?=\s+(?:s/p|status|post|after)\b)"
    r"|\bday\s*#?\s*(?P<nth>\d{1,3})\s*(?:s/p|status|post|after|following|from)\b"
    r"|(?:s/p|status post)\b(?P<apart>[^.;,]{0,60}?)\b(?P<since>\d+)\s*(?P<since_unit>days?|d|wks?|weeks?|months?|mos?)\s+(?:prior|earlier|before|out)\b"
    r"|\bPOD\s*#?\s*(?P<pod>\d+)|post[\s-]?op(?:erative)?\s+day\s*#?\s*(?P<day>\d+)"
    r"|(?:s/p|status post|had|after|since)\b(?P<gap>[^.;,]{0,60}?)\b(?P<ago>\d+)\s*(?P<ago_unit>days?|d|wks?|weeks?|w|months?|mos?)\s+ago",
    re.IGNORECASE,
)  # fmt: skip
_CODE: Final = re.compile(r"\b(?:1[0-7]\d{3}|4049\d|54\d{3}|56\d{3}|67\d{3}|69\d{3}|2[0-8]\d{3})\b")
_DAYS: Final = {"d": 1, "w": 7, "m": 30}
_OUTSIDE: Final = re.compile(
    r"elsewhere|outside|another (?:provider|physician|doctor|clinic)|other (?:provider|clinic|doctor)|urgent care|on vacation",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Problem:
    """A diagnosis that was addressed, with its course as the note says it."""

    dx: str
    status: str
    start: int
    end: int


@dataclass(slots=True)
class Visit:
    """What the note says of the visit; every value with its place.

    Attributes:
        facts: patient (new, established), risk, data, mdm, minutes, separate, longitudinal, decision, payer, abn, filed.
        problems: diagnoses addressed that no procedure of the day treats.
        treated: diagnoses that a procedure of the day treats.
        earlier: an earlier procedure whose global period may run: days, code or family, and whether it was done elsewhere.
        present: whether the note carries an evaluation at all.
        doubted: diagnoses that the note only suspects somewhere.
        let_be: diagnoses of which it says that nothing was done.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    treated: list[Problem] = field(default_factory=list)
    earlier: dict[str, Fact] = field(default_factory=dict)
    present: bool = False
    doubted: set[str] = field(default_factory=set)
    let_be: set[str] = field(default_factory=set)

    def get(self, name: str) -> object:
        """The value of a fact, or None."""
        fact = self.facts.get(name)
        return fact.value if fact else None


def read_visit(reading: Reading) -> Visit:
    """The facts of the visit.

    Args:
        reading: acts and document of a note.
    """
    visit = Visit()
    for number, clause in enumerate(reading.document.clauses):
        scopes = reading.scopes[number]
        labelled = reading.document.within(*clause.label) if clause.label and clause.heading else []
        for mention in (*labelled, *clause.mentions):
            _note(visit, mention, scopes)
    if nurse := _NURSE.search(reading.document.text):
        visit.facts["nurse"] = Fact(True, nurse.start(), nurse.end())
    _minutes(visit, reading)
    _problems(visit, reading)
    _earlier(visit, reading)
    _present(visit, reading)
    return visit


def _put(visit: Visit, name: str, value: object, mention: Mention, *, add: bool = False) -> None:
    if add:
        held = visit.facts.get(name)
        values = held.value if held else ()
        if value not in values:
            visit.facts[name] = Fact((*values, value), held.start if held else mention.start, mention.end)
    else:
        visit.facts.setdefault(name, Fact(value, mention.start, mention.end))


def _note(visit: Visit, mention: Mention, scopes: Scopes) -> None:
    kind, value = mention.kind, mention.value
    if kind in {
        "patient",
        "payer",
        "longitudinal",
        "separate_visit",
        "abn",
        "filed",
        "component",
        "postop",
        "room",
        "telehealth",
        "facility",
    }:
        name = {"separate_visit": "separate"}.get(kind, kind)
        if kind != "patient" or scopes.status(mention) != NEGATED:
            _put(visit, name, value, mention)
    elif kind == "mdm":
        _put(visit, "problem_level" if value.startswith("problem") else "mdm", value.removeprefix("problem "), mention)
    elif kind == "risk" and (value == "none" or scopes.status(mention) not in {NEGATED, PLANNED}):
        _put(visit, "risk", value, mention, add=True)
    elif kind == "evaluated" and scopes.status(mention) in {NEGATED, PLANNED}:
        return
    elif kind in {"data", "biologic", "evaluated"} and scopes.status(mention) != NEGATED:
        _put(visit, kind, value, mention, add=True)
    elif kind == "rx_drug" and scopes.status(mention) != NEGATED:
        _put(visit, "drugs", scopes_text(scopes, mention), mention, add=True)
    elif kind == "problem_status":
        _put(visit, "statuses", value, mention, add=True)


def scopes_text(scopes: Scopes, mention: Mention) -> str:
    """The words of a mention, lower case."""
    return scopes.words(mention.first, mention.last)


def _minutes(visit: Visit, reading: Reading) -> None:
    """Total time of the visit: only minutes that the note calls time, not those of a wait or a light."""
    text = reading.document.text
    for measure in reading.document.measures:
        if measure.kind != "minutes" or measure.value > _LONGEST:
            continue
        near = text[max(0, measure.start - 40) : measure.end + 40].lower()
        if _VISIT_TIME.search(near) and not _OTHER_TIME.search(near):
            visit.facts.setdefault("minutes", Fact(int(measure.value), measure.start, measure.end))


def _problems(visit: Visit, reading: Reading) -> None:
    """Diagnoses of the note: treated by an act of the day, or addressed on their own."""
    spans = [(f.start, f.end) for a in reading.acts for n in ("dx", "pathology") if (f := a.facts.get(n))]
    seen: set[str] = set()
    numbers = {id(c): at for at, c in enumerate(reading.document.clauses)}
    done = [a for a in reading.acts if a.status == DONE]
    acted = {a.get(n) for a in reading.acts if a.status == DONE for n in ("dx", "pathology")}
    for clause, facts in reading.loose:
        statuses = _statuses(visit, facts, reading.document.words(clause.first, clause.last))
        for dx in facts.dxs:
            _worse(visit, dx.value, statuses)
            if dx.value in seen or nature(dx.value) == "generic" or any(s <= dx.start < e for s, e in spans):
                continue
            number = numbers[id(clause)]
            if not statuses and _of_an_act(dx, facts, done):
                continue
            mention = Mention("dx", dx.value, dx.first, dx.last, dx.start, dx.end)
            if reading.scopes[number].status(mention) in {HISTORICAL, NEGATED} and not statuses:
                continue
            if dx.value == "skin cancer" and any(nature(d) == "malignant" for d in acted if d):
                continue
            seen.add(dx.value)
            problem = Problem(dx.value, _course(dx.value, dx.sure, statuses), dx.start, dx.end)
            (visit.treated if dx.value in acted else visit.problems).append(problem)
    for act in reading.acts:
        fact = act.facts.get("pathology") or act.facts.get("dx")
        if act.status == DONE and fact and fact.value not in seen:
            seen.add(fact.value)
            visit.treated.append(
                Problem(fact.value, _course(fact.value, act.get("dx_sure") or "", []), fact.start, fact.end)
            )


def _worse(visit: Visit, dx: str, statuses: list[str]) -> None:
    """A problem named before whose course a later clause tells as worse."""
    worse = next((s for s in ("severe", "uncontrolled", "systemic") if s in statuses), None)
    for problem in visit.problems:
        if worse and problem.dx == dx and problem.status in {"stable", "acute", "minor"}:
            problem.status = worse


def _statuses(visit: Visit, facts: Facts, words: str) -> list[str]:
    """How the problems of a clause are doing; notes on the visit which are only suspected, and which were let be."""
    found = [m.value for m in facts.others if m.kind == "problem_status"]
    if "uncontrolled" in found and _SEVERE.search(words):
        found.append("severe")
    visit.doubted |= {d.value for d in facts.dxs if d.sure == "suspected"}
    if _LET_BE.search(words):
        visit.let_be |= {d.value for d in facts.dxs}
    return found


def _of_an_act(dx: Dx, facts: Facts, done: list[Act]) -> bool:
    """Whether a diagnosis is that of the lesion sampled or removed today: its suspicion, or said of its place."""
    sampled = [a for a in done if a.family in {"biopsy", "shave", "excision"}]
    if not sampled or nature(dx.value) not in {"benign", "malignant", "premalignant"}:
        return False
    if facts.mention("risk") or facts.mention("evaluated"):
        return False
    places = {s.text for s in facts.sites}
    return dx.sure == "suspected" or not places or bool(places & {a.get("site") for a in sampled})


def _course(dx: str, sure: str, statuses: list[str]) -> str:
    """Minor, acute, stable, uncontrolled, severe or uncertain, in the words of the E/M guideline's problem classes."""
    for status in ("severe", "uncontrolled", "uncertain", "systemic"):
        if status in statuses:
            return status
    if dx in CHRONIC:
        return "stable"
    if nature(dx) == "malignant":
        return "uncertain" if sure == "suspected" else "acute"
    if nature(dx) in {"benign", "premalignant"}:
        return "minor"
    return "acute"


def _earlier(visit: Visit, reading: Reading) -> None:
    """An earlier procedure with the days since, where the note gives both."""
    text = reading.document.text
    for match in _SINCE.finditer(text):
        if nth := match["pod"] or match["day"] or match["d"] or match["nth"]:
            days = int(nth)
        elif match["since"]:
            days = int(match["since"]) * _DAYS[match["since_unit"][0].lower()]
        elif match["ago"]:
            days = int(match["ago"]) * _DAYS[match["ago_unit"][0].lower()]
        else:
            days = int(match["n"]) * _DAYS[match["unit"][0].lower()]
        stretch = _STRETCH.match(text, match.start()).group()  # type: ignore[union-attr]
        end = match.start() + len(stretch)
        code = _CODE.search(stretch)
        acts = [
            a
            for a in reading.acts
            if a.status == HISTORICAL and match.start() - 40 <= a.start <= end and a.family in _GLOBAL_FAMILIES
        ]
        if not code and not acts:
            continue
        visit.earlier["days"] = Fact(days, match.start(), match.end())
        if code:
            visit.earlier["code"] = Fact(code.group(), match.start() + code.start(), match.start() + code.end())
        if acts:
            _earlier_act(visit, max(acts, key=lambda a: _GLOBAL_RANK.get(a.family, 1)))
        site = next((m for m in reading.document.mentions if m.kind == "site" and match.start() <= m.start < end), None)
        if site:
            visit.earlier.setdefault("site", Fact(site.value, site.start, site.end))
        if elsewhere := _OUTSIDE.search(stretch):
            visit.earlier["elsewhere"] = Fact(True, match.start() + elsewhere.start(), match.start() + elsewhere.end())
        return


def _earlier_act(visit: Visit, act: Act) -> None:
    visit.earlier["technique"] = Fact(act.technique, act.start, act.end)
    for name in ("site", "pathology", "dx", "repair", "margins_positive"):
        if fact := act.facts.get(name):
            visit.earlier[name] = fact


def _present(visit: Visit, reading: Reading) -> None:
    """Whether an E/M was done, and whether it stands apart from the procedures of the day."""
    done = [a for a in reading.acts if a.status == DONE and a.family not in {"aftercare", "strips"}]
    managed = bool({"risk", "statuses", "data", "drugs", "biologic"} & set(visit.facts))
    stated = bool({"mdm", "minutes", "problem_level"} & set(visit.facts)) or visit.get("separate") == "separate"
    decision = _decision(visit, reading)
    aftercare = any(a.status == DONE and a.family in {"aftercare", "strips"} for a in reading.acts)
    named = "patient" in visit.facts
    if not done:
        visit.present = (
            stated
            or aftercare
            or decision
            or named
            or (bool(visit.problems or visit.treated) and (managed or "evaluated" in visit.facts))
            or {"risk", "statuses"} <= set(visit.facts)
        )
    else:
        apart = bool(_apart(visit, done)) and (managed or "evaluated" in visit.facts)
        visit.present = stated or decision or named or apart
        if all(a.family == "path" for a in done):
            visit.present = "mdm" in visit.facts or "minutes" in visit.facts  # a laboratory sees no patient
    if visit.get("separate") is None and visit.present and done:
        apart = bool(_apart(visit, done)) and (managed or stated or "evaluated" in visit.facts)
        problem = visit.problems[0] if visit.problems else None
        visit.facts["separate"] = Fact(
            "separate" if apart or decision or stated else "none",
            problem.start if problem else 0,
            problem.end if problem else 0,
        )


def _apart(visit: Visit, done: list[Act]) -> list[Problem]:
    """Problems that no procedure of the day was for: not a lesion that was only looked at, not the rash that was sampled."""
    sampled = any(a.family == "biopsy" for a in done)
    only_given = all(a.family in {"inject", "intralesional"} for a in done)
    if only_given and len(visit.problems) == 1 and not {"risk", "statuses", "data", "evaluated"} & set(visit.facts):
        return []  # the one problem is what the drug was given for
    found = []
    for problem in visit.problems:
        small = nature(problem.dx) in {"benign", "premalignant", "generic"} and problem.status == "minor"
        acted = {str(a.get(n)) for a in done for n in ("dx", "pathology")}
        if any(problem.dx != d and (problem.dx in d or is_broader(problem.dx, d)) for d in acted):
            continue
        mild = problem.status in {"minor", "acute"} and set(visit.get("risk") or ()) == {"otc"}  # type: ignore[call-overload]
        if mild and not {"drugs", "biologic", "data", "mdm"} & set(visit.facts):
            continue
        if (small and problem.dx in visit.let_be) or (sampled and problem.dx in visit.doubted):
            continue
        found.append(problem)
    return found


_SEVERE: Final = re.compile(
    r"\bsevere\W+(?:[\w/-]+\W+){0,3}(?:flare|exacerbat)|\b(?:flare|exacerbation)\w*\W+(?:is\W+|was\W+)?severe"
)
_NURSE: Final = re.compile(
    r"\b(?:nurse|rn|ma|lpn)[\s-]+(?:only[\s-]+)?(?:visit|appointment|encounter)\b|\bseen by (?:the )?(?:nurse|rn|ma) only\b|\bnurse only\b",
    re.IGNORECASE,
)
_LET_BE: Final = re.compile(
    r"\b(?:no (?:tx|treatment|therapy)(?: today| needed| given)?|not treated|left alone|left untreated|reassurance only|untreated|unchanged)\b",
    re.IGNORECASE,
)


def _decision(visit: Visit, reading: Reading) -> bool:
    for mention in reading.document.mentions:
        if mention.kind == "risk" and mention.value == "surgery major":
            visit.facts.setdefault("decision", Fact("major surgery", mention.start, mention.end))
            return True
    return False


def minutes_of(visit: Visit) -> int | None:
    """Total minutes where the note gives them."""
    value = visit.get("minutes")
    return int(value) if isinstance(value, int | Decimal) else None
