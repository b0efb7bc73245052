"""The modifiers in use, and which kind of code each belongs to; numbers and our own words only."""

from functools import cache
from typing import Final

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rules._shared.pairs import ANATOMIC, DISTINCT

# CPT and HCPCS level II modifiers that a professional claim may carry (HCPCS annual file 2026, codes only).
_CPT: Final = (
    "22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95 96 97 99 "
    "1P 2P 3P 8P P1 P2 P3 P4 P5 P6"
)
_LEVEL_TWO: Final = (
    "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AD AE AF AG AH AI AJ AK AM AO AP AQ AR AS AT AU AV AW AX AY AZ BA BL BO BP BR BU CA CB "
    "CC CD CE CF CG CH CI CJ CK CL CM CN CO CP CQ CR CS CT DA E1 E2 E3 E4 EA EB EC ED EE EJ EM EP ER ET EX EY F1 F2 F3 F4 F5 "
    "F6 F7 F8 F9 FA FB FC FP FQ FR FS FT FX FY G0 G1 G2 G3 G4 G5 G6 G7 G8 G9 GA GB GC GD GE GF GG GH GJ GK GL GM GN GO GP GQ "
    "GR GS GT GU GV GW GX GY GZ H9 HA HB HC HD HE HF HG HH HI HJ HK HL HM HN HO HP HQ HR HS HT HU HV HW HX HY HZ J1 J2 J3 J4 "
    "J5 JA JB JC JD JE JG JK JL JW JZ K0 K1 K2 K3 K4 KA KB KC KD KE KF KG KH KI KJ KK KL KM KN KO KP KQ KR KS KT KU KV KW KX "
    "KY KZ LC LD LL LM LR LS LT LU M2 MA MB MC MD ME MF MG MH MS N1 N2 N3 NB NR NU PA PB PC PD PI PL PM PN PO PS PT Q0 Q1 Q2 "
    "Q3 Q4 Q5 Q6 Q7 Q8 Q9 QA QB QC QD QE QF QG QH QJ QK QL QM QN QP QQ QR QS QT QW QX QY QZ RA RB RC RD RE RI RR RT SA SB SC "
    "SD SE SF SG SH SJ SK SL SM SN SQ SS ST SU SV SW SY SZ T1 T2 T3 T4 T5 T6 T7 T8 T9 TA TB TC TD TE TF TG TH TJ TK TL TM TN "
    "TP TQ TR TS TT TU TV TW U1 U2 U3 U4 U5 U6 U7 U8 U9 UA UB UC UD UE UF UG UH UJ UK UN UP UQ UR US V1 V2 V3 V4 V5 V6 V7 V8 "
    "V9 VM VP X1 X2 X3 X4 X5 XE XP XS XU ZA ZB ZC"
)
KNOWN: Final = frozenset((_CPT + " " + _LEVEL_TWO).split())

# Modifiers that speak about a visit, and those that speak about a procedure.
VISIT_ONLY: Final = ("24", "25", "57", "27")
PROCEDURE_ONLY: Final = (
    "22", "47", "50", "51", "53", "54", "55", "56", "58", "59", "62", "66", "76", "77", "78", "79", "80", "81", "82", "AS", *DISTINCT[1:],
)  # fmt: skip
LIABILITY: Final = ("GA", "GX", "GY", "GZ")
EYELIDS: Final = ("E1", "E2", "E3", "E4")
DIGITS: Final = tuple(m for m in ANATOMIC if m[0] in "FT")


def marked(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The lines that carry any modifier: the few that a rule on modifiers needs to look at, picked out once."""
    found = ref.remember(lines, "marked", lambda: _marked(lines))
    assert isinstance(found, pl.DataFrame)
    return found


def _marked(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.filter(pl.any_horizontal(pl.col(m).is_not_null() for m in c.MODIFIERS))


@cache
def first_of(modifiers: tuple[str, ...]) -> pl.Expr:
    """The first modifier of the line that is one of `modifiers`; null where none is."""
    return pl.coalesce(pl.when(pl.col(m).is_in(list(modifiers))).then(pl.col(m)) for m in c.MODIFIERS)
