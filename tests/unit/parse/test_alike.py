"""Texts that many segments say are looked at once; what comes out is what each claim alone would give."""

import io
import random

import polars as pl
import pytest

from cutis.model import columns as c
from cutis.parse.x12_837p import read_837p
from tests.support.x12 import HEAD, claim, file, subscriber

PLACES = (c.CLAIM_INDEX, c.SEGMENT, c.CLM_SEGMENT, c.HI_SEGMENT)
CODES = ("11102", "11103", "17000:59", "99213:25:24", "17110", "j3301", "1710", "", "88305:26:59:LT:RT", "17004:::GA")
CHARGES = ("165", "165.00", "1e3", "-5", "", "0", "+12.5", "123456789012")
UNITS = ("1", "2", "0", "x", "", "1.5", "999999999999")
POINTERS = ("1", "2", "1:2", "2:1", "3", "0", "", "1:2:1:2", "1:2:1:2:1", "01", "12", "13", "+1", "x", "1:", ":2")
DIAGNOSES = ("ABK:D492", "ABK:D492*ABF:L570", "ABK:l570*BR:X*ABF:C44311", "BK:", "ABK", "ABK:L720*ABF:L820*ABF:B078:x")
DATES = ("D8*20260715", "RD8*20260715-20260716", "D8*20260230", "D8*", "RD8*20260716-20260715", "D8*202607150")
TEXTS = ("NTE*ADD*MADE UP", "REF*G1*AUTH7", "REF*X4*10D0000000", "REF*6R*1", "LIN**N4*00003029320", "K3*KIND", "NM1*82*1*FERN*IDA****XX*1588888887", "PRV*PE*PXC*207ND0101X")  # fmt: skip


def odd_claim(number: int, rng: random.Random) -> list[str]:
    """A claim whose parts are drawn from texts good and bad, some of them left out."""
    out = [f"CLM*C{number}*{rng.choice(CHARGES)}***{rng.choice(('11:B:1', '22:B:7', '', '11'))}*Y*A*Y*Y"]
    out += [f"HI*{rng.choice(DIAGNOSES)}" for _ in range(rng.choice((1, 1, 1, 0, 2)))]
    out += rng.sample(TEXTS, rng.choice((0, 0, 1, 2)))
    out += [f"DTP*{rng.choice(('472', '431'))}*{rng.choice(DATES)}"] if rng.random() < 0.2 else []
    for place in range(1, rng.choice((1, 1, 2, 3)) + 1):
        out += [f"LX*{place}"] if rng.random() < 0.95 else []
        kind = rng.choice(("HC", "HC", "HC", "ER"))
        out += [f"SV1*{kind}:{rng.choice(CODES)}*{rng.choice(CHARGES)}*UN*{rng.choice(UNITS)}*{rng.choice(('', '11', '22'))}**{rng.choice(POINTERS)}"]  # fmt: skip
        out += [f"DTP*{rng.choice(('472', '472', '472', '431'))}*{rng.choice(DATES)}"] if rng.random() < 0.9 else []
        out += rng.sample(TEXTS, rng.choice((0, 0, 0, 1, 2)))
    return out


def read(text: str) -> tuple[pl.DataFrame, list[tuple]]:
    """Lines without their places in the file, and faults of claims without theirs."""
    chunks = list(read_837p(io.BytesIO(text.encode())))
    lines = pl.concat([chunk.lines for chunk in chunks]).drop(PLACES)
    faults = pl.concat([chunk.faults for chunk in chunks]).filter(pl.col(c.CLAIM_ID).is_not_null())
    return lines, faults.select("rule", c.CLAIM_ID, c.LINE, "message", "element").rows()


@pytest.mark.parametrize("seed", [1, 2])
def test_many_claims_together_read_as_each_alone(seed: int) -> None:
    rng = random.Random(seed)
    claims = [odd_claim(n, rng) for n in range(150)]
    together, faults = read(file(*claims))
    alone = [read(file(subscriber(2, member=f"9ZZ{n:08d}") + one)) for n, one in enumerate(claims)]
    assert together.equals(pl.concat([lines for lines, _ in alone]))
    assert sorted(faults, key=repr) == sorted((f for _, found in alone for f in found), key=repr)
    assert len(set(faults)) > 50


def test_a_claim_without_a_loop_of_its_own_takes_nobody_elses() -> None:
    other = ["HL*3**20*1", "NM1*85*2*FERN DERMATOLOGY*****XX*1588888887", "N4*DALLAS*TX*75001"]
    first, second = [*subscriber(2), *claim("A1")], [*other, *claim("A2")]
    (chunk,) = read_837p(io.BytesIO(file(first, second).encode()))
    columns = chunk.lines.select(c.CLAIM_ID, c.BILLING_NPI, c.STATE, c.PAYER_KIND, c.PATIENT_BIRTH).rows()
    assert columns[0][1:4] == ("1999999984", "FL", "medicare")
    assert columns[1] == ("A2", "1588888887", "TX", "other", None)


def test_a_transaction_without_a_provider_takes_not_that_of_the_one_before() -> None:
    whole = file(claim("A1")).removesuffix("GE*1*1~\nIEA*1*000000001~\n")
    more = ["ST*837*0002*005010X222A1", "BHT*0019*00*B2*20260715*1800*CH", *subscriber(2), *claim("B1"), "SE*18*0002", "GE*2*1", "IEA*1*000000001"]  # fmt: skip
    (chunk,) = read_837p(io.BytesIO((whole + "~\n".join(more) + "~\n").encode()))
    assert chunk.lines[c.BILLING_NPI].to_list() == ["1999999984", None]
    assert "npi-missing" in chunk.faults["rule"].to_list()
    assert HEAD[7] == "HL*1**20*1"


def test_an_address_belongs_to_the_name_above_it() -> None:
    stray = ["HL*2*1*22*0", "N4*DALLAS*TX*75001", *subscriber(2)[1:], *claim("A1")]
    text = file(stray, head=tuple(s for s in HEAD if not s.startswith("N4")))
    (chunk,) = read_837p(io.BytesIO(text.encode()))
    assert chunk.lines[c.STATE].to_list() == [None]
