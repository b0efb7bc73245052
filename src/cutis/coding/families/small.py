"""Skin tags, paring, debridement, and small operations that one word decides."""

from decimal import ROUND_CEILING, Decimal
from typing import Final

from cutis.coding.bands import codes, plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.diagnoses import diagnosis
from cutis.coding.phrases import table

_LAYERS: Final = (("bone", "bone"), ("muscle", "muscle"), ("fascia", "muscle"), ("subcutaneous", "subcutaneous"), ("fat", "subcutaneous"),
                  ("dermis", "skin"), ("epidermis", "skin"), ("skin", "skin"), ("selective", "skin"))  # fmt: skip


def tag(act: Act, desk: Desk) -> None:
    """Skin tags, by any method."""
    desk.tally("tag", act)


def paring(act: Act, desk: Desk) -> None:
    """Corns and calluses pared."""
    desk.tally("pared", act)


def finish(desk: Desk) -> None:
    """Add up tags and pared lesions of the day."""
    tags = desk.tallies.get("tag", [])
    for cosmetic in (False, True):
        acts = [a for a in tags if a.cosmetic is cosmetic]
        if acts:
            _tags(desk, acts)
    pared = desk.tallies.get("pared")
    if pared:
        _pared(desk, pared)


def _counts(desk: Desk, acts: list[Act], what: str) -> int | None:
    counts = [
        desk.need(a, "count", a.p.count, f"how many {what} at {a.where}?", 1, why="the code follows the count")
        for a in acts
    ]
    known = [n for n in counts if n is not None]
    return sum(known) if len(known) == len(counts) else None


def _implied(acts: list[Act], name: str) -> None:
    """What the technique is by its very name, where no diagnosis is told."""
    for act in acts:
        if act.dx is None:
            act.dx, act.dx_fact = diagnosis(name), "technique"


