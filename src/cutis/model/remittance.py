"""Every column of the remittance frame: what a payer answered, one row a service line, money in whole cents.

A claim that the payer answered as a whole has one row without a code. Names and member ids of people are not in it.
"""

from typing import Final

import polars as pl

from cutis.model import columns as c

# The payment (one ST to SE)
PAYMENT: Final = "payment"  # 1-based ordinal of the transaction in the input
TRACE: Final = "trace"  # TRN02, the number of the check or transfer
PAYER: Final = "payer"  # N1 PR, the payer's name
PAYEE_NPI: Final = "payee_npi"  # N1 PE, where it is an NPI
PAID_ON: Final = "paid_on"  # BPR16, else the production date (DTM 405)

# The claim (CLP)
CLAIM: Final = "claim"  # 1-based ordinal of the CLP in the input
STATUS: Final = "status"  # CLP02: 1, 2, 3 processed as primary, secondary, tertiary; 4 denied; 22 reversal
CLAIM_CHARGE: Final = "claim_charge_cents"
CLAIM_PAID: Final = "claim_paid_cents"
PATIENT_SHARE: Final = "patient_cents"  # CLP05, what the payer says the patient owes
PAYER_CONTROL: Final = "payer_control"  # CLP07, the payer's number of the claim

# The line (SVC)
SERVICE: Final = "service"  # 1-based ordinal of the SVC in the input; null where the claim was answered as a whole
PAID: Final = "paid_cents"
ALLOWED: Final = "allowed_cents"  # AMT B6
UNITS_PAID: Final = "units_paid"
LINE_CONTROL: Final = "line_control"  # REF 6R
ADJUSTMENTS: Final = "adjustments"  # CAS of the line
CLAIM_ADJUSTMENTS: Final = "claim_adjustments"  # CAS of the claim, repeated on its lines
REMARKS: Final = "remarks"  # LQ HE of the line, then MIA and MOA of the claim

ADJUSTMENT: Final = pl.Struct(
    {
        "group": pl.String,  # CO contractual, PR patient, OA other, PI payer initiated, CR correction
        "carc": pl.String,
        "cents": pl.Int64,
        "quantity": pl.Float64,
    }
)

REMITTANCE_SCHEMA: Final[dict[str, pl.DataType]] = {
    PAYMENT: pl.UInt32(),
    TRACE: pl.String(),
    PAYER: pl.String(),
    PAYEE_NPI: pl.String(),
    PAID_ON: pl.Date(),
    CLAIM: pl.UInt32(),
    c.CLAIM_ID: pl.String(),
    STATUS: pl.String(),
    CLAIM_CHARGE: pl.Int64(),
    CLAIM_PAID: pl.Int64(),
    PATIENT_SHARE: pl.Int64(),
    PAYER_CONTROL: pl.String(),
    c.FREQUENCY: pl.String(),
    SERVICE: pl.UInt32(),
    c.CODE: pl.String(),
    c.MODIFIER_1: pl.String(),
    c.MODIFIER_2: pl.String(),
    c.MODIFIER_3: pl.String(),
    c.MODIFIER_4: pl.String(),
    c.SERVICE_FROM: pl.Date(),
    c.SERVICE_TO: pl.Date(),
    c.UNITS: pl.Float64(),
    UNITS_PAID: pl.Float64(),
    c.CHARGE: pl.Int64(),
    PAID: pl.Int64(),
    ALLOWED: pl.Int64(),
    LINE_CONTROL: pl.String(),
    ADJUSTMENTS: pl.List(ADJUSTMENT),
    CLAIM_ADJUSTMENTS: pl.List(ADJUSTMENT),
    REMARKS: pl.List(pl.String),
    c.SEGMENT: pl.UInt32(),
}

PAYMENT_SCHEMA: Final[dict[str, pl.DataType]] = {
    PAYMENT: pl.UInt32(),
    c.SEGMENT: pl.UInt32(),
    TRACE: pl.String(),
    PAYER: pl.String(),
    PAYEE_NPI: pl.String(),
    PAID_ON: pl.Date(),
    "method": pl.String(),  # BPR04: ACH, CHK, NON ...
    PAID: pl.Int64(),  # BPR02
    "claims": pl.UInt32(),
    "claims_paid_cents": pl.Int64(),  # sum of CLP04
    "provider_adjusted_cents": pl.Int64(),  # sum of PLB, as taken off the payment
}

PROVIDER_ADJUSTMENT_SCHEMA: Final[dict[str, pl.DataType]] = {
    PAYMENT: pl.UInt32(),
    c.SEGMENT: pl.UInt32(),
    "provider": pl.String(),
    "period_end": pl.Date(),
    "reason": pl.String(),  # PLB03-1: WO overpayment recovered, FB forwarding balance, L6 interest ...
    "reference": pl.String(),
    "cents": pl.Int64(),
}

ADJUSTMENT_SCHEMA: Final[dict[str, pl.DataType]] = {
    PAYMENT: pl.UInt32(),
    CLAIM: pl.UInt32(),
    SERVICE: pl.UInt32(),  # null where the whole claim is adjusted
    c.SEGMENT: pl.UInt32(),
    "group": pl.String(),
    "carc": pl.String(),
    "cents": pl.Int64(),
    "quantity": pl.Float64(),
}

STATUS_WORDS: Final = {
    "1": "processed as primary", "2": "processed as secondary", "3": "processed as tertiary", "4": "denied",
    "19": "processed as primary, sent on", "20": "processed as secondary, sent on", "21": "processed as tertiary, sent on",
    "22": "earlier payment taken back", "23": "not this payer's claim, sent on", "25": "predetermination, no payment",
}  # fmt: skip
