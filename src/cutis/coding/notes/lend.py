"""Small questions of the assembler: which facts a heading lends, how counts and places share out."""

from typing import Final

from cutis.coding.notes.acts import Group
from cutis.coding.notes.attributes import Facts, nature
from cutis.coding.notes.counts import Count
from cutis.coding.notes.document import Document
from cutis.coding.notes.items import Item

_NUMBERED: Final = frozenset(
    {"lesion", "site", "tumor", "specimen", "biopsy", "bx", "procedure", "wound", "area", "mohs", "spot"}
)


def ordinal(document: Document, count: Count, first: int, last: int) -> bool:
    """Whether the number that ends a label only numbers what it names: "Lesion 2:", "Mohs site 1:"."""
    bare = count.last == last and count.first > first and count.last - count.first == 1
    return bare and document.tokens[count.first - 1].norm in _NUMBERED


def counts_things(facts: Facts) -> bool:
    """Whether the facts count lesions, nails and the like, and not only cycles or sutures."""
    return any(c.noun in {"lesion", "nail", "allergen", "specimen"} for c in facts.counts)


def spans(group: Group, items: list[Item]) -> list[tuple[int, int]]:
    """The token range of each item: of several tumors in one sentence each has its own stages."""
    if group.family != "mohs" or len(items) < 2:
        return [(group.first, group.last)] * len(items)
    begins = [group.first, *(i.first for i in items[1:])]
    return list(zip(begins, [*begins[1:], group.last], strict=True))


def replaces(made: list[Group], lead: Group) -> bool:
    """Whether the acts of a clause stand for themselves, and the heading over them only announced them."""
    if any(g.family not in {"repair", "remove", "destroy"} for g in made):
        return True
    destroyed = [g for g in made if g.family == "destroy"]
    if any(g.techniques for g in destroyed) or (destroyed and lead.family != "destroy"):
        return True
    return lead.family == "repair" and any(g.family != "repair" for g in made)


def counted(items: list[Item]) -> list[Item]:
    """A count over several places: the number of places makes each one; a greater one keeps them together."""
    if len(items) < 2:
        return items
    counts = [c for i in items for c in i.counts if c.noun == "lesion"]
    if len(counts) == 1 and counts[0].value > len(items):
        whole = Item()
        for item in items:
            whole.sites += item.sites
            whole.dxs += item.dxs
            whole.counts += item.counts
            whole.sizes |= item.sizes
        return [whole]
    if len(counts) == 1 and counts[0].value == len(items):
        for item in items:
            item.counts = [c for c in item.counts if c.noun != "lesion"]
    return items


def joined(lead: Facts, facts: Facts, *, items: bool) -> Facts:
    """The facts of a heading or an earlier clause before those of a clause; its count gives way to counts of items."""
    counts = [] if items else lead.counts
    dxs = lead.dxs if not any(nature(d.value) != "generic" and d.sure != "path" for d in facts.dxs) else []
    sites = lead.sites if not facts.sites else []
    sizes = [s for s in lead.sizes if s.role not in {x.role for x in facts.sizes}]
    return Facts(
        sites + facts.sites, dxs + facts.dxs, counts + facts.counts, sizes + facts.sizes, lead.others + facts.others
    )
