"""Every column of the line frame, its dtype and its meaning, in one place.

The *line frame* is the one shape that readers produce and rules consume: one row per service line, claim-level
values repeated on each of its lines. Names of people are not in it: `patient_key` stands for the person.
"""

from typing import Final

import polars as pl

# Identity and order
CLAIM_INDEX: Final = "claim_index"  # position of the claim in the input, 0-based, over the whole file
CLAIM_ID: Final = "claim_id"  # CLM01, the patient control number as sent
LINE: Final = "line"  # 1-based position of the line in its claim
PATIENT_KEY: Final = "patient_key"  # hash of member id, birth date, sex and name; groups a person's lines
BILLING_NPI: Final = "billing_npi"
RENDERING_NPI: Final = "rendering_npi"  # line, else claim, else billing provider
TAXONOMY: Final = "taxonomy"  # of the rendering provider, else of the billing provider

# The service
SERVICE_FROM: Final = "service_from"
SERVICE_TO: Final = "service_to"
CODE: Final = "code"  # HCPCS/CPT, upper case as read
MODIFIER_1: Final = "modifier_1"
MODIFIER_2: Final = "modifier_2"
MODIFIER_3: Final = "modifier_3"
MODIFIER_4: Final = "modifier_4"
MODIFIERS: Final = (MODIFIER_1, MODIFIER_2, MODIFIER_3, MODIFIER_4)
UNITS: Final = "units"
UNIT_BASIS: Final = "unit_basis"  # UN or MJ
CHARGE: Final = "charge_cents"
PLACE_OF_SERVICE: Final = "place_of_service"  # line, else claim
DX_1: Final = "dx_1"  # diagnoses the line points to, ICD-10-CM without the dot, pointer order
DX_2: Final = "dx_2"
DX_3: Final = "dx_3"
DX_4: Final = "dx_4"
DIAGNOSES: Final = (DX_1, DX_2, DX_3, DX_4)
NDC: Final = "ndc"
LINE_NOTE: Final = "line_note"  # NTE of the line and SV101-7, joined by " | "

# The claim, repeated on its lines
CLAIM_DX: Final = "claim_dx"  # all diagnoses of the claim in HI order, separated by blanks
CLAIM_CHARGE: Final = "claim_charge_cents"
FREQUENCY: Final = "frequency"  # CLM05-3: 1 original, 7 replacement, 8 void
PAYER_ID: Final = "payer_id"
PAYER_KIND: Final = "payer_kind"  # medicare | medicaid | commercial | workers-comp | other
PAYER_RANK: Final = "payer_rank"  # P, S or T (SBR01 of the destination payer)
PATIENT_SEX: Final = "patient_sex"
PATIENT_BIRTH: Final = "patient_birth"
ZIP: Final = "zip"  # where the service was done: service facility, else billing provider
STATE: Final = "state"
AUTHORIZATION: Final = "authorization"  # REF G1
CLIA: Final = "clia"  # REF X4 of line or claim
CLAIM_NOTE: Final = "claim_note"  # NTE and K3 of the claim, joined by " | "

# Where it stands in the file (null outside X12)
SEGMENT: Final = "segment"  # 1-based number of the SV1 segment in the file
CLM_SEGMENT: Final = "clm_segment"
HI_SEGMENT: Final = "hi_segment"  # the first HI of the claim

# History: present where a check was given one. Lines of history stand beside the lines to judge and are never judged.
HISTORY_FROM: Final = "history_from"  # Date: the first service date that the history holds
PAST_OUTCOME: Final = "past_outcome"  # String: paid | reduced | denied, of lines that a remittance answered
PAST_FROM: Final = 1 << 31  # claim_index of lines of history starts here

