"""The office visit: level by MDM or time, whether it stands beside procedures, global periods, G2211, 25, 57, 24."""

import re
from typing import Final

from cutis.coding.bands import codes
from cutis.coding.desk import Desk
from cutis.coding.diagnoses import diagnosis, icd
from cutis.coding.encounter import Visit
from cutis.coding.global_period import Standing
from cutis.coding.levels import LEVELS, kind_of_code, level_of
from cutis.coding.phrases import table
from cutis.coding.result import Line, NotBilled, Reason, RunnerUp
from cutis.coding.sites import NOWHERE
from cutis.model.words import counted

_STAFF: Final = re.compile(r"\b(?:staff|nurse|ma|rn|lpn|medical assistant)\b")
_WHOLE_SKIN: Final = ("skin exam", "skin check", "full body", "total body", "annual")
_MAJOR: Final = 90


def code(desk: Desk) -> None:
    """The line of the visit, if there was one that stands on its own."""
    visit = desk.encounter.em
    if visit is None:
        return
    procedures = [line for line in desk.lines if line.kind in {"procedure", "add-on"}]
    minor = [p for p in procedures if _bundles(desk, p)]
    major = [p for p in procedures if desk.book.global_days(p.code) == _MAJOR]
    reasons: list[Reason] = []
    standing = Standing.of(desk)
    if standing.covers_visit(visit):
        _in_global(desk, visit, standing)
        return
    if (minor or major) and not _separate(desk, visit, minor, major, reasons):
        return
    line = _level(desk, visit, reasons)
    if line is None:
        return
    _modify(visit, line, minor, major, standing)
    _at_a_distance(visit, line)
    _longitudinal(desk, visit, line)


def _because(visit: Visit, step: str, rule: str, authority: str, fact: str = "") -> Reason:
    return Reason(step, rule, authority, fact, visit.spans.get(fact))


def _bundles(desk: Desk, line: Line) -> bool:
    """Whether a visit on the same day needs 25 beside this line: minor procedures, and NCCI pairs with visits."""
    if desk.book.global_days(line.code) == _MAJOR:
        return False
    return line.kind == "procedure" or (line.code, "99213") in desk.book.pairs


def _separate(desk: Desk, visit: Visit, minor: list[Line], major: list[Line], reasons: list[Reason]) -> bool:
    """Whether the visit is work of its own beside the procedures of the day."""
    if major and not minor and visit.separate_work is None:
        reasons.append(
            _because(
                visit,
                "the visit at which surgery with a 90-day period was decided",
                "decision-for-surgery",
                "claims-manual-12",
                "decision_for_surgery",
            )
        )
        return True
    if visit.separate_work is False and not (major and visit.decision_for_surgery):
        desk.coding.not_billed.append(
            _not_billed("deciding on a minor procedure is part of it, also for a new patient")
        )
        return False
    elements = [visit.problems, visit.risk, visit.mdm, visit.minutes, _other_problem(desk, visit)]
    if visit.separate_work or (major and visit.decision_for_surgery) or any(e is not None for e in elements):
        reasons.append(
            _because(
                visit, "significant work of its own beside the procedure", "separate-visit", "cpt-em", "separate_work"
            )
        )
        return True
    if desk.assume:
        desk.coding.assumed.append("the visit was no separate work beside the procedure of the day")
    else:
        desk.ask(
            None,
            "em.separate_work",
            "was the visit significant work of its own, beyond the procedure of the day?",
            "only then it is billed, with modifier 25",
        )
    desk.coding.not_billed.append(_not_billed("nothing shows work beyond the procedure of the day"))
    return False


def _other_problem(desk: Desk, visit: Visit) -> str | None:
    """A diagnosis of the visit that no procedure of the day treats, or an examination of the whole skin."""
    treated = {a.dx.name for a in desk.acts if a.dx is not None}
    for text in (*visit.dx, visit.reason):
        known = diagnosis(text)
        if known is not None and known.name not in treated:
            return known.name
    reason = (visit.reason or "").lower()
    return reason if any(w in reason for w in _WHOLE_SKIN) else None


def _not_billed(why: str) -> NotBilled:
    return NotBilled("the visit", why, "ncci-manual-1")


