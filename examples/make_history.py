"""Makes up years of a dermatology practice: claims month by month (837P) and what the payer answered (835).

    python examples/make_history.py FOLDER [--years 2] [--patients 40] [--seed 1]

Everybody in it is invented. The same arguments give the same bytes. Some lines have faults that a payer denies (a second
unit over its limit, a visit in a global period, a claim sent twice), some have faults that this payer pays all the same.
"""

import argparse
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

FIRST = date(2025, 1, 6)
NPI, GROUP = "1588888887", "1999999984"
VISITS = (
    (("99213", "", 140), ("L40.0",)), (("99213", "25", 140), ("L40.0",)), (("17000", "", 105), ("L57.0",)),
    (("11102", "", 165), ("D49.2",)), (("17110", "", 185), ("B07.8",)), (("11401", "", 240), ("D22.5",)),
    (("88305", "", 120), ("D22.5",)),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A service line with the payer's answer: denied for `carc`, or paid."""

    code: str
    modifier: str
    units: int
    charge: int
    carc: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim of one day; frequency 7 replaces the claim of the same number."""

    number: str
    patient: int
    day: date
    dx: str
    lines: tuple[Line, ...]
    frequency: str = "1"


def invent(years: int, patients: int, seed: int) -> list[Claim]:
    """Claims in the order of their days."""
    dice = random.Random(seed)  # noqa: S311 - made-up data
    claims = []
    for n in range(int(patients * years * 4)):
        day = FIRST + timedelta(days=dice.randrange(365 * years - 40))
        patient = dice.randrange(patients)
        (code, modifier, charge), dx = dice.choice(VISITS)
        number = f"C{n:05d}"
        fault = dice.randrange(12)
        lines = [Line(code, modifier, 1, charge)]
        if fault == 0:  # units over the limit: denied
            lines = [Line("11102", "", 2, 330, "151")]
            dx = ("D49.2",)
        elif fault == 1:  # a pair without its modifier: denied
            lines = [Line("17110", "", 1, 185), Line("11102", "", 1, 165, "97")]
            dx = ("B07.8",)
        elif fault == 2:  # a diagnosis that is not specific: this payer pays it
            lines, dx = [Line("99213", "", 1, 140)], ("L98.9",)
        claims.append(Claim(number, patient, day, dx[0], tuple(lines)))
        if fault == 3:  # a wart treated, and a visit within its ten days: denied as included
            claims[-1] = Claim(number, patient, day, "B07.8", (Line("17110", "", 1, 185),))
            claims.append(
                Claim(number + "F", patient, day + timedelta(days=6), "B07.8", (Line("99213", "", 1, 140, "97"),))
            )
        elif fault == 4:  # sent twice: the second is denied
            again = tuple(Line(x.code, x.modifier, x.units, x.charge, "18") for x in lines)
            claims.append(Claim(number + "D", patient, day + timedelta(days=0), dx[0], again))
        elif fault == 5:  # replaced
            claims.append(Claim(number, patient, day, dx[0], tuple(lines), "7"))
    return sorted(claims, key=lambda x: (x.day, x.number, x.frequency))


def claims_837(claims: list[Claim], sent: date, control: int) -> str:
    """An 837P of these claims."""
    st = [
        f"ST*837*{control:04d}*005010X222A1", f"BHT*0019*00*{control}*{sent:%Y%m%d}*1800*CH", "NM1*41*2*GARDEN DERMATOLOGY*****46*GARDEN1",
        "PER*IC*DESK*TE*5555550100", "NM1*40*2*CLEARING*****46*CLEAR1", "HL*1**20*1", "PRV*BI*PXC*207N00000X",
        f"NM1*85*2*GARDEN DERMATOLOGY*****XX*{GROUP}", "N3*1 GARDEN ROW", "N4*MIAMI*FL*331860001", "REF*EI*999999999",
    ]  # fmt: skip
    for hl, x in enumerate(claims, 2):
        total = sum(line.charge for line in x.lines)
        st += [
            f"HL*{hl}*1*22*0", "SBR*P*18*******MB", f"NM1*IL*1*FERN{x.patient:04d}*IDA****MI*9ZZ{x.patient:08d}", "N4*MIAMI*FL*33186",
            f"DMG*D8*19{50 + x.patient % 40}0101*F", "NM1*PR*2*MEDICARE*****PI*09102",
            f"CLM*{x.number}*{total}***11:B:{x.frequency}*Y*A*Y*Y", f"HI*ABK:{x.dx.replace('.', '')}", f"NM1*82*1*ALDER*ROSA****XX*{NPI}",
        ]  # fmt: skip
        for place, line in enumerate(x.lines, 1):
            procedure = ":".join(p for p in ("HC", line.code, line.modifier) if p)
            st += [f"LX*{place}", f"SV1*{procedure}*{line.charge}*UN*{line.units}***1", f"DTP*472*D8*{x.day:%Y%m%d}"]
    return _envelope("HC", "837P", st, sent, control)


def answers_835(claims: list[Claim], paid: date, control: int) -> str:
    """The 835 that answers these claims."""
    body, total = [], 0.0
    for x in claims:
        lines, got = [], 0.0
        for line in x.lines:
            pays = 0.0 if line.carc else round(line.charge * 0.55, 2)
            rest = round(line.charge - pays, 2)
            procedure = ":".join(p for p in ("HC", line.code, line.modifier) if p)
            lines += [
                f"SVC*{procedure}*{line.charge}*{pays:g}**{line.units}",
                f"DTM*472*{x.day:%Y%m%d}",
                f"CAS*CO*{line.carc or 45}*{rest:g}",
            ]
            got += pays
        charge = sum(line.charge for line in x.lines)
        body += [f"CLP*{x.number}*{1 if got else 4}*{charge}*{got:g}**MB*ICN{x.number}{x.frequency}*11*{x.frequency}",
                 f"NM1*QC*1*FERN{x.patient:04d}*IDA****MI*9ZZ{x.patient:08d}", *lines]  # fmt: skip
        total += got
    st = [
        f"ST*835*{control:04d}", f"BPR*I*{total:.2f}*C*ACH*CCP*01*999999992*DA*1*1512345678**01*999988880*DA*2*{paid:%Y%m%d}",
        f"TRN*1*T{control:06d}*1512345678", f"DTM*405*{paid:%Y%m%d}", "N1*PR*MEDICARE", "N3*1 PAYER ROW", "N4*MIAMI*FL*33186",
        f"N1*PE*GARDEN DERMATOLOGY*XX*{GROUP}", "LX*1", *body,
    ]  # fmt: skip
    return _envelope("HP", "835", st, paid, control)


def _envelope(kind: str, what: str, st: list[str], day: date, control: int) -> str:
    version = "005010X222A1" if what == "837P" else "005010X221A1"
    head = [
        f"ISA*00*          *00*          *ZZ*GARDEN1        *ZZ*CLEAR1         *{day:%y%m%d}*1800*^*00501*{control:09d}*0*T*:",
        f"GS*{kind}*GARDEN1*CLEAR1*{day:%Y%m%d}*1800*{control}*X*{version}",
    ]
    tail = [f"SE*{len(st) + 1}*{control:04d}", f"GE*1*{control}", f"IEA*1*{control:09d}"]
    return "~\n".join([*head, *st, *tail]) + "~\n"


def write(folder: Path, *, years: int = 2, patients: int = 40, seed: int = 1) -> list[Path]:
    """Write one 837P and one 835 a month.

    Returns:
        The files, claims before their answers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    months: dict[str, list[Claim]] = {}
    for claim in invent(years, patients, seed):
        months.setdefault(f"{claim.day:%Y-%m}", []).append(claim)
    files = []
    for control, (month, claims) in enumerate(sorted(months.items()), 1):
        sent = max(x.day for x in claims) + timedelta(days=2)
        for name, text in (
            (f"claims-{month}.837", claims_837(claims, sent, control)),
            (f"answers-{month}.835", answers_835(claims, sent + timedelta(days=14), control)),
        ):
            files.append(folder / name)
            files[-1].write_text(text, encoding="ascii")
    return files


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make up years of claims and remittances.")
    parser.add_argument("folder", type=Path)
    for name, value in (("years", 2), ("patients", 40), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    files = write(given.folder, years=given.years, patients=given.patients, seed=given.seed)
    print(f"{len(files)} files in {given.folder}")  # noqa: T201 - a command line speaks


if __name__ == "__main__":
    main()