LINE_SCHEMA: Final[dict[str, pl.DataType]] = {
    CLAIM_INDEX: pl.UInt32(),
    CLAIM_ID: pl.String(),
    LINE: pl.UInt16(),
    PATIENT_KEY: pl.UInt64(),
    BILLING_NPI: pl.String(),
    RENDERING_NPI: pl.String(),
    TAXONOMY: pl.String(),
    SERVICE_FROM: pl.Date(),
    SERVICE_TO: pl.Date(),
    CODE: pl.String(),
    MODIFIER_1: pl.String(),
    MODIFIER_2: pl.String(),
    MODIFIER_3: pl.String(),
    MODIFIER_4: pl.String(),
    UNITS: pl.Float64(),
    UNIT_BASIS: pl.String(),
    CHARGE: pl.Int64(),
    PLACE_OF_SERVICE: pl.String(),
    DX_1: pl.String(),
    DX_2: pl.String(),
    DX_3: pl.String(),
    DX_4: pl.String(),
    NDC: pl.String(),
    LINE_NOTE: pl.String(),
    CLAIM_DX: pl.String(),
    CLAIM_CHARGE: pl.Int64(),
    FREQUENCY: pl.String(),
    PAYER_ID: pl.String(),
    PAYER_KIND: pl.String(),
    PAYER_RANK: pl.String(),
    PATIENT_SEX: pl.String(),
    PATIENT_BIRTH: pl.Date(),
    ZIP: pl.String(),
    STATE: pl.String(),
    AUTHORIZATION: pl.String(),
    CLIA: pl.String(),
    CLAIM_NOTE: pl.String(),
    SEGMENT: pl.UInt32(),
    CLM_SEGMENT: pl.UInt32(),
    HI_SEGMENT: pl.UInt32(),
}

# Facts of the chart, known only where the practice sends them (CSV, Parquet, encounter). A rule that needs one
# names it in `needs`; where it is absent or null the rule says "not checked", never "clear".
DOC_LESION: Final = "doc_lesion"  # identity of the lesion; equal on lines that treat the same lesion
DOC_COUNT: Final = "doc_count"  # documented number of lesions, tags, allergens or specimens for this service
DOC_SITE: Final = "doc_site"
DOC_SIZE_CM: Final = "doc_size_cm"  # excised diameter, diameter of what was shaved or destroyed, length of a repair
DOC_AREA_SQCM: Final = "doc_area_sqcm"  # measured area of a flap, graft, wound or treated field, square cm
DOC_INTENT: Final = "doc_intent"  # "cosmetic" or "medical"
DOC_SEPARATE_VISIT: Final = "doc_separate_visit"  # the E/M is significant and separate from the procedures
DOC_DECISION: Final = "doc_decision"  # the E/M is the decision for surgery
DOC_METHOD: Final = "doc_method"  # what was done, in the chart's words, lower case
DOC_DRUG: Final = "doc_drug"
DOC_DRUG_AMOUNT: Final = "doc_drug_amount"  # amount given in the drug's own unit (mg or labelled units)
DOC_PRIOR_PATHOLOGY: Final = "doc_prior_pathology"  # a pathology result of this lesion was on file
DOC_GLOBAL_CODE: Final = "doc_global_code"  # an earlier procedure by the same group
DOC_GLOBAL_DAYS: Final = "doc_global_days"  # days since it
DOC_GLOBAL_RELATED: Final = "doc_global_related"  # today's service is related to it
DOC_LAST_SEEN_DAYS: Final = "doc_last_seen_days"  # days since a face-to-face service of the same group and specialty

CHART_SCHEMA: Final[dict[str, pl.DataType]] = {
    DOC_LESION: pl.String(),
    DOC_COUNT: pl.Int64(),
    DOC_SITE: pl.String(),
    DOC_SIZE_CM: pl.Float64(),
    DOC_AREA_SQCM: pl.Float64(),
    DOC_INTENT: pl.String(),
    DOC_SEPARATE_VISIT: pl.Boolean(),
    DOC_DECISION: pl.Boolean(),
    DOC_METHOD: pl.String(),
    DOC_DRUG: pl.String(),
    DOC_DRUG_AMOUNT: pl.Float64(),
    DOC_PRIOR_PATHOLOGY: pl.Boolean(),
    DOC_GLOBAL_CODE: pl.String(),
    DOC_GLOBAL_DAYS: pl.Int64(),
    DOC_GLOBAL_RELATED: pl.Boolean(),
    DOC_LAST_SEEN_DAYS: pl.Int64(),
}