def _tags(desk: Desk, acts: list[Act]) -> None:
    count = _counts(desk, acts, "skin tags were removed")
    if count is None:
        return
    _implied(acts, "skin tag")
    rule = table("codes")["tags"]
    reasons = [
        because(
            acts[0],
            "skin tags have their own code by any method: scissors, blade, cautery or cold",
            "skin-tags-any-method",
            "cpt-tag",
            "technique",
        ),
        because(
            acts[0],
            f"{count} of the day; the first code covers up to {rule['upto']}",
            "skin-tag-count",
            "cpt-tag",
            "count",
        ),
    ]
    first = desk.add(
        rule["first"],
        acts,
        reasons,
        runner_up=("17110", "the lesions were no tags but other benign lesions, destroyed"),
    )
    over = count - rule["upto"]
    if over > 0:
        units = -(-over // rule["each"])
        step = because(
            acts[0], f"{over} beyond {rule['upto']}, each ten or part of ten", "skin-tag-add-on", "cpt-tag", "count"
        )
        desk.add(rule["more"], acts, [*reasons, step], units=units, kind="add-on", after=first.code, dx=first.dx)


def _pared(desk: Desk, acts: list[Act]) -> None:
    count = _counts(desk, acts, "corns or calluses were pared")
    if count is None:
        return
    _implied(acts, "callus")
    found = series("paring")
    at = found.at(count)
    words = ("one", "two to four", "more than four")[at]
    step = because(acts[0], f"{count} pared: {words}, one unit", "pared-count", "cpt-surgery", "count")
    other = found.codes[at - 1 if at else 1]
    desk.add(
        found.codes[at],
        acts,
        [step],
        runner_up=(other, f"{('one', 'two to four', 'more than four')[at - 1 if at else 1]} were pared"),
    )


def debridement(act: Act, desk: Desk) -> None:
    """Debridement of a wound by its deepest layer and area."""
    said = f"{act.p.depth or ''} {act.p.technique or ''}".lower()
    layer = next((layer for word, layer in _LAYERS if word in said), None)
    layer = desk.need(
        act,
        "depth",
        layer,
        f"what was the deepest layer debrided at {act.where}: skin, subcutaneous, muscle or bone?",
        "skin",
        why="the code follows the deepest layer",
    )
    area = desk.need(
        act,
        "area_sqcm",
        act.p.area_sqcm,
        f"how many square cm were debrided at {act.where}?",
        Decimal(20),
        why="the first code covers 20 square cm",
    )
    if layer is not None and area is not None:
        desk.tally("debrided", (layer, act, area))


def finish_debridement(desk: Desk) -> None:
    """Areas of wounds debrided to the same depth are added."""
    by_layer: dict[str, list[tuple[Act, Decimal]]] = {}
    for layer, act, area in desk.tallies.get("debrided", ()):
        by_layer.setdefault(layer, []).append((act, area))
    for layer, entries in by_layer.items():
        acts = [a for a, _ in entries]
        total = sum((n for _, n in entries), Decimal(0))
        first, more = codes("debridement", layer)
        reasons = [
            because(acts[0], f"deepest layer: {layer}", "debridement-depth", "cpt-surgery", "depth"),
            because(acts[0], f"{plain(total)} square cm", "debridement-area", "cpt-surgery", "area_sqcm"),
        ]
        line = desk.add(first, acts, reasons)
        if total > 20:
            units = int(((total - 20) / 20).to_integral_value(ROUND_CEILING))
            desk.add(more, acts, reasons, units=units, kind="add-on", after=first, dx=line.dx)


def against_disease(act: Act, desk: Desk) -> bool:
    """A peel or dermabrasion against acne, keratoses or scars; false where it was none of them."""
    if act.technique == "chemical peel" and act.dx is not None and act.dx.name == "acne":
        name, found = "an acne peel", codes("small operations", "chemical exfoliation for acne")[0]
    elif act.technique == "chemical peel" and act.nature == "premalignant":
        deep = "dermal" in f"{act.p.depth or ''} {act.p.technique or ''}".lower().replace("epidermal", "")
        face = act.place.group("simple") == "F"
        name, found = "a peel against keratoses", codes("peels", "face" if face else "other")[int(deep)]
    elif act.technique == "dermabrasion" and act.nature in {"benign", "premalignant"}:
        whole = act.place.name == "face" and "segment" not in (act.p.extent or "").lower()
        face = act.place.group("simple") == "F"
        name, found = (
            "dermabrasion of a disease",
            codes("dermabrasion", "whole face" if whole else "face" if face else "other")[0],
        )
    elif act.technique == "sclerotherapy" and "reticular" not in (act.p.technique or "") and act.p.symptoms:
        name, found = "sclerotherapy of veins with symptoms", codes("small operations", "sclerotherapy")[0]
    else:
        return False
    step = because(act, f"{name}, not for looks", "against-disease", "cpt-surgery", act.dx_fact or "symptoms")
    desk.add(found, act, [step], runner_up=None)
    return True


def dehiscence(act: Act, desk: Desk) -> None:
    """A wound that came open: closed simply, packed, or closed again in full."""
    said = f"{act.p.repair or ''} {act.p.extent or ''} {act.p.technique or ''} {act.p.method or ''}".lower()
    full = (bool(act.p.complicated) and "pack" not in said) or any(
        w in said for w in ("extensive", "complicated", "secondary", "complex", "layer", "intermediate")
    )
    kind = "extensive" if full else "packed" if "pack" in said else "simple"
    step = because(act, f"a wound that came open, {kind}", "dehiscence", "cpt-repair", "repair")
    other = "extensive" if kind != "extensive" else "simple"
    desk.add(
        codes("dehiscence", kind)[0], act, [step], runner_up=(codes("dehiscence", other)[0], f"the closure was {other}")
    )


def code(act: Act, desk: Desk) -> None:
    """An operation that its name decides."""
    found = codes("small operations", act.kind or act.technique or "")
    if act.technique == "chalazion excision":
        found = found[1:] if (act.p.count or 1) > 1 else found
    step = because(act, f"{act.technique} has one code", "named-operation", "cpt-surgery", "technique")
    desk.add(found[0], act, [step])
