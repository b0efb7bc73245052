"""Write `clinic_day.837`: one made-up day of a made-up practice as a valid 005010X222A1 file.

usage: python examples/make_clinic_day.py [OUT]

Every person, number and identifier here is invented. Lines are in the shorthand of `cutis.model.shorthand`;
the comment on each claim says what is right or wrong with it. `# clean` claims give no error and no warning.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from cutis.model import columns as c
from cutis.model.shorthand import parse_line

DAY = "20260715"
BILLING_NPI = "1999999984"
PHYSICIANS = (("1588888887", "ALDER", "ROSA"), ("1477777779", "BIRCH", "TOMAS"))
NAMES = (
    "FERN IDA", "MOSS ABEL", "REED NORA", "SAGE OTIS", "THORNE EVA", "VALE HUGO", "WILLOW ANA", "YARROW SAM",
    "BRIAR LENA", "CLOVER MAX", "DAHLIA JUNE", "ELDER PAUL", "FLAX RITA", "GORSE IVAN", "HAZEL MONA", "IVY CARL",
    "JUNIPER TESS", "KALE OMAR", "LAUREL BETH", "MYRTLE DEAN",
)  # fmt: skip

CLAIMS = """
# clean: two biopsies, punch over tangential
11104 dx=D49.2 charge=200 | 11103 dx=D49.2 charge=88
# clean: seven actinic keratoses
17000 dx=L57.0 charge=105 | 17003 x6 dx=L57.0 charge=72
# clean: sixteen actinic keratoses are one line
17004 dx=L57.0 charge=260
# clean: Mohs with a linear closure
17311 dx=C44.311 charge=1050 clia=11D9999990 | 17312 x2 dx=C44.311 charge=1240 | 12052 dx=C44.311 charge=520
# clean: a visit of its own beside a biopsy
99213 25 dx=L40.0 charge=145 | 11102 dx=D49.2 charge=165
# clean: malignant excision with layered closure
11603 dx=C44.519 charge=410 | 12032 dx=C44.519 charge=450
# clean: warts, a commercial payer
17110 dx=B07.8 charge=185 payer=commercial
# clean: intralesional steroid with its drug
11900 dx=L91.0 charge=95 | J3301 x1 dx=L91.0 charge=10 ndc=00003029305
# clean: narrow-band phototherapy
96910 dx=L40.0 charge=135
# clean: a visit alone
99214 dx=L20.9 charge=205
# clean: pathology of one specimen, professional part
88305 26 dx=D22.5 charge=75
# clean: photodynamic therapy with its drug
96573 dx=L57.0 charge=420 | J7308 dx=L57.0 charge=480 ndc=67308010101
# clean: a long-term visit with its complexity add-on
99214 dx=L40.0 charge=205 | G2211 dx=L40.0 charge=30
# clean: a nail avulsion with its toe named
11730 TA dx=L60.0 charge=180
# two primary biopsies
11104 dx=D49.2 charge=200 | 11102 dx=D49.2 charge=165
# the add-on alone
11103 dx=D49.2 charge=88
# two units of a first-lesion code
11102 x2 dx=D49.2 charge=330
# fifteen or more, with the small codes beside it
17004 dx=L57.0 charge=260 | 17000 dx=L57.0 charge=105 | 17003 x13 dx=L57.0 charge=156
# more units than the code can hold
17000 dx=L57.0 charge=105 | 17003 x14 dx=L57.0 charge=168
# both wart codes
17110 dx=B07.8 charge=185 | 17111 dx=B07.8 charge=240
# eight warts counted as units
17110 x8 dx=B07.8 charge=1480
# a visit without 25
99213 dx=L70.0 charge=145 | 17110 dx=B07.8 charge=185
# 25 on the procedure
99213 dx=L70.0 charge=145 | 11102 25 dx=D49.2 charge=165
# a biopsy beside a destruction, no modifier
17000 dx=L57.0 charge=105 | 11102 dx=D49.2 charge=165
# tags beside keratoses, no modifier
17000 dx=L57.0 charge=105 | 11200 dx=L91.8 charge=150
# the wart code for a keratosis
17110 dx=L57.0 charge=185
# the keratosis code for a wart
17000 dx=B07.8 charge=105
# a benign excision code with a malignant diagnosis
11402 dx=C44.519 charge=240
# a malignant excision code with a benign diagnosis
11602 dx=D22.5 charge=360
# Mohs without a malignancy
17311 dx=L57.0 charge=1050
# a Mohs stage without its first stage
17312 x2 dx=C44.311 charge=1240
# Mohs with a frozen section of the same tissue
17311 dx=C44.311 charge=1050 | 88331 dx=C44.311 charge=210
# professional, technical and global at once
88305 26 dx=D22.5 charge=75 | 88305 TC dx=D22.5 charge=80 | 88305 dx=D22.5 charge=150
# the same line twice
88305 dx=D22.5 charge=150 | 88305 dx=D22.5 charge=150
# 26 on a visit
99213 26 dx=L70.0 charge=145
# TC on a biopsy
11102 TC dx=D49.2 charge=165
# decision for a flap the same day carries 25 and not 57
99204 25 dx=C44.329 charge=320 | 14041 dx=C44.329 charge=1900
# waiver modifiers that contradict each other
11200 GA GZ dx=L91.8 charge=150
# a seborrheic keratosis without a symptom
17110 dx=L82.1 charge=185
# cosmetic and filed as covered
17110 dx=Z41.1 charge=185
# a diagnosis that is only a heading
11602 dx=C44.5 charge=360
# no diagnosis
17000 charge=105
# both injection codes
11900 dx=L91.0 charge=95 | 11901 dx=L91.0 charge=120
# bilateral modifier on a code that has no sides
11102 50 dx=D49.2 charge=165
# modifiers: unknown, assistant, 51 for Medicare, 59 with XS, a procedure's on a visit
11102 Z9 dx=D49.2 charge=165 | 11602 80 dx=C44.519 charge=360 | 12032 51 dx=C44.519 charge=450 | 17110 59 XS dx=B07.8 charge=185 | 99213 59 dx=L70.0 charge=145
# a modifier written twice, two visits, the complexity add-on beside 25, units on a visit
99213 25 25 dx=L70.0 charge=145 | 99203 x2 dx=L70.0 charge=300 | G2211 dx=L70.0 charge=30 | 17000 FS GA GY dx=L57.0 charge=105
# drugs: a vial as one unit, nothing that gave it, codes of other sites and kinds
J0585 dx=L74.510 charge=900 | 64653 dx=L74.512 charge=300 | 96401 dx=L20.9 charge=120 | 99214 JW dx=L20.9 charge=205
# light: excimer for vitiligo, two areas, photodynamic therapy beside destruction
96920 dx=L80 charge=250 | 96921 dx=L40.0 charge=300 | 96573 dx=L57.0 charge=420 | 17000 dx=L57.0 charge=105
# closures and flaps: excision under its flap, closure of a small benign excision, two repairs of one class
14060 dx=C44.311 charge=1900 | 11641 dx=C44.311 charge=410 | 11440 dx=D22.39 charge=200 | 12051 dx=D22.39 charge=420 | 12052 dx=D22.39 charge=450
# Mohs blocks, a nail without its toe, foot care, a KOH preparation
17311 dx=C44.311 charge=1050 | 17315 x6 dx=C44.311 charge=900 | 11730 dx=L60.0 charge=180 | 11056 dx=L84 charge=90 | 87220 dx=B35.1 charge=20
# a service the law excludes, a code of another year, a place that is none, a diagnosis that is none
69090 dx=Z41.3 charge=60 | 11100 dx=D49.2 charge=150 | 11102 dx=D49.99 pos=00 charge=165
# an add-on under another primary, a second equal line with 59, a repeat with nothing before it
13131 dx=L90.5 charge=500 | 13133 dx=L90.5 charge=250 | 17262 dx=C44.722 charge=295 | 17262 59 dx=C44.729 charge=295 | 11900 76 dx=L91.0 charge=95
# notices that do not fit: voluntary without exclusion, necessity on cosmetic, an eyelid on the trunk, sides on skin
17110 GX dx=Z41.1 charge=185 | 17111 GA dx=Z41.1 charge=240 | 11400 E1 dx=D22.5 charge=180 | 11102 LT dx=D22.61 charge=165 | 99024 dx=Z48.02 charge=40
# a commercial payer: the modifier on the column-one line, and 57 beside a small procedure
11102 59 dx=D49.2 charge=165 payer=commercial | 17000 dx=L57.0 charge=105 payer=commercial | 99213 57 dx=L70.0 charge=145 payer=commercial
# clean: two lesions frozen and a tag snipped, told apart
17000 dx=L57.0 charge=105 | 17003 dx=L57.0 charge=12 | 11200 59 dx=L91.8,L29.89 charge=150
# clean: a shave removal
11302 dx=L82.0 charge=190
# clean: an incisional biopsy and a further one
11106 dx=M79.3 charge=260 | 11107 dx=M79.3 charge=120
""".strip()


@dataclass
class Writer:
    """Segments of one transaction set."""

    segments: list[str] = field(default_factory=list)

    def add(self, *elements: str) -> None:
        self.segments.append("*".join(elements).rstrip("*"))


def claims() -> list[list[dict]]:
    """Lines of each claim, as values by column name."""
    rows = [r for r in CLAIMS.splitlines() if not r.startswith("#")]
    return [[parse_line(part) for part in row.split("|")] for row in rows]


def amount(cents: int) -> str:
    """Cents as X12 writes dollars: no trailing zeros."""
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".")


def write_claim(out: Writer, number: int, hl: int, lines: list[dict]) -> None:
    """One subscriber loop with its claim."""
    last, first = NAMES[number % len(NAMES)].split()
    medicare = lines[0].get(c.PAYER_KIND, "medicare") == "medicare"
    out.add("HL", str(hl), "1", "22", "0")
    out.add("SBR", "P", "18", "", "", "", "", "", "", "MB" if medicare else "CI")
    out.add("NM1", "IL", "1", last, first, "", "", "", "MI", f"9ZZ9ZZ9ZZ{number:02d}")
    out.add("N3", f"{100 + number} GARDEN ROW")
    out.add("N4", "MIAMI", "FL", "331860001")
    out.add("DMG", "D8", f"19{40 + number % 50}0{1 + number % 9}1{number % 9}", "FM"[number % 2])
    out.add(
        "NM1",
        "PR",
        "2",
        *(("MEDICARE PART B", *[""] * 4, "PI", "09102") if medicare else ("LEAF HEALTH", *[""] * 4, "PI", "LEAF1")),
    )
    charge = sum(line[c.CHARGE] for line in lines)
    out.add("CLM", f"CD{number + 1:03d}", amount(charge), "", "", "11:B:1", "Y", "A", "Y", "Y")
    clia = next((line[c.CLIA] for line in lines if line.get(c.CLIA)), None)
    if clia:
        out.add("REF", "X4", clia)
    diagnoses = list(dict.fromkeys(line[d] for line in lines for d in c.DIAGNOSES if line.get(d)))
    if diagnoses:
        out.add("HI", *(f"{'ABF' if i else 'ABK'}:{code}" for i, code in enumerate(diagnoses)))
    npi, surname, given = PHYSICIANS[number % 2]
    out.add("NM1", "82", "1", surname, given, "", "", "", "XX", npi)
    out.add("PRV", "PE", "PXC", "207N00000X")
    for position, line in enumerate(lines, 1):
        procedure = ":".join(["HC", line[c.CODE], *(line[m] for m in c.MODIFIERS if line.get(m))])
        pointers = ":".join(str(diagnoses.index(line[d]) + 1) for d in c.DIAGNOSES if line.get(d))
        out.add("LX", str(position))
        place = line.get(c.PLACE_OF_SERVICE, "")
        out.add("SV1", procedure, amount(line[c.CHARGE]), "UN", f"{line.get(c.UNITS, 1):g}", place, "", pointers)
        out.add("DTP", "472", "D8", DAY)
        out.add("REF", "6R", f"{number + 1}L{position}")
        if line.get(c.NDC):
            out.add("LIN", "", "N4", line[c.NDC])
            out.add("CTP", "", "", "", "1", "UN")


def document() -> str:
    """The whole interchange, one segment a line."""
    out = Writer()
    out.add("ST", "837", "0001", "005010X222A1")
    out.add("BHT", "0019", "00", "CD20260715", DAY, "1800", "CH")
    out.add("NM1", "41", "2", "GARDEN DERMATOLOGY", "", "", "", "", "46", "GARDEN1")
    out.add("PER", "IC", "BILLING DESK", "TE", "5555550100")
    out.add("NM1", "40", "2", "CLEARING GARDEN", "", "", "", "", "46", "CLEAR1")
    out.add("HL", "1", "", "20", "1")
    out.add("PRV", "BI", "PXC", "207N00000X")
    out.add("NM1", "85", "2", "GARDEN DERMATOLOGY", "", "", "", "", "XX", BILLING_NPI)
    out.add("N3", "1 GARDEN ROW")
    out.add("N4", "MIAMI", "FL", "331860001")
    out.add("REF", "EI", "999999999")
    for number, lines in enumerate(claims()):
        write_claim(out, number, number + 2, lines)
    out.add("SE", str(len(out.segments) + 1), "0001")
    isa = "ISA*00*          *00*          *ZZ*GARDEN1        *ZZ*CLEAR1         *260715*1800*^*00501*000000001*0*T*:"
    gs = f"GS*HC*GARDEN1*CLEAR1*{DAY}*1800*1*X*005010X222A1"
    return "~\n".join([isa, gs, *out.segments, "GE*1*1", "IEA*1*000000001"]) + "~\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("clinic_day.837")
    target.write_text(document(), encoding="ascii")
