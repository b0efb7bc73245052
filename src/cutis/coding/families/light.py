"""Phototherapy, excimer laser by area, photodynamic therapy by who did what."""

from decimal import Decimal
from typing import Final

from cutis.coding.bands import plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.families import injection
from cutis.coding.phrases import table

_TOPICAL: Final = ("petrolatum", "tar", "mineral oil", "vaseline", "emollient")
_PSORALEN: Final = ("psoralen", "methoxsalen", "8-mop", "oxsoralen")
_STAFF: Final = ("staff", "nurse", "ma", "assistant", "rn", "technician", "lpn", "medical assistant")
_PHYSICIAN: Final = ("physician", "md", "do", "doctor", "dermatologist", "qhp", "pa", "np", "provider", "dr")


def phototherapy(act: Act, desk: Desk) -> None:
    """Light in a cabinet: alone, with something put on the skin, with psoralen, or for hours; one unit a day."""
    found_codes = table("codes")["light"]
    agent = f"{act.p.agent or ''} {act.p.drug or ''}".lower()
    if act.kind == "prolonged" or (act.p.hours is not None and act.p.hours >= 4):
        kind, words = "prolonged", "four to eight hours of photochemotherapy for severe disease"
    elif act.kind == "psoralen" or any(w in agent for w in _PSORALEN):
        kind, words = "psoralen", "psoralen and UVA"
    elif act.kind == "topical" or any(w in agent for w in _TOPICAL):
        kind, words = "topical", "UVB with tar or petrolatum put on in the office"
    else:
        kind, words = "alone", "ultraviolet light alone"
    runner_up = (
        (found_codes["topical"], "tar or petrolatum was put on before the light")
        if kind == "alone"
        else (found_codes["alone"], "nothing was put on the skin")
    )
    step = because(act, f"{words}; one unit a day", "phototherapy-kind", "cpt-light", "agent")
    desk.add(found_codes[kind], act, [step], runner_up=runner_up)


def excimer(act: Act, desk: Desk) -> None:
    """Excimer laser: for psoriasis by area; for anything else the unlisted code."""
    name = act.dx.name if act.dx else None
    name = desk.need(
        act,
        "dx",
        name,
        "for which disease was the excimer laser used?",
        "psoriasis",
        why="its codes are for psoriasis alone",
    )
    if name is None:
        return
    if name != "psoriasis":
        step = because(
            act, f"{name} is no psoriasis: the excimer codes do not fit", "excimer-psoriasis", "cpt-light", act.dx_fact
        )
        desk.add(table("codes")["light"]["unlisted"], act, [step], runner_up=("96920", "the disease is psoriasis"))
        return
    area = desk.need(
        act,
        "area_sqcm",
        act.p.area_sqcm,
        "how many square cm were treated?",
        Decimal(1),
        why="below 250, to 500, or above",
    )
    if area is None:
        return
    found = series("excimer")
    at = found.at(area)
    step = because(act, f"psoriasis, {plain(area)} square cm in all", "excimer-area", "cpt-light", "area_sqcm")
    words = ("under 250", "250 to 500", "over 500")
    other = at - 1 if at else 1
    desk.add(found.codes[at], act, [step], runner_up=(found.codes[other], f"the area is {words[other]} square cm"))


def pdt(act: Act, desk: Desk) -> None:
    """Photodynamic therapy: once a day, by who applied drug and light and whether lesions were debrided."""
    said = (act.p.provider or "").lower().replace(",", " ").split()
    who = "staff" if any(w in _STAFF for w in said) else "physician" if any(w in _PHYSICIAN for w in said) else None
    who = desk.need(
        act,
        "provider",
        who,
        "who put on the drug and the light: the physician or staff?",
        "staff",
        why="three codes, by who did it",
    )
    if who is None:
        return
    found_codes = table("codes")["pdt"]
    kind = "debridement" if act.p.debridement and who == "physician" else who
    words = {
        "staff": "applied by staff",
        "physician": "applied by the physician, lesions not debrided",
        "debridement": "applied by the physician after debriding or curetting the lesions",
    }[kind]
    reasons = [
        because(act, words, "pdt-who", "cpt-pdt", "provider"),
        because(act, "once a day, however many areas", "pdt-once-a-day", "cpt-pdt", "site"),
    ]
    other = "physician" if kind != "physician" else "debridement"
    if_fact = (
        "the physician applied it"
        if kind == "staff"
        else "the lesions were debrided first"
        if kind == "physician"
        else "the lesions were not debrided"
    )
    desk.add(found_codes[kind], act, reasons, runner_up=(found_codes[other], if_fact))
    if act.p.drug:
        injection.drug(act, desk)
    else:
        desk.ask(
            act,
            "drug",
            "which photosensitising drug was used, and how many doses or grams?",
            "the drug is billed beside the light",
        )
