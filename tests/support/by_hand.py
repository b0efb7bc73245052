"""Prices worked out again from CMS's files as published, by another road: Decimal, one row at a time, nothing of the product.

Steps and their order are those of the Medicare Claims Processing Manual, chapter 12, sections 20 and 40.
"""

import csv
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

D = Decimal
NOTHING = D(0)
FACTORS = {"standard": D("33.4009"), "qualifying-apm": D("33.5675")}
AT = {
    "status": 3, "work": 5, "pe_office": 6, "na_office": 7, "pe_facility": 8, "na_facility": 9, "mp": 10, "days": 14,
    "pre": 15, "intra": 16, "post": 17, "mult": 18, "bilat": 19, "asst": 20, "co": 21, "base": 24,
}  # fmt: skip


@dataclass
class Line:
    """A line on paper: dollars so far."""

    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()
    dollars: Decimal = NOTHING
    row: dict[str, str] = field(default_factory=dict)
    unit: Decimal = NOTHING


@cache
def fee_rows(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Rows of the relative value file by code and modifier."""
    with (folder / "PPRRVU2026_Jul_nonQPP.csv").open(encoding="latin-1", newline="") as file:
        rows = list(csv.reader(file))
    start = next(i for i, r in enumerate(rows) if r[0] == "HCPCS") + 1
    return {(r[0], r[1]): {k: r[at] for k, at in AT.items()} for r in rows[start:]}


@cache
def indices(folder: Path) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """GPCIs by MAC and locality."""
    with (folder / "gpci_2026.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {f"{r['mac']}-{r['locality']}": tuple(D(r[n]) for n in ("work_gpci", "pe_gpci", "mp_gpci")) for r in rows}
    return {**found, "national": (D(1), D(1), D(1))}


def cent(amount: Decimal) -> Decimal:
    """Half up to the cent."""
    return amount.quantize(D("0.01"), rounding=ROUND_HALF_UP)


class Paper:
    """A place, a setting and a conversion factor."""

    def __init__(self, folder: Path, place: str, *, facility: bool = False, track: str = "standard") -> None:
        self.rows, self.gpci = fee_rows(folder), indices(folder)[place]
        self.side, self.cf = "facility" if facility else "office", FACTORS[track]

    def unit(self, code: str, modifier: str = "") -> tuple[Decimal, dict[str, str]] | None:
        """One unit and its row; None where the schedule has no price for it here."""
        row = self.rows.get((code, modifier))
        if row is None and modifier == "53":
            row = self.rows.get((code, ""))
        if row is None or row["status"] not in {"A", "R", "T"} or row[f"na_{self.side}"] == "NA":
            return None
        if not any(D(row[n]) for n in ("work", "pe_office", "pe_facility", "mp")):
            return None  # restricted coverage without values: the contractor prices it
        work, pe, mp = (D(row[n]) for n in ("work", f"pe_{self.side}", "mp"))
        return cent((work * self.gpci[0] + pe * self.gpci[1] + mp * self.gpci[2]) * self.cf), row

    def day(self, lines: list[Line], *, npp: bool = False, participating: bool = True) -> list[Decimal | None]:
        """What is allowed for each line of a day; None where it has no price."""
        work = []
        for line in lines:
            part = next((m for m in ("26", "TC", "53") if m in line.modifiers), "")
            found = self.unit(line.code, part)
            if found is not None:
                line.unit, line.row = found
                line.dollars = line.unit * line.units
                own_modifiers(line)
                work.append(line)
        self.several(work)
        for line in work:
            if npp and "AS" not in line.modifiers:
                line.dollars = cent(line.dollars * D("0.85"))
            if not participating:
                line.dollars = cent(line.dollars * D("0.95"))
        return [x.dollars if x.row else None for x in lines]

    def several(self, work: list[Line]) -> None:
        """Families of endoscopies first, then everything by its amount: the highest whole, the others at half."""
        counted = [x for x in work if x.row["mult"] in "23" and x.row["days"] != "ZZZ" and "78" not in x.modifiers]
        heaps: list[tuple[Decimal, list[Line]]] = []
        for base in sorted({x.row["base"] for x in counted if x.row["mult"] == "3"}):
            family = sorted((x for x in counted if x.row["base"] == base), key=lambda x: -x.dollars)
            for line in (x for x in counted if x.code == base):
                line.dollars = D(0)
            price = self.unit(base)
            for line in family[1:]:
                line.dollars = max(D(0), line.dollars - cent(price[0] * line.dollars / line.unit))
            heaps.append((sum((x.dollars for x in family), D(0)), family))
        alone = [x for x in counted if x.row["mult"] == "2" and x.dollars > 0]
        heaps += [(x.dollars / x.units, [x]) for x in alone]
        if not heaps:
            return
        top = max(range(len(heaps)), key=lambda i: (heaps[i][0], [-ord(c) for c in heaps[i][1][0].code]))
        for at, (_, lines) in enumerate(heaps):
            for line in lines:
                if at != top:
                    line.dollars = cent(line.dollars / 2)
                elif line.units > 1 and line.row["mult"] == "2":
                    line.dollars = cent(line.dollars * (1 + D("0.5") * (line.units - 1)) / line.units)


def own_modifiers(line: Line) -> None:
    """What the line's own modifiers make of it: package, sides, helpers."""
    row, modifiers = line.row, set(line.modifiers)
    wanted = {"54": {"pre", "intra"}, "55": {"post"}, "56": {"pre"}, "78": {"intra"}}
    parts = set().union(*(wanted[m] for m in modifiers & set(wanted)))
    if parts and row["days"] in {"010", "090"}:
        line.dollars = cent(line.dollars * sum((D(row[p]) for p in parts), D(0)))
    if "50" in modifiers:
        line.dollars = cent(line.dollars * {"1": D("1.5"), "3": D(2)}.get(row["bilat"], D(1)))
    if modifiers & {"80", "81", "82"}:
        line.dollars = cent(line.dollars * (D("0.16") if row["asst"] in "02" else 0))
    if "AS" in modifiers:
        line.dollars = cent(line.dollars * (D("0.136") if row["asst"] in "02" else 0))
    if "62" in modifiers:
        line.dollars = cent(line.dollars * (D("0.625") if row["co"] in "12" else 0))


def who_pays(allowed: Decimal, *, deductible: Decimal = NOTHING, sequestration: bool = True) -> tuple[Decimal, Decimal]:
    """Medicare's payment and the patient's part."""
    open_ = min(deductible, allowed)
    coinsurance = cent((allowed - open_) * D("0.20"))
    pays = allowed - open_ - coinsurance
    return pays - (cent(pays * D("0.02")) if sequestration else D(0)), open_ + coinsurance
