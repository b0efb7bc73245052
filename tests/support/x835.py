"""Made-up 835 files, built from parts so that a test can break one of them."""

HEAD = (
    "ISA*00*          *00*          *ZZ*CLEAR1         *ZZ*GARDEN1        *260801*1200*^*00501*000000009*0*P*:",
    "GS*HP*CLEAR1*GARDEN1*20260801*1200*1*X*005010X221A1",
)


def answer(
    number: str = "A1",
    lines: tuple[str, ...] = ("11102*165*101.55*CO-45-63.45",),
    status: str = "1",
    day: str = "20260715",
) -> list[str]:
    """A claim answered; each line is `code:modifiers*charge*paid*GROUP-CARC-amount[,...]`."""
    parts = [x.split("*") for x in lines]
    charge, paid = (f"{sum(float(p[i]) for p in parts):g}" for i in (1, 2))
    out = [f"CLP*{number}*{status}*{charge}*{paid}**MB*ICN{number}*11*1", "NM1*QC*1*FERN*IDA****MI*9ZZ00000001"]
    for code, billed, got, *why in parts:
        out += [f"SVC*HC:{code}*{billed}*{got}**1", f"DTM*472*{day}"]
        out += [f"CAS*{g}*{k}*{a}" for g, k, a in (x.split("-", 2) for x in (why[0].split(",") if why else []))]
    return out


def remittance(*answers: list[str], plb: tuple[str, ...] = (), paid: str | None = None, newline: str = "\n") -> str:
    """A whole interchange with one payment around answered claims."""
    total = sum(float(a[0].split("*")[4]) for a in answers) - sum(float(p.split("*")[4]) for p in plb)
    body = [
        "ST*835*0001", f"BPR*I*{paid or f'{total:.2f}'}*C*ACH*CCP*01*999999992*DA*1*1512345678**01*999988880*DA*2*20260801",
        "TRN*1*TRACE1*1512345678", "DTM*405*20260801", "N1*PR*MEDICARE", "N3*1 PAYER ROW", "N4*MIAMI*FL*33186",
        "N1*PE*GARDEN DERMATOLOGY*XX*1999999984", "LX*1",
    ]  # fmt: skip
    for part in answers:
        body += part
    body += plb
    tail = [f"SE*{len(body) + 1}*0001", "GE*1*1", "IEA*1*000000009"]
    return (f"~{newline}").join([*HEAD, *body, *tail]) + f"~{newline}"