def _level(desk: Desk, visit: Visit, reasons: list[Reason]) -> Line | None:
    """The code by MDM (two of three elements) or total time, whichever gives more."""
    provider = (visit.provider or "").lower()
    if _STAFF.search(provider):
        return _staff(desk, visit, reasons)
    kind = _new_or_established(desk, visit)
    if kind is None:
        return None
    rank, steps = _mdm(desk, visit)
    by_time = _time(visit, kind)
    if by_time is not None and (rank is None or by_time > rank):
        rank = by_time
        steps = [
            _because(
                visit,
                f"{visit.minutes} minutes in all on the day: {LEVELS[rank]}",
                "visit-by-time",
                "cpt-em",
                "minutes",
            )
        ]
    if rank is None:
        # Nothing is told of the elements: the lowest level is what any documented visit supports.
        rank = 0
        steps = [
            _because(
                visit, "no element is documented: the lowest level, which any visit supports", "visit-least", "cpt-em"
            )
        ]
        desk.ask(
            None,
            "em.problems",
            "what were the problems, data and risk of the visit, or its total time?",
            "they may raise the level; the answer is the least that the record supports",
        )
    who = _because(visit, f"{kind} patient", "new-or-established", "cpt-em", "patient")
    series = codes("visits", kind)
    line = Line(series[rank], 1, [], _dx(desk, visit), [who, *steps, *reasons], kind="visit")
    line.runner_up = (
        RunnerUp(
            series[rank + 1],
            f"two of the three elements were {LEVELS[rank + 1]}, or the time {table('codes')['visits']['minutes'][kind][rank + 1]} minutes",
        )
        if rank < 3
        else RunnerUp(series[2], "only one element was high")
    )
    desk.lines.append(line)
    _prolonged(desk, visit, line, kind)
    return line


def _staff(desk: Desk, visit: Visit, reasons: list[Reason]) -> Line | None:
    if any(line.code in codes("injections", "given") for line in desk.lines):
        desk.coding.not_billed.append(_not_billed("a staff visit is not reported beside the injection that it was for"))
        return None
    step = _because(visit, "seen by staff alone under supervision", "staff-visit", "cpt-em", "provider")
    line = Line(codes("visits", "staff")[0], 1, [], _dx(desk, visit), [step, *reasons], kind="visit")
    desk.lines.append(line)
    return line


def _new_or_established(desk: Desk, visit: Visit) -> str | None:
    said = (visit.patient or kind_of_code(visit.mdm) or "").lower()
    if "consult" in said and not desk.medicare:
        return "consultation"
    if "not new" in said or "est" in said.split():
        return "established"
    if "new" in said:
        return "new"
    if "establish" in said or said.startswith("est") or "follow" in said or "return" in said:
        return "established"
    if desk.assume:
        desk.coding.assumed.append("the patient is established")
        return "established"
    desk.ask(
        None,
        "em.patient",
        "is the patient new (not seen by the group's specialty in three years) or established?",
        "two series of codes",
    )
    return None


def _mdm(desk: Desk, visit: Visit) -> tuple[int | None, list[Reason]]:
    """Level by medical decision making: the second highest of the three elements; what is not told counts as least."""
    stated = level_of("mdm", visit.mdm)
    if stated is not None:
        return stated, [_because(visit, f"decision making stated as {LEVELS[stated]}", "visit-by-mdm", "cpt-em", "mdm")]
    ranks = {e: level_of(e, getattr(visit, e)) for e in ("problems", "data", "risk")}
    if ranks["risk"] is None and any(a.technique == "prescription" for a in desk.acts):
        ranks["risk"] = 2
    if all(r is None for r in ranks.values()):
        return None, []
    for element, rank in ranks.items():
        if rank is None and element != "data":
            desk.ask(
                None,
                f"em.{element}",
                f"how high were the {element} of the visit?",
                "counted as least, since nothing is told",
            )
    counted = sorted((r or 0 for r in ranks.values()), reverse=True)
    told = ", ".join(f"{e} {LEVELS[r or 0] if r else 'minimal'}" for e, r in ranks.items())
    step = _because(visit, f"{told}: two of three reach {LEVELS[counted[1]]}", "visit-by-mdm", "cpt-em", "problems")
    return counted[1], [step]


def _time(visit: Visit, kind: str) -> int | None:
    if visit.minutes is None:
        return None
    limits: list[int] = table("codes")["visits"]["minutes"][kind]
    reached = sum(visit.minutes >= limit for limit in limits)
    return reached - 1 if reached else None


def _prolonged(desk: Desk, visit: Visit, line: Line, kind: str) -> None:
    """Each full quarter of an hour beyond the highest visit; Medicare counts from later."""
    top = codes("visits", kind)[3]
    if line.code != top or visit.minutes is None:
        return
    limit = table("codes")["visits"]["minutes"][kind][3]
    begin = limit + (29 if desk.medicare else 15)
    if visit.minutes < begin:
        return
    units = (visit.minutes - begin) // 15 + 1
    found = table("codes")["visits"]["prolonged"]["medicare" if desk.medicare else "cpt"]
    step = _because(
        visit,
        f"{visit.minutes} minutes: {units} quarters of an hour beyond the highest level",
        "prolonged-visit",
        "cpt-em",
        "minutes",
    )
    desk.lines.append(Line(found, units, [], list(line.dx), [step], kind="add-on", after=line.code))


