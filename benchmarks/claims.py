"""Made-up claims for benchmarks: a large 837P of plausible dermatology days, written segment by segment."""

import random
from datetime import date, timedelta
from pathlib import Path

# code, charge in cents, modifiers, group of diagnoses
SERVICES = (
    ("99213", 14500, "25", "visit"), ("99214", 20500, "25", "visit"), ("99203", 17500, "25", "visit"),
    ("11102", 16500, "", "suspect"), ("11103", 8800, "", "suspect"), ("11104", 20000, "", "suspect"),
    ("17000", 10500, "", "keratosis"), ("17003", 1200, "", "keratosis"), ("17004", 26000, "", "keratosis"),
    ("17110", 18500, "", "wart"), ("88305", 12500, "", "suspect"), ("11402", 24000, "", "cyst"),
    ("11602", 36000, "", "cancer"), ("12032", 45000, "59", "cancer"), ("17311", 105000, "", "cancer"),
    ("17312", 62000, "", "cancer"), ("96910", 13500, "", "psoriasis"), ("11900", 9500, "", "keloid"),
)  # fmt: skip
DIAGNOSES = {
    "visit": ("L700", "L209", "L821"), "suspect": ("D485", "D225", "D492"), "keratosis": ("L570",), "wart": ("B078", "B079"),
    "cyst": ("L720", "L729"), "cancer": ("C44311", "C44519", "C44612"), "psoriasis": ("L400",), "keloid": ("L910",),
}  # fmt: skip
PER_TRANSACTION = 5000


def write_claims(path: Path, count: int, seed: int = 11) -> None:
    """Write `count` claims; the same seed gives the same bytes."""
    rng = random.Random(seed)
    with path.open("w", newline="") as out:
        out.write(
            "ISA*00*          *00*          *ZZ*GARDEN1        *ZZ*CLEAR1         *260715*1800*^*00501*000000001*0*T*:~"
        )
        out.write("GS*HC*GARDEN1*CLEAR1*20260715*1800*1*X*005010X222A1~")
        sets = 0
        for start in range(0, count, PER_TRANSACTION):
            sets += 1
            segments = _transaction(rng, sets, start, min(PER_TRANSACTION, count - start))
            out.write("~".join(segments) + f"~SE*{len(segments) + 1}*{sets:04d}~")
        out.write(f"GE*{sets}*1~IEA*1*000000001~")


def _transaction(rng: random.Random, number: int, start: int, count: int) -> list[str]:
    out = [f"ST*837*{number:04d}*005010X222A1", f"BHT*0019*00*B{number}*20260715*1800*CH", "NM1*41*2*GARDEN DERMATOLOGY*****46*GARDEN1",
           "PER*IC*BILLING DESK*TE*5555550100", "NM1*40*2*CLEARING GARDEN*****46*CLEAR1", "HL*1**20*1", "PRV*BI*PXC*207N00000X",
           "NM1*85*2*GARDEN DERMATOLOGY*****XX*1999999984", "N3*1 GARDEN ROW", "N4*MIAMI*FL*331860001", "REF*EI*999999999"]  # fmt: skip
    for index in range(count):
        out += _claim(rng, start + index + 1, index + 2)
    return out


def _claim(rng: random.Random, claim: int, hl: int) -> list[str]:
    services = rng.sample(SERVICES, rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5)))
    day = (date(2026, 1, 5) + timedelta(days=rng.randrange(300))).strftime("%Y%m%d")
    diagnoses: list[str] = []
    lines: list[str] = []
    total = 0
    for place, (code, cents, modifier, group) in enumerate(services, 1):
        diagnosis = rng.choice(DIAGNOSES[group])
        if diagnosis not in diagnoses:
            diagnoses.append(diagnosis)
        units = rng.randint(1, 12) if code == "17003" else 1
        total += cents * units
        lines += [f"LX*{place}", f"SV1*HC:{code}{':' + modifier if modifier else ''}*{cents * units // 100}*UN*{units}***{diagnoses.index(diagnosis) + 1}",
                  f"DTP*472*D8*{day}", f"REF*6R*{claim}L{place}"]  # fmt: skip
    birth = f"{1935 + rng.randrange(80)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    people = ("FERN*IDA", "MOSS*ABEL", "REED*NORA", "SAGE*OTIS", "VALE*EVA")
    codes = "*".join(f"{'ABF' if i else 'ABK'}:{d}" for i, d in enumerate(diagnoses))
    return [f"HL*{hl}*1*22*0", "SBR*P*18*******MB", f"NM1*IL*1*{rng.choice(people)}****MI*9ZZ{claim:08d}", f"N3*{claim % 9999} GARDEN ROW",
            "N4*MIAMI*FL*33186", f"DMG*D8*{birth}*{rng.choice('FM')}", "NM1*PR*2*MEDICARE PART B*****PI*09102",
            f"CLM*C{claim:08d}*{total // 100}***11:B:1*Y*A*Y*Y", f"HI*{codes}", "NM1*82*1*ALDER*ROSA****XX*1588888887", "PRV*PE*PXC*207N00000X", *lines]  # fmt: skip
