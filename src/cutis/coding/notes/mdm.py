"""The elements of medical decision making, as far as a note states them: problems, data, risk."""

from typing import Any, Final

from cutis.coding.notes.acts import Act, Fact
from cutis.coding.notes.visit import CHRONIC, Problem, Visit

_RISK: Final = {"none": 0, "otc": 1, "surgery minor": 1, "prescription": 2, "surgery major": 2, "monitoring": 3}
_RISK_WORDS: Final = ("minimal", "low", "moderate", "high")


def evaluation(visit: Visit, done: list[Act]) -> tuple[dict[str, Any] | None, dict[str, tuple[int, int]]]:
    """The evaluation of a note as plain data with the places of its facts; None where the note has none.

    Args:
        visit: the facts of the visit.
        done: the acts of the day.
    """
    if not visit.present:
        return None, {}
    em: dict[str, Any] = {"patient": _value(visit, "patient") or "established"}
    spans = {name: (f.start, f.end) for name, f in visit.facts.items() if f.end}
    problems = visit.problems or visit.treated
    if any(a.family == "aftercare" and a.technique == "suture removal" for a in done):
        em["reason"] = "suture removal"
    if "nurse" in visit.facts:
        em["provider"] = "nurse"
    em["dx"] = [p.dx for p in problems if p.dx != "lesion"]
    _elements(visit, problems, em)
    procedures = [a for a in done if a.family not in {"aftercare", "strips"}]
    if procedures:
        em["separate_work"] = _value(visit, "separate") == "separate"
    if mode := _value(visit, "telehealth"):
        em["telehealth"] = mode
    for name, key in (("longitudinal", "longitudinal"), ("decision", "decision_for_surgery")):
        if name in visit.facts:
            em[key] = True
    return em, spans


def _value(visit: Visit, name: str) -> Any:
    fact: Fact | None = visit.facts.get(name)
    return fact.value if fact else None


def _elements(visit: Visit, problems: list[Problem], em: dict[str, Any]) -> None:
    if level := _value(visit, "mdm"):
        em["mdm"] = level
    if minutes := _value(visit, "minutes"):
        em["minutes"] = minutes
    stated = _value(visit, "problem_level")
    level = stated or _problem_level(problems, _value(visit, "statuses") or ())
    if level:
        em["problems"] = level
    # What is not written was, for a reviewer, not done: no test named is no data.
    tests = _value(visit, "data") or ()
    em["data"] = "moderate" if len(tests) > 2 else "limited" if len(tests) > 1 else "minimal" if tests else "none"
    if risk := _risk(visit):
        em["risk"] = risk


def _problem_level(problems: list[Problem], statuses: tuple[str, ...]) -> str | None:
    """Minimal, low, moderate or high, by the classes of the E/M guideline for problems addressed."""
    courses = [p.status for p in problems]
    chronic = [p for p in problems if p.dx in CHRONIC]
    if "severe" in courses:
        return "high"
    if any(c in {"uncontrolled", "uncertain", "systemic"} for c in courses) or len(chronic) > 1:
        return "moderate"
    if not courses:
        return "moderate" if "uncontrolled" in statuses else None
    return "minimal" if courses == ["minor"] else "low"


def _risk(visit: Visit) -> str | None:
    named = _value(visit, "risk") or ()
    ranks = [_RISK[r] for r in named if r in _RISK]
    if any(k in visit.facts for k in ("drugs", "biologic")):
        ranks.append(2)
    return _RISK_WORDS[max(ranks)] if ranks else None
