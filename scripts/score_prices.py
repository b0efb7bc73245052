"""Score the pricer on published prices: `python scripts/score_prices.py [DIR]` with DIR/encounters.jsonl.

Each case gives its GPCIs, conversion factor, setting and lines; a line matches where its allowed amount lies within two
cents a unit, as the cases ask. The GPCIs of a case are its own: they are priced as a locality of that name.
"""

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from cutis.model.money import dollars, to_cents
from cutis.pricing.base import FACILITY, NONFACILITY, allowables
from cutis.pricing.claim import ClaimLine, Terms, price_claim
from cutis.pricing.locality import NATIONAL
from cutis.reference.store import Reference

TOLERANCE = 2  # cents a unit
STANDARD = "33.4009"
DAY = date(2026, 7, 15)


def allowed(reference: Reference, facts: dict[str, Any]) -> list[int | None]:
    """What each line of a case is allowed, in cents."""
    track = "standard" if facts["conversion_factor"] == STANDARD else "qualifying-apm"
    facility = facts["setting"] == "facility"
    indices = {g: int(Decimal(facts[g]) * 1000) for g in ("gpci_work", "gpci_pe", "gpci_mp")}
    if set(indices.values()) == {1000}:
        lines = [ClaimLine(x["code"], x["units"], (x["modifier"],) if x["modifier"] else ()) for x in facts["lines"]]
        done = price_claim(reference, lines, Terms(NATIONAL, DAY, facility=facility, track=track))
        return [x.allowed for x in done.lines]
    if len(facts["lines"]) > 1:
        raise SystemExit("cases with GPCIs of their own are priced line by line: this one has several lines")
    line = facts["lines"][0]
    row = pl.DataFrame({"code": [line["code"]], "modifier": [line["modifier"]], "date": [DAY]}).with_columns(
        pl.lit(v, pl.Int32).alias(k) for k, v in indices.items()
    )
    unit = allowables(row, reference, track=track)[FACILITY if facility else NONFACILITY][0]
    return [None if unit is None else unit * line["units"]]


def print_prices(reference: Reference, cases: list[dict[str, Any]]) -> int:
    """Print each case, and return how many match."""
    matched = 0
    print("\nprices")
    for case in cases:
        facts = case["price"]
        got = allowed(reference, facts)
        wanted = [to_cents(Decimal(x["allowed"])) for x in facts["lines"]]
        right = all(
            g is not None and abs(g - w) <= TOLERANCE * x["units"]
            for g, w, x in zip(got, wanted, facts["lines"], strict=True)
        )
        matched += right
        said = ", ".join("no price" if g is None else dollars(g) for g in got)
        print(f"  {case['id']} {'right' if right else 'WRONG'}: {case['scenario']} wants {facts['total']}, got {said}")
    print(f"  all          {matched}/{len(cases)}")
    return matched


def main(arguments: list[str]) -> int:
    """Score a folder of cases."""
    file = Path(next((a for a in arguments if not a.startswith("-")), "../shared/cases")) / "encounters.jsonl"
    if not file.exists():
        print(f"skipped: {file} is not there")
        return 0
    every = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    cases = [c for c in every if c["topic"] == "pricing"]
    return 0 if print_prices(Reference.default(), cases) == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