def _dx(desk: Desk, visit: Visit) -> list[str]:
    found: list[str] = []
    said = visit.dx or ([visit.reason] if visit.reason and "suture" in visit.reason.lower() else [])
    for text in said:
        known = diagnosis(text)
        code_ = icd(known, NOWHERE) if known else None
        if (
            code_
            and code_ not in found
            and (desk.book.billable is None or code_.replace(".", "") in desk.book.billable)
        ):
            found.append(code_)
    if not found:
        surgery = [d for line in desk.lines if desk.book.global_days(line.code) == _MAJOR for d in line.dx]
        if surgery and (visit.decision_for_surgery or visit.separate_work is None):
            # The visit at which an operation was decided was for what was then operated on.
            return list(dict.fromkeys(surgery))
        desk.ask(None, "em.dx", "which diagnosis was the visit for?", "the line needs a diagnosis")
    return found


def _modify(visit: Visit, line: Line, minor: list[Line], major: list[Line], standing: Standing) -> None:
    if standing.active:
        line.modifiers.append("24")
        line.reasons.append(
            _because(
                visit,
                f"unrelated to the operation {counted(standing.days, 'day')} ago, whose period is {counted(standing.length, 'day')}",
                "unrelated-visit-24",
                "claims-manual-12",
                "related",
            )
        )
    if major:
        line.modifiers.append("57")
        line.reasons.append(
            _because(
                visit,
                "decision for surgery with a 90-day period, the day of or before it",
                "decision-57",
                "claims-manual-12",
                "decision_for_surgery",
            )
        )
    elif minor:
        line.modifiers.append("25")
        line.reasons.append(
            _because(visit, "beside a minor procedure of the same day", "visit-25", "ncci-manual-1", "separate_work")
        )


def _at_a_distance(visit: Visit, line: Line) -> None:
    """95 for a visit by sound and picture, 93 by sound alone."""
    said = (visit.telehealth or "").lower()
    if not said or said in {"no", "false", "none", "in person", "in-person", "office"}:
        return
    alone = ("audio" in said and any(w in said for w in ("only", "alone", "phone"))) or "telephone" in said
    found = "93" if alone else "95"
    words = "by sound alone" if alone else "by sound and picture"
    line.modifiers.append(found)
    line.reasons.append(_because(visit, f"visit at a distance, {words}", "telehealth", "cpt-modifiers", "telehealth"))


def _longitudinal(desk: Desk, visit: Visit, line: Line) -> None:
    """G2211: an ongoing relationship for a serious or complex condition; not with 25, except beside preventive services."""
    if not visit.longitudinal or line.code == codes("visits", "staff")[0]:
        return
    if not desk.medicare:
        desk.ask(None, "payer", "does the payer cover G2211?", "Medicare does; others by contract")
        if desk.payer is not None:
            return
    found = codes("visits", "longitudinal")[0]
    if "25" in line.modifiers and not visit.preventive:
        desk.coding.not_billed.append(NotBilled(found, "not paid with a visit that carries 25", "pfs-g2211"))
        return
    step = _because(visit, "ongoing relationship, visit without 25", "longitudinal-g2211", "pfs-g2211", "longitudinal")
    desk.lines.append(Line(found, 1, [], list(line.dx), [step], kind="add-on", after=line.code))


def _in_global(desk: Desk, visit: Visit, standing: Standing) -> None:
    """No line: the operation was paid with its aftercare. Where the payer or the house wants the visit told, 99024."""
    words = f"day {standing.days} of the {standing.length} after {standing.name}: part of the operation"
    found = codes("visits", "after surgery")[0]
    if not desk.encounter.report_after_surgery:
        why = f"{words}; {found} without charge, where the payer or the practice wants such visits reported"
        desk.coding.not_billed.append(NotBilled("the visit", why, "claims-manual-12"))
        return
    step = _because(visit, f"{words}, reported without charge", "after-surgery-visit", "claims-manual-12", "related")
    line = Line(found, 1, [], [], [step], kind="visit")
    line.runner_up = RunnerUp("99213", "the visit was for something else (24)")
    line.dx = _dx(desk, visit)
    desk.lines.append(line)
