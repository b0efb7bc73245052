"""A destruction code of another kind of lesion than the chart's."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said, treated

_FAMILIES = load_families()
KIND = (
    dict.fromkeys(_FAMILIES.codes("premalignant_destruction"), "premalignant")
    | dict.fromkeys(_FAMILIES.codes("benign_destruction"), "benign")
    | dict.fromkeys(_FAMILIES.codes("malignant_destruction"), "malignant")
    | dict.fromkeys(_FAMILIES.codes("vascular_destruction"), "vascular")
)
WORDS = {
    "premalignant": r"actinic|\baks?\b|solar kerato|pre-?malignan",
    "benign": r"wart|verruc|mollus|seborrh|\bsks?\b|condylom|milia|angiom|lentigines|solar lentig|lentigo simplex|\bbenign",
    # small angiomas are destroyed as benign lesions or as vascular ones; what follows is vascular only
    "vascular": r"port.?wine|nevus flammeus|h[a]?emangioma|vascular (?:malformation|proliferat)",
    "malignant": r"carcinoma|\bbccs?\b|\bsccs?\b|melanoma|lentigo maligna|bowen",
}


@rule(
    "destroyed-lesion-against-chart",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="CPT kinds of destruction (premalignant, benign, malignant), restated; AAPC coding alert",
    carc="11",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=KIND,
    fix=FixKind.NEEDS_CHART,
    fix_text="By the lesion: keratoses are 17000 to 17004, warts and other benign lesions 17110 or 17111, vascular proliferations 17106 to 17108 by area, malignant ones 17260 to 17286.",
    question="What kind of lesion was destroyed?",
    message="{code} is for {billed} lesions, but the chart names {named} ones: {doc_method}.",
    facts=("DS-06", "DS-08"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart names another kind of lesion than the destruction code.

    What it finds:
        17000 to 17004 where the chart names warts or other benign lesions only, 17110 and 17111 where it names
        actinic keratoses only, and both where it names a carcinoma only.

    Why:
        The kind of lesion decides the code, and the note is what a reviewer reads, whatever diagnosis stands on the
        line.

    Example:
        17000 dx=L57.0 method=plantar_wart_frozen

    Instead:
        17110 dx=B07.0 method=plantar_wart_frozen

    References:
        AAPC dermatology coding alert (warts are no premalignant lesions); CPT, destruction (restated).
    """
    text = treated()
    named = pl.concat_str(
        [pl.when(text.str.contains(pattern)).then(pl.lit(kind)) for kind, pattern in WORDS.items()],
        separator=" ",
        ignore_nulls=True,
    )
    billed = pl.col(c.CODE).replace_strict(KIND, return_dtype=pl.String)
    kinds = lines.with_columns(named.alias("named"), billed.alias("billed"))
    # several kinds, or a suspicion, may be told of other lesions
    plain = kinds.filter(
        pl.col("named").is_in(list(WORDS)), ~said().str.contains(r"suspic|suspect|rule out|\br/o\b|vs\.?\b|versus")
    )
    return plain.filter(pl.col("named") != pl.col("billed"))
