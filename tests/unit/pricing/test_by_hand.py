"""Prices against the same prices worked out again from CMS's published files, without a line of the product."""

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from cutis.cli.estimate import estimate
from cutis.pricing.claim import ClaimLine, Terms, price_claim
from cutis.pricing.locality import NATIONAL, all_localities
from cutis.reference.store import Reference
from tests.support.by_hand import Line, Paper, fee_rows, who_pays
from tests.unit.pricing.test_prices import DAY

# modifiers, the column whose indicator decides, and its values: every cell of this table is drawn
GROUPS = [
    *[((m,), None, "") for m in ("", "59", "22", "25", "76", "LT", "26", "TC", "52", "53")],
    *[(("50",), "bilat", x) for x in "0123"],
    *[((m,), "asst", x) for m in ("80", "81", "82", "AS") for x in "012"],
    *[(("62",), "co", x) for x in "012"],
    *[((m,), "days", x) for m in ("54", "55", "56", "78") for x in ("000", "010", "090")],
    *[(("50", m), "bilat", "1") for m in ("80", "54", "62")],
    *[(("54", "55"), "days", "090"), (("54", "62"), "days", "090")],
]
SINGLE, CLAIMS = 500, 200


def drawn(rows: dict[tuple[str, str], dict[str, str]], chance: random.Random) -> list[tuple[str, tuple[str, ...]]]:
    """Codes with modifiers, each group in turn; three of four are priced codes."""
    paid = sorted({c for (c, m), r in rows.items() if r["status"] in "ART" and not m})
    every = sorted({c for c, _ in rows})
    found = []
    for at in range(SINGLE):
        modifiers, column, value = GROUPS[at % len(GROUPS)]
        codes = paid if chance.random() < 0.75 or column else every
        if column:
            codes = [c for c in codes if rows[c, ""][column] == value]
        elif modifiers[0] in {"26", "TC"}:
            codes = [c for c in codes if (c, "26") in rows]
        elif modifiers[0] == "53" and chance.random() < 0.3:
            codes = sorted({c for c, m in rows if m == "53"})
        found.append((chance.choice(codes), tuple(m for m in modifiers if m)))
    return found


def cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def test_prices_of_codes_and_modifiers_worked_out_again(ref: Reference, shared: Path) -> None:
    folder, chance = shared / "data" / "cms", random.Random(2026)
    places = [NATIONAL, *all_localities(ref)]
    wrong, priced, zero = [], 0, 0
    for code, modifiers in drawn(fee_rows(folder), chance):
        place, facility = chance.choice(places), chance.random() < 0.5
        track = chance.choice(["standard", "qualifying-apm"])
        npp, participating = chance.random() < 0.3, chance.random() < 0.7
        terms = Terms(
            place, DAY, facility=facility, track=track, practitioner="npp" if npp else "physician",
            participating=participating,
        )  # fmt: skip
        got = price_claim(ref, [ClaimLine(code, 1, modifiers)], terms)
        paper = Paper(folder, place.key, facility=facility, track=track)
        (expected,) = paper.day([Line(code, 1, modifiers)], npp=npp, participating=participating)
        line = got.lines[0]
        if line.allowed != cents(expected) or bool(line.reason) != (expected is None):
            wrong.append((code, modifiers, place.key, terms, line.allowed, expected))
        if expected is None:
            continue
        priced += 1
        zero += expected == 0
        if not participating:
            assert got.limiting_charge == int((expected * Decimal("1.15") * 100 + Decimal("0.5")) // 1)
        assert (got.medicare_pays, got.patient_owes) == tuple(map(cents, who_pays(expected))), (code, modifiers)
    assert wrong == []
    assert priced >= 300
    assert zero < 100


def test_claims_of_several_procedures_worked_out_again(ref: Reference, shared: Path) -> None:
    folder, chance = shared / "data" / "cms", random.Random(406)
    rows = fee_rows(folder)
    paid = sorted({c for (c, m), r in rows.items() if r["status"] in "ART" and not m})
    two = [c for c in paid if rows[c, ""]["mult"] == "2" and "10000" < c < "20000"]
    other = [c for c in paid if rows[c, ""]["mult"] == "0" and "10000" < c < "20000"]
    families: dict[str, list[str]] = {}
    for c in paid:
        if rows[c, ""]["mult"] == "3":
            families.setdefault(rows[c, ""]["base"], []).append(c)
    large = sorted(b for b, codes in families.items() if len(codes) > 2)
    places = [NATIONAL, *all_localities(ref)]
    wrong, halves, endoscopies = [], 0, 0
    for _ in range(CLAIMS):
        codes = chance.sample(two, chance.randint(1, 4)) + chance.sample(other, chance.randint(0, 2))
        if chance.random() < 0.5:
            base = chance.choice(large)
            codes += chance.sample(families[base], 2) + ([base] if chance.random() < 0.4 else [])
        lines = [(c, chance.randint(1, 3) if rows[c, ""]["mult"] != "3" and c not in families else 1) for c in codes]
        more = {c: chance.choice([(), (), (), ("50",), ("78",), ("54",), ("80",)]) for c in codes}
        chance.shuffle(lines)
        place, facility, npp = chance.choice(places), chance.random() < 0.5, chance.random() < 0.3
        terms = Terms(place, DAY, facility=facility, practitioner="npp" if npp else "physician")
        got = price_claim(ref, [ClaimLine(c, n, more[c]) for c, n in lines], terms)
        paper = Paper(folder, place.key, facility=facility)
        expected = paper.day([Line(c, n, more[c]) for c, n in lines], npp=npp)
        if [x.allowed for x in got.lines] != [cents(x) for x in expected]:
            wrong.append((lines, more, place.key, facility, [x.allowed for x in got.lines], expected))
        said = [s.label for x in got.lines for s in x.steps]
        halves += any("multiple procedures" in s for s in said)
        endoscopies += any("of its family" in s for s in said)
    assert wrong == []
    assert halves > 80
    assert endoscopies > 30


# planned visits as a practice types them; options are those of the command
VISITS = [
    (["17311", "17312", "13132"], {}),
    (["17311", "17312 x2", "14060"], {"deductible": "100"}),
    (["99213 25", "11102", "11103 x2"], {"npp": True}),
    (["99214 25", "17000", "17003 x9"], {"deductible": "257"}),
    (["17004"], {"nonparticipating": True}),
    (["11602", "12032", "88305 26"], {"facility": True}),
    (["17110", "11900", "11102"], {"track": "qualifying-apm"}),
    (["11642", "13152", "11102 59"], {"no_sequestration": True}),
    (["20610 50", "11730 TA"], {}),
    (["14041 54", "17262 x2", "96910"], {"locality": "02102-01"}),
]


@pytest.mark.parametrize(("lines", "options"), VISITS)
def test_planned_visits_worked_out_again(lines: list[str], options: dict, shared: Path, capsys) -> None:
    place = options.get("locality", "09102-04")
    with pytest.raises(typer.Exit) as done:
        estimate(lines, **({"locality": place, "format_": "json"} | options))
    assert done.value.exit_code == 0
    got = json.loads(capsys.readouterr().out)
    paper = Paper(
        shared / "data" / "cms", place, facility=options.get("facility", False), track=options.get("track", "standard")
    )
    typed = [x.split() for x in lines]
    on_paper = [
        Line(w[0], next((int(x[1:]) for x in w[1:] if x[0] == "x"), 1), tuple(x for x in w[1:] if x[0] != "x"))
        for w in typed
    ]
    amounts = paper.day(on_paper, npp=options.get("npp", False), participating=not options.get("nonparticipating"))
    assert [x["allowed"] for x in got["lines"]] == [f"{a:.2f}" for a in amounts]
    total = sum(amounts, Decimal(0))
    pays, owes = who_pays(
        total, deductible=Decimal(options.get("deductible", 0)), sequestration=not options.get("no_sequestration")
    )
    assert (got["allowed"], got["medicare_pays"], got["patient_owes"]) == (f"{total:.2f}", f"{pays:.2f}", f"{owes:.2f}")
