"""Made-up 837P files, built from parts so that a test can break one of them."""

HEAD = (
    "ISA*00*          *00*          *ZZ*GARDEN1        *ZZ*CLEAR1         *260715*1800*^*00501*000000001*0*T*:",
    "GS*HC*GARDEN1*CLEAR1*20260715*1800*1*X*005010X222A1",
    "ST*837*0001*005010X222A1",
    "BHT*0019*00*B1*20260715*1800*CH",
    "NM1*41*2*GARDEN DERMATOLOGY*****46*GARDEN1",
    "PER*IC*DESK*TE*5555550100",
    "NM1*40*2*CLEARING*****46*CLEAR1",
    "HL*1**20*1",
    "PRV*BI*PXC*207N00000X",
    "NM1*85*2*GARDEN DERMATOLOGY*****XX*1999999984",
    "N3*1 GARDEN ROW",
    "N4*MIAMI*FL*331860001",
    "REF*EI*999999999",
)


def subscriber(hl: int, name: str = "FERN*IDA", member: str = "9ZZ00000001") -> list[str]:
    """A subscriber who is the patient."""
    return [
        f"HL*{hl}*1*22*0",
        "SBR*P*18*******MB",
        f"NM1*IL*1*{name}****MI*{member}",
        "N4*MIAMI*FL*33186",
        "DMG*D8*19500101*F",
        "NM1*PR*2*MEDICARE*****PI*09102",
    ]


def claim(
    number: str = "A1", lines: tuple[str, ...] = ("11102*165",), dx: str = "ABK:D492", total: str | None = None
) -> list[str]:
    """A claim; each line is `code:modifiers*charge`, optionally `*UN*units***pointers`."""
    amount = total or f"{sum(float(x.split('*')[1]) for x in lines):g}"
    out = [f"CLM*{number}*{amount}***11:B:1*Y*A*Y*Y", f"HI*{dx}", "NM1*82*1*ALDER*ROSA****XX*1588888887"]
    for place, line in enumerate(lines, 1):
        body = line if line.count("*") > 1 else f"{line}*UN*1***1"
        out += [f"LX*{place}", f"SV1*HC:{body}", "DTP*472*D8*20260715"]
    return out


def file(*claims: list[str], head: tuple[str, ...] = HEAD, newline: str = "\n") -> str:
    """A whole interchange around claims, each with its own subscriber unless it begins with HL."""
    body: list[str] = []
    for index, part in enumerate(claims):
        if not part[0].startswith("HL"):
            body += subscriber(index + 2, member=f"9ZZ{index:08d}")
        body += part
    st = len(head) - 2 + len(body) + 1
    return (f"~{newline}").join([*head, *body, f"SE*{st}*0001", "GE*1*1", "IEA*1*000000001"]) + f"~{newline}"
