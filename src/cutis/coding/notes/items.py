"""Which facts belong to which lesion: an act over several places becomes one item for each."""

from dataclasses import dataclass, field
from typing import Final

from cutis.coding.notes.attributes import Count, Dx, Facts, Site, nature
from cutis.coding.notes.document import Document
from cutis.coding.notes.roles import DEFECT, EXCISED, LESION, MARGIN, REPAIR, Size

_NEAR: Final = 4  # tokens between two mentions of one place
_LIST: Final = frozenset({",", "and", "&", "+", ";", "plus", "-", "–", "—"})  # noqa: RUF001


@dataclass(slots=True)
class Item:
    """Facts of one lesion, or of one group of lesions treated alike."""

    sites: list[Site] = field(default_factory=list)
    dxs: list[Dx] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    sizes: dict[str, Size] = field(default_factory=dict)
    first: int = -1  # token of its first fact

    @property
    def dx(self) -> Dx | None:
        """The most telling diagnosis: a pathology result, then a named one, then "lesion"."""
        ranked = sorted(self.dxs, key=lambda d: (d.sure != "path", nature(d.value) == "generic", d.first))
        return ranked[0] if ranked else None


def discrete(document: Document, facts: Facts, *, by_size: str) -> list[Item]:
    """One item per lesion: a second site, or a second size of the kind `by_size`, begins the next.

    Args:
        document: the note.
        facts: of an act.
        by_size: the role of the size that each lesion has once (lesion or repair).
    """
    events: list[tuple[int, Site | Dx | Count | Size]] = []
    events += [(s.first, s) for s in facts.sites]
    events += [(d.first, d) for d in facts.dxs]
    events += [(c.first, c) for c in facts.counts]
    events += [(s.first, s) for s in facts.sizes]
    items = [Item()]
    for place, event in sorted(events, key=lambda e: e[0]):
        now = items[-1]
        now.first = place if now.first < 0 else now.first
        if isinstance(event, Site):
            if now.sites and (only := _one_place(document, now.sites[-1], event)):
                now.sites[-1] = only
                continue
            if now.sites:
                items.append(now := Item(first=place))
            now.sites.append(event)
        elif isinstance(event, Dx):
            if _new_dx(now, event):
                items.append(now := Item(first=place))
            now.dxs.append(event)
        elif isinstance(event, Count):
            now.counts.append(event)
        else:
            role = EXCISED if event.role == LESION and EXCISED in now.sizes else event.role
            fills = event.role in (by_size, EXCISED)
            if fills and (by_size in now.sizes or EXCISED in now.sizes) and not _explains(now, event):
                items.append(now := Item(first=place))
                role = event.role
            now.sizes.setdefault(role, event)
    return _share(items, facts)


def _one_place(document: Document, a: Site, b: Site) -> Site | None:
    """The one site that two mentions name: donor "to" recipient, or "lid ... L upper lid"; None where they are two."""
    words = [t.raw.lower() for t in document.tokens[a.last : b.first]]
    if set(words) & _LIST or len(words) > _NEAR:
        return None
    if "to" in words:
        return b
    margin = next((s for s in (a, b) if s.base == "eyelid margin"), None)
    if (
        margin is not None
        and "eyelid" in a.base
        and "eyelid" in b.base
        and not (a.side and b.side and a.side != b.side)
    ):
        side = a.side or b.side  # "lid margin ... L upper lid" is the margin of that lid
        return margin._replace(text=f"{side} eyelid margin".strip(), side=side)
    again = a.base in b.base or b.base in a.base
    return (b if b.side else a) if again and not (a.side and b.side and a.side != b.side) else None


def both_sides(items: list[Item]) -> list[Item]:
    """An act on "both cheeks", one lesion each, is two items."""
    found: list[Item] = []
    for item in items:
        site = item.sites[0] if len(item.sites) == 1 else None
        number = next((c.value for c in item.counts if c.noun == "lesion"), 2)
        if site is None or site.side != "bilateral" or number != 2:
            found.append(item)
            continue
        for side in ("left", "right"):
            one = site._replace(text=f"{side} {site.base}", side=side)
            counts = [c for c in item.counts if c.noun != "lesion"]
            found.append(Item([one], list(item.dxs), counts, dict(item.sizes), item.first))
    return found


def _explains(now: Item, size: Size) -> bool:
    """Whether a size is the excised diameter of the lesion whose own size came just before."""
    return size.role == EXCISED and LESION in now.sizes and EXCISED not in now.sizes


def _new_dx(now: Item, dx: Dx) -> bool:
    if not now.sites or dx.sure == "path":
        return False
    named = [d for d in now.dxs if nature(d.value) != "generic" and d.value != "skin cancer"]
    return (
        bool(named)
        and nature(dx.value) != "generic"
        and named[-1].value != dx.value
        and dx.sure != "suspected"
        and named[-1].sure != "suspected"
    )


