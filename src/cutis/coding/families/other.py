"""What makes no line, what is done for looks, and what the coder does not know."""

from cutis.coding.desk import Act, Desk
from cutis.coding.families import small
from cutis.coding.phrases import table


def no_line(act: Act, desk: Desk) -> None:
    """Part of something else, by the dispatch table."""
    _, authority, why = table("dispatch")[act.technique]
    desk.drop(act, why, authority)


def cosmetic(act: Act, desk: Desk) -> None:
    """Done for looks: the patient pays; the same against a disease has codes."""
    if not act.cosmetic and small.against_disease(act, desk):
        return
    desk.drop(act, "done for looks: no benefit of an insurer; the patient pays", "benefit-manual-16")


def unsupported(act: Act, desk: Desk) -> None:
    """A technique that is known but not decided here."""
    desk.ask(act, "technique", f"which code was chosen for {act.technique}?", act.kind)


def unknown(act: Act, desk: Desk) -> None:
    """Words that name no technique of the table."""
    desk.ask(
        act,
        "technique",
        f"what was done at {act.where}? {act.p.technique or 'nothing'!r} is no technique the coder knows",
        "no line is written for it",
    )
