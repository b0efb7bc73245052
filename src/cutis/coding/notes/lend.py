"""Small questions of the assembler: which facts a heading lends, how counts and places share out."""

import re
from typing import Final

from cutis.coding.notes.acts import Group
from cutis.coding.notes.attributes import Facts, nature
from cutis.coding.notes.counts import Count
from cutis.coding.notes.document import LETTERS, Clause, Document
from cutis.coding.notes.items import Item

_NUMBERED: Final = frozenset(
    {"lesion", "site", "tumor", "specimen", "biopsy", "bx", "procedure", "wound", "area", "mohs", "spot"}
)


def ordinal(document: Document, count: Count, first: int, last: int) -> bool:
    """Whether the number that ends a label only numbers what it names: "Lesion 2:", "Mohs site 1:"."""
    bare = count.last == last and count.first > first and count.last - count.first == 1
    return bare and document.tokens[count.first - 1].norm in _NUMBERED


_LISTS: Final = re.compile(
    r"\b(?:each|both|all|every|listed|above|these|those|them|following|below|tallied|lesions|sites|spots|areas|tumou?rs)\b",
    re.IGNORECASE,
)
_LABELLED: Final = frozenset(
    {
        "lesion",
        "site",
        "tumor",
        "tumour",
        "wound",
        "area",
        "spot",
        "defect",
        "specimen",
        "excision",
        "mohs",
        "procedure",
        "biopsy",
    }
)


_LET_BE: Final = re.compile(r"\b(?:reassurance only|left alone|left untreated|not treated|no tx|untreated)\b")


def let_be(words: str) -> bool:
    """Whether a clause says that something was left as it is."""
    return _LET_BE.search(words) is not None


def with_context(facts: Facts, label: Facts | None, pending: Facts | None) -> Facts:
    """Facts of an act with those of its heading, and of the clause before where it named a lesion and no act.

    Args:
        facts: of the act.
        label: of its heading, None where the heading is an act itself.
        pending: of the clause before, where it had no act.
    """
    if label is not None and (label.sites or label.dxs or label.counts or label.sizes or label.others):
        facts = joined(label, facts, items=counts_things(facts))
    if pending is None:
        return facts
    here = {s.base for s in facts.sites} == {s.base for s in pending.sites}
    if pending.sites and (not facts.sites or here):
        return joined(pending, facts, items=counts_things(facts))
    lesions = [d for d in pending.dxs if nature(d.value) != "disease"]
    if not facts.dxs and not facts.sites and (lesions or pending.counts):
        waiting = Facts(pending.sites, lesions, pending.counts, pending.sizes, [])
        facts = joined(waiting, facts, items=counts_things(facts))
    return facts


def sampled(made: list[Group], lead: Group) -> None:
    """A shave under a heading of biopsies is one of them."""
    for group in made:
        if lead.family == "biopsy" and group.family == "shave":
            group.family, group.techniques = "biopsy", ["tangential biopsy"]


def together(parts: list[Facts]) -> Facts:
    """Diagnoses and other mentions of several stretches."""
    return Facts(dxs=[d for f in parts for d in f.dxs], others=[m for f in parts for m in f.others])


def tells_stages(facts: Facts) -> bool:
    """Whether a clause tells of the stages or blocks of Mohs surgery."""
    return any(c.noun.split()[0] in {"stage", "block"} for c in facts.counts) or any(
        m.kind == "counted" and m.value in {"stage", "block"} for m in facts.others
    )


def tells_result(facts: Facts) -> bool:
    """Whether a clause tells what the laboratory found."""
    return any(m.kind in {"path", "proven"} for m in facts.others) or any(d.sure == "path" for d in facts.dxs)


def means_list(words: str) -> bool:
    """Whether a clause speaks of what was listed: "LN2 to each lesion above", "both sites curetted"."""
    return _LISTS.search(words) is not None


def numbered(document: Document, clause: Clause) -> bool:
    """Whether a clause opens with the number or letter of a lesion: "Tumor A:", "Wound 2 - L eyelid"."""
    first = clause.label[0] if clause.label and clause.heading else clause.first
    tokens = document.tokens
    if first + 1 >= len(tokens) or tokens[first].norm not in _LABELLED:
        return False
    at = first + 1 + (tokens[first + 1].raw == "#")
    return at < len(tokens) and (tokens[at].raw.isdecimal() or tokens[at].raw in LETTERS)


def summed(listed: list[Facts], facts: Facts, *, discrete: bool) -> list[Item]:
    """What a list said of several lesions, as items of the act that treats them all.

    Args:
        listed: facts of each entry.
        facts: of the act, true of each.
        discrete: whether each lesion makes an item; else their counts are added.
    """
    if discrete:
        return [
            Item(
                list(f.sites),
                [*f.dxs, *facts.dxs],
                list(f.counts),
                {s.role: s for s in (*facts.sizes, *f.sizes)},
                _first(f),
            )
            for f in listed
        ]
    counts = [c for f in listed for c in f.counts if c.noun == "lesion"]
    told = [_entry_count(f) for f in listed]
    whole = Item(
        [s for f in listed for s in f.sites], [*facts.dxs, *(d for f in listed for d in f.dxs)], list(facts.counts), {}
    )
    if not any(c.noun == "lesion" for c in facts.counts):
        total = sum(n or 1 for n in told)
        anchor = counts[0] if counts else None
        first, start = (anchor.first, anchor.start) if anchor else (_first(listed[0]), listed[0].sites[0].start)
        end = counts[-1].end if counts else listed[-1].sites[-1].end
        whole.counts.append(Count(total, "lesion", first, first + 1, start, end))
    return [whole]


def _entry_count(facts: Facts) -> int:
    """How many lesions one entry of a list tells: "18 total (scalp 11, forearms 7)" are eighteen."""
    values = [c.value for c in facts.counts if c.noun == "lesion"]
    most = max(values, default=0)
    return most if len(values) > 2 and most * 2 == sum(values) else sum(values)


def _first(facts: Facts) -> int:
    return facts.sites[0].first if facts.sites else -1


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
