"""Preparations read in the office."""

from cutis.coding.desk import Act, Desk, because
from cutis.coding.phrases import table

_HERE = ("in house", "in-house", "office", "here", "own lab", "physician", "dermatologist")


def _here(act: Act) -> bool:
    said = f"{act.p.provider or ''} {act.p.method or ''} {act.p.technique or ''} {act.p.component or ''}".lower()
    return any(w in said for w in _HERE)


def code(act: Act, desk: Desk) -> None:
    """A preparation read here: by kind, and for Medicare the code of provider-performed microscopy."""
    if act.kind == "culture" and not _here(act):
        desk.drop(
            act,
            "taking the sample is part of the visit; the laboratory that reads the culture bills it",
            "cpt-laboratory",
        )
        return
    entry = table("codes")["laboratory"][act.kind]
    medicare = desk.medicare and "medicare" in entry
    found = entry["medicare" if medicare else "any"]
    words = "Medicare wants the code of microscopy performed by the provider" if medicare else "read in the office"
    step = because(act, f"{act.kind}: {words}", "office-microscopy", "cpt-laboratory", "technique")
    runner_up = None
    if "medicare" in entry:
        runner_up = (
            (entry["any"], "the payer is not Medicare") if medicare else (entry["medicare"], "the payer is Medicare")
        )
    elif act.kind == "tzanck smear":
        runner_up = ("88160", "the smear was read as cytopathology")
    desk.add(found, act, [step], units=act.p.count or 1, runner_up=runner_up, kind="laboratory")
