"""The ledger as one self-contained page: no other file, no network, readable on a phone and without scripts."""

from typing import Any, Final, TextIO

from cutis.coding.ledger.audit import Audit, ClaimResult
from cutis.coding.ledger.checklist import Family
from cutis.coding.ledger.entries import Disagreement, Money
from cutis.model.version import VERSION
from cutis.output.audit import BASIS, WAYS, counts, leftovers, short

SHOWN: Final = 1000
NAMED: Final = 12  # claims that one line of the checklist names


def write(audit: Audit, out: TextIO, *, source: str, locality: str = "national", most: int = SHOWN) -> None:
    """Write the page.

    Args:
        audit: the ledger.
        out: text stream.
        source: name of the claim file.
        locality: of the prices.
        most: claims with disagreements on the page; how many more there are is said on it.
    """
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 - only this face needs templates

    environment = Environment(
        loader=PackageLoader("cutis.output"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["money"] = lambda cents: f"{cents // 100:,}.{cents % 100:02d}"
    differing = [r for r in audit.claims if r.found]
    shown = {r.claim for r in differing[:most]}
    page = environment.get_template("audit.html").render(
        version=VERSION,
        source=source,
        locality=locality,
        basis=BASIS,
        ways=[_way(audit, Money.LEAK), _way(audit, Money.RISK)],
        questioned=audit.questioned_cents,
        disagreements=len(audit.found),
        counts=counts(audit),
        by_kind=audit.kinds,
        leftovers=leftovers(audit),
        kinds=sorted({d.kind.value for r in differing[:most] for d in r.found}),
        claims=[_claim(r) for r in differing[:most]],
        left_out=len(differing) - len(differing[:most]),
        agreeing=[r.claim for r in audit.claims if not r.found],
        families=[_family(f, shown) for f in audit.families],
        unread=[(r.claim, [f"line {ln.line} {ln.code}" for ln in r.unread]) for r in audit.claims if r.unread],
    )
    out.write(page)


def _way(audit: Audit, way: Money) -> dict[str, Any]:
    """One of the two ways that money goes, with its greatest matters."""
    number, unpriced = audit.priced(way)
    these = sorted((d for d in audit.found if d.money is way and d.cents), key=lambda d: (-(d.cents or 0), d.claim))
    leak = way is Money.LEAK
    return {
        "title": "Documented, not billed" if leak else "Billed, not documented",
        "meaning": "Work that the chart shows and no line asks for."
        if leak
        else "Money that a reviewer would ask back.",
        "cents": audit.leak_cents if leak else audit.unsupported_cents,
        "number": number,
        "unpriced": unpriced,
        "first": [{"claim": d.claim, "code": d.code, "dollars": d.dollars} for d in these[:5]],
        "more": max(0, len(these) - 5),
    }


def _claim(result: ClaimResult) -> dict[str, Any]:
    return {
        "id": result.claim,
        "days": ", ".join(d.isoformat() for d in result.days),
        "papers": [f"{name} (by {how})" for name, how in result.papers],
        "remarks": result.remarks,
        "found": [_found(d) for d in result.found],
        "checklist": [(line, items, sum(not i.found for i in items)) for line, items in result.checklist],
    }


def _found(d: Disagreement) -> dict[str, Any]:
    return {
        "kind": d.kind.value,
        "way": d.money.value if d.money else "",
        "way_words": WAYS[d.money] if d.money else "",
        "where": f"line {d.line} {d.code}" if d.line else d.code or "",
        "dollars": d.dollars,
        "message": d.message,
        "ask": d.ask,
        "evidence": [(e.source or "note", short(e.quote)) for e in d.evidence],
    }


def _family(family: Family, shown: set[str]) -> dict[str, Any]:
    asks = [
        {
            "ask": a.ask,
            "had": a.lines - a.without,
            "lines": a.lines,
            "claims": [(claim, claim in shown) for claim in a.missing[:NAMED]],
            "more": max(0, len(a.missing) - NAMED),
        }
        for a in family.asks
    ]
    return {"topic": family.topic, "codes": ", ".join(family.codes), "lines": family.lines, "asks": asks}
