"""Soft-tissue tumours by region, depth and size; they include simple and intermediate closure."""

from decimal import Decimal
from typing import Final

from cutis.coding.bands import plain
from cutis.coding.desk import Act, Desk, because
from cutis.coding.families import repair
from cutis.coding.phrases import table

_TUMORS: Final = frozenset({"lipoma", "soft tissue tumor", "soft tissue sarcoma"})
_MUSCLE: Final = (
    "subfascial",
    "intramuscular",
    "submuscular",
    "below fascia",
    "below the fascia",
    "beneath fascia",
    "under fascia",
    "within muscle",
    "into muscle",
    "deep to fascia",
    "deep to the fascia",
)
_SKIN: Final = ("cutaneous", "dermal", "dermis", "full thickness", "full-thickness", "skin", "intradermal")


def is_deep(act: Act) -> bool:
    """Whether an excision is one of a soft-tissue tumour: such a diagnosis, and not confined to the skin."""
    if act.dx is None or act.dx.name not in _TUMORS:
        return False
    depth = (act.p.depth or "").lower()
    return not any(depth.startswith(w) for w in _SKIN)


def code(act: Act, desk: Desk) -> None:
    """A soft-tissue tumour."""
    p = act.p
    region = act.place.group("tumor")
    entry = table("tumors").get(region) if region else None
    if entry is None:
        desk.ask(act, "site", f"in which part of the body was the tumour ({act.where})?", "the code follows the region")
    size = next((s for s in (p.excised_cm, p.size_cm, p.lesion_cm) if s is not None), None)
    size = desk.need(
        act,
        "size_cm",
        size,
        f"what was the greatest diameter of the tumour at {act.where}, with its margin?",
        Decimal(1),
        why="the code follows the size",
    )
    layer = _layer(act, desk)
    if entry is None or size is None or layer is None:
        return
    if p.excised_cm is None and p.margin_cm is not None:
        size += 2 * p.margin_cm
    limit = Decimal(str(entry[layer]["less"]))
    small, large = codes_of(region or "", layer)
    found, other = (small, large) if size < limit else (large, small)
    relation = "less than" if size < limit else "not less than"
    reasons = [
        because(
            act,
            f"{p.pathology or (act.dx.name if act.dx else 'tumour')} of the soft tissue, no lesion of the skin",
            "soft-tissue-tumor",
            "cpt-soft-tissue",
            act.dx_fact or "technique",
        ),
        because(act, f"{act.where}: {entry['words']}", "tumor-region", "cpt-soft-tissue", "site"),
        because(act, f"depth: {layer}", "tumor-depth", "cpt-soft-tissue", "depth"),
        because(act, f"{plain(size)} cm is {relation} {plain(limit)} cm", "tumor-size", "cpt-soft-tissue", "size_cm"),
    ]
    line = desk.add(
        found,
        act,
        reasons,
        runner_up=(other, f"the tumour is {'' if size >= limit else 'not '}less than {plain(limit)} cm"),
    )
    line.kind = "procedure"
    if p.repair:
        repair.within(act, desk)


def codes_of(region: str, layer: str) -> tuple[str, str]:
    """Smaller and larger code of a region and depth."""
    small, large = table("tumors")[region][layer]["codes"].split()
    return small, large


def _layer(act: Act, desk: Desk) -> str | None:
    if act.kind == "radical":
        return "radical"
    depth = (act.p.depth or "").lower()
    if any(w in depth for w in _MUSCLE):
        return "subfascial"
    if depth:
        return "subcutaneous"
    if act.dx is not None and act.dx.name == "lipoma" and "deep" not in (act.p.lesion_type or ""):
        # A lipoma lies in the subcutaneous fat unless the note says that it was deeper.
        return "subcutaneous"
    return desk.need(
        act,
        "depth",
        None,
        f"was the tumour at {act.where} above or below the fascia?",
        "subcutaneous",
        why="the code follows the depth",
    )
