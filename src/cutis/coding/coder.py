"""From an encounter to its lines: every family in turn, then what hangs on the lines together."""

from cutis.coding import global_period, modifiers, visit
from cutis.coding.book import book_of
from cutis.coding.desk import Desk
from cutis.coding.encounter import Encounter
from cutis.coding.registry import ALL, FINISHERS, LAST
from cutis.coding.result import Coding
from cutis.coding.settle import settle
from cutis.reference.store import Reference


def code_encounter(encounter: Encounter, reference: Reference, *, assume: bool = False) -> Coding:
    """The lines that stand for an encounter, each with its reasons.

    Args:
        encounter: what was done.
        reference: tables; fee, ptp, mue and icd10 are asked where loaded.
        assume: where a fact is missing, take the least it can be and list it; else it is a question and no line.

    Returns:
        Lines in the order to bill, questions, assumptions, and what makes no line.
    """
    desk = Desk(encounter, book_of(reference, encounter.date), assume=assume)
    settle(desk)
    later = []
    for act in desk.acts:
        if act.absorbed:
            continue
        if act.family in LAST:
            later.append(act)
        else:
            ALL[act.family](act, desk)
    for act in later:
        ALL[act.family](act, desk)
    if desk.tallies:
        for finish in FINISHERS:
            finish(desk)
    modifiers.anatomic(desk)
    modifiers.interrupted(desk)
    global_period.modify(desk)
    visit.code(desk)
    modifiers.repeats(desk)
    modifiers.pairs(desk)
    modifiers.payer(desk)
    modifiers.order(desk)
    return desk.coding