def _share(items: list[Item], facts: Facts) -> list[Item]:
    """What is said once, before the list or with "both", is true of each."""
    items = [i for i in items if i.sites or i.dxs or i.counts or i.sizes] or [Item()]
    if len(items) == 1:
        return items
    every = any(m.kind == "both" for m in facts.others)
    lead = items[0]
    with_dx = [i for i in items if i.dxs]
    if len(with_dx) == 1 and (every or with_dx[0] is lead):
        for item in items:
            item.dxs = item.dxs or with_dx[0].dxs
    for role in (MARGIN, LESION, EXCISED):
        having = [i for i in items if role in i.sizes]
        if len(having) == 1 and every and role == MARGIN:
            for item in items:
                item.sizes.setdefault(role, having[0].sizes[role])
    sited = [i for i in items if i.sites]
    if len(sited) == 1 and sited[0] is lead:
        for item in items:
            item.sites = item.sites or lead.sites
    return _folded(items)


def _folded(items: list[Item]) -> list[Item]:
    """Join items that say nothing of their own to the one before: a stray diagnosis or count is no lesion."""
    kept: list[Item] = []
    for item in items:
        own = item.sites and (not kept or item.sites is not kept[-1].sites)
        if kept and not own and not (set(item.sizes) & {LESION, EXCISED, REPAIR}):
            kept[-1].dxs += [d for d in item.dxs if d not in kept[-1].dxs]
            kept[-1].counts += item.counts
            for role, size in item.sizes.items():
                kept[-1].sizes.setdefault(role, size)
        else:
            kept.append(item)
    return kept


def aggregated(document: Document, facts: Facts, first: int, last: int, noun: str = "lesion") -> list[Item]:
    """One item per counted group: "L knee 9, R toe 2" are two; "7 AKs scalp and face" is one.

    Args:
        document: the note.
        facts: of an act.
        first: first token of the act's territory.
        last: token after it.
        noun: what is counted.
    """
    lead = Facts(
        [s for s in facts.sites if not first <= s.first < last], [d for d in facts.dxs if not first <= d.first < last]
    )
    counted = [c for c in facts.counts if c.noun == noun]
    values = [c.value for c in counted]
    if len(counted) < 2 or (len(values) > 2 and sum(values) == 2 * values[0]):
        return [_whole(facts)]  # "5 AKs: R temple (2), L cheek (1), nose (2)" says the total first
    total = [
        c
        for c in counted
        if "total" in document.words(max(first, c.first - 3), c.first)
        or document.words(c.last, min(c.last + 2, last)).startswith(("total", "in total"))
    ]
    pieces = _pieces(document, first, last)
    items: list[Item] = []
    for low, high in pieces:
        part = facts.within(low, high)
        part.counts = [c for c in part.counts if c not in total]
        has = any(c.noun == noun for c in part.counts)
        own = (
            bool(part.sites)
            and any(nature(d.value) != "generic" for d in part.dxs)
            and bool(items)
            and bool(items[-1].counts)
        )
        if items and not own and (not has or not any(c.noun == noun for c in items[-1].counts)):
            _add(items[-1], part)
        else:
            items.append(Item())
            _add(items[-1], part)
    parts = sum(c.value for i in items for c in i.counts if c.noun == noun)
    if len(items) == 1 or (total and parts != total[0].value):
        return [_whole(facts)]
    return _lend(items, lead)


def _lend(items: list[Item], lead: Facts) -> list[Item]:
    """A diagnosis or a place said once serves the groups that name none."""
    first_dx = lead.dxs or next((i.dxs for i in items if i.dxs), [])
    for at, item in enumerate(items):
        item.dxs = item.dxs or (items[at - 1].dxs if at else first_dx)
        item.sites = item.sites or lead.sites
    return items


def _add(item: Item, part: Facts) -> None:
    item.sites += part.sites
    item.dxs += part.dxs
    item.counts += part.counts
    for size in part.sizes:
        item.sizes.setdefault(size.role, size)


def _whole(facts: Facts) -> Item:
    item = Item()
    _add(item, facts)
    return item


def _pieces(document: Document, first: int, last: int) -> list[tuple[int, int]]:
    """Token ranges between marks of listing outside brackets."""
    pieces, begin, depth = [], first, 0
    for at in range(first, last):
        raw = document.tokens[at].raw.lower()
        depth += (raw == "(") - (raw == ")")
        if depth <= 0 and raw in _LIST:
            pieces.append((begin, at))
            begin = at + 1
    pieces.append((begin, last))
    return [p for p in pieces if p[0] < p[1]]


__all__ = ["DEFECT", "Item", "aggregated", "discrete"]
