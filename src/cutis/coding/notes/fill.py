"""Fills an act from the attributes beside it, and settles its technique once all that is said of it is known."""

from decimal import Decimal
from typing import Final

from cutis.coding.notes.acts import Act, Group
from cutis.coding.notes.attributes import Dx, Facts, nature
from cutis.coding.notes.document import Document
from cutis.coding.notes.doses import doses
from cutis.coding.notes.items import Item
from cutis.coding.notes.merge import BARE_NAILS
from cutis.coding.notes.mohs import stages
from cutis.coding.notes.roles import AREA, DEFECT, EXCISED, LESION, MARGIN, REPAIR, SECONDARY, TOOL
from cutis.coding.notes.settle import settle

_SIZE_FACT: Final = {
    LESION: "lesion_cm",
    MARGIN: "margin_cm",
    EXCISED: "excised_cm",
    REPAIR: "repair_cm",
    AREA: "area_sqcm",
    TOOL: "tool_cm",
    DEFECT: "defect_cm",
    SECONDARY: "secondary_defect_cm",
}
# Other mentions that are simply a fact of the act they stand beside: kind to name of the fact.
_PLAIN: Final = {
    "depth": "depth",
    "purpose": "purpose",
    "provider": "provider",
    "component": "component",
    "light": "light",
    "agent": "agent",
    "complicated": "complicated",
    "debridement_pdt": "debridement",
    "contaminated": "contaminated",
    "same": "same_lesion",
    "separate": "separate",
    "encounter_mark": "encounter_mark",
    "abn": "abn",
    "cosmetic": "intent",
    "extent": "extent",
    "reexcision": "margins_positive",
    "consent": "consent",
    "waste": "waste",
    "facility": "place",
    "hemostasis": "hemostasis",
    "proven": "prior_pathology",
    "nail_site": "nail",
}
_GENITAL: Final = frozenset({"vulva", "penis", "scrotum", "vagina", "anus", "perineum"})
_CLASS_RANK: Final = {"simple": 1, "intermediate": 2, "complex": 3}


def put_item(act: Act, group: Group, item: Item, facts: Facts) -> None:
    """Write the facts of an item into its act.

    Args:
        act: to fill.
        group: the anchors it comes from, for methods and closures.
        item: the facts of this lesion.
        facts: of the whole territory, for what is said once.
    """
    _put_sites(act, item)
    for dx in item.dxs:
        _put_dx(act, dx)
    _put_counts(act, item)
    _put_sizes(act, item)
    _put_methods(act, group)
    _put_closure(act, group, facts)
    _put_others(act, facts)


def _put_sizes(act: Act, item: Item) -> None:
    for role, size in item.sizes.items():
        name = _SIZE_FACT.get(role)
        if name is None:
            continue
        if role in {DEFECT, SECONDARY}:
            act.put(name, tuple(size.dims), size.start, size.end)
            continue
        act.put(name, size.value, size.start, size.end)
        act.put(name + "_low", size.low, size.start, size.end)
        if size.bare:
            act.put(name + "_bare", True, size.start, size.end)
        if len(size.dims) > 1:
            act.put(name.removesuffix("_cm") + "_dims", tuple(size.dims), size.start, size.end)


def _put_methods(act: Act, group: Group) -> None:
    for anchor in group.anchors:
        if anchor.kind == "method":
            act.put("method", anchor.value, anchor.start, anchor.end)
    held = act.get("methods") or ()
    methods = tuple(dict.fromkeys((*held, *group.methods)))
    if methods:
        act.put("methods", methods, act.start, act.end, over=True)


def _put_sites(act: Act, item: Item) -> None:
    if not item.sites:
        return
    digits = [s for s in item.sites if s.base not in BARE_NAILS]
    sites = digits if act.family == "nail" and digits else item.sites
    if any(s.base in _GENITAL for s in sites):
        sites = [s for s in sites if s.base != "genital"]  # "genital warts of the vulva"
    sided = {s.base for s in sites if s.side}
    names = list(dict.fromkeys(s.text for s in sites if s.side or s.base not in sided))
    start, end = item.sites[0].start, item.sites[-1].end
    act.put("site", "/".join(names), start, end)
    act.put("sites", tuple(names), start, end)
    sides = {s.side for s in item.sites if s.side}
    if len(sides) == 1:
        act.put("side", sides.pop(), start, end)


def _put_dx(act: Act, dx: Dx) -> None:
    if dx.sure == "path":
        act.put("pathology", dx.value, dx.start, dx.end)
        return
    held = act.get("dx")
    better = (
        held is None
        or (nature(held) == "generic" and nature(dx.value) != "generic")
        or (held == "skin cancer" and nature(dx.value) == "malignant")
    )
    if better:
        act.put("dx", dx.value, dx.start, dx.end, over=True)
        act.put("dx_sure", dx.sure, dx.start, dx.end, over=True)


def _put_counts(act: Act, item: Item) -> None:
    lesions = [c for c in item.counts if c.noun == "lesion"]
    strong = [c for c in lesions if not c.weak] or lesions
    if strong and strong[0].more:
        act.put("count_more", True, strong[0].start, strong[0].end)
    if len(strong) > 1 and act.family != "mohs" and act.family in {"destroy", "tag", "intralesional", "pare"}:
        # Parts named one by one add up, unless they are the total said again.
        values = [c.value for c in strong]
        total = (
            values[0] if values[0] == sum(values[1:]) else values[-1] if values[-1] == sum(values[:-1]) else sum(values)
        )
        if len(set(values)) == 1 and len(values) == 2:
            total = values[0]
        act.put("count", total, strong[0].start, strong[-1].end)
    elif strong:
        act.put("count", strong[0].value, strong[0].start, strong[0].end)
    for count in item.counts:
        if count.noun != "lesion":
            act.put(f"count_{count.noun.replace(' ', '_')}", count.value, count.start, count.end)


def _put_closure(act: Act, group: Group, facts: Facts) -> None:
    for mention in group.closures:
        held = act.get("repair")
        if held is None or _CLASS_RANK[mention.value] > _CLASS_RANK[held]:
            act.put("repair", mention.value, mention.start, mention.end, over=True)
    for mention in facts.others:
        if mention.kind == "complex_reason":
            stronger = act.get("complex_reason") == "undermined"
            act.put("complex_reason", mention.value, mention.start, mention.end, over=stronger)


def _put_others(act: Act, facts: Facts) -> None:
    for mention in facts.others:
        name = _PLAIN.get(mention.kind)
        if name is not None:
            act.put(name, mention.value, mention.start, mention.end)
        elif mention.kind == "wound" and mention.value == "dehiscence":
            act.put("dehiscence", True, mention.start, mention.end)
        elif mention.kind == "symptom":
            held = act.get("symptoms") or ()
            if mention.value not in held:
                act.put("symptoms", (*held, mention.value), mention.start, mention.end, over=True)
        elif mention.kind == "role":
            act.put(
                "pathologist",
                "separate" if mention.value.startswith("separate") else "same",
                mention.start,
                mention.end,
            )
        elif mention.kind == "allergen" and act.family == "allergy" and mention.value != "allergen":
            act.put("allergen", mention.value, mention.start, mention.end)
        elif mention.kind == "filed":
            act.put("filed" if mention.value == "filed" else "filed_not", True, mention.start, mention.end)


def complete(document: Document, act: Act) -> None:
    """Stages, doses and the settled technique, once every clause about the act is known."""
    if act.family == "mohs" or act.technique == "staged excision":
        stages(document, act)
    if act.family in {"intralesional", "inject", "toxin", "pdt"}:
        doses(document, act)
    settle(document, act)
    for name in ("lesion_cm", "excised_cm", "margin_cm", "repair_cm", "area_sqcm"):
        value = act.get(name)
        assert value is None or isinstance(value, Decimal)
