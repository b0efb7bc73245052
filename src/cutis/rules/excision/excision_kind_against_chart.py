"""A benign or malignant excision code, and a chart that names the other kind."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed, said

BENIGN = load_families().codes("benign_excision")
MALIGNANT = load_families().codes("malignant_excision")
MALIGNANCY = r"carcinoma|\bbccs?\b|\bsccs?\b|melanoma|lentigo maligna|bowen|merkel|sarcoma|malignan"
HARMLESS = (
    r"\bnev(?:us|i)\b|\bbenign\b|seborrheic kerat|epiderm(?:al|oid)\b[^.;]{0,12}\bcyst|pilar cyst|dermatofibroma|lipoma"
)
# what may be told of another lesion or another day, or is not known yet; a re-excision goes by the first result
OPEN = r"suspic|suspect|rule out|\br/o\b|vs\.?\b|versus|histor|prior|previous|earlier|residual|re-?excis|scar|possible|likely|pending|near|adjacent|arising|nevus sebaceus"


@rule(
    "excision-kind-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="CPT guideline on benign and malignant excisions (final pathology decides), restated; AAPC dermatology coding alert",
    url="https://www.aapc.com/codes/coding-newsletters/my-dermatology-coding-alert/is-your-everyday-coding-in-sync-with-payer-rules-take-our-quiz-to-find-out-article",
    carc="11",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=(*BENIGN, *MALIGNANT),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take code and diagnosis from the final pathology: 114xx benign, 116xx malignant.",
    question="What is the final pathology of the lesion that was excised?",
    message="{code} is for {kind} lesions, but the chart names another kind: {doc_method}.",
    facts=("EX-03",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart names a lesion of the other kind than the excision code.

    What it finds:
        116xx where the chart names a benign lesion only, and 114xx where it names a malignant one only. Suspicions, earlier
        results and re-excisions, which go by the first result, are left alone.

    Why:
        The final pathology decides between the two families, whatever diagnosis stands on the line. Malignant codes
        pay more.

    Example:
        11602 dx=C44.519 method=pathology_returned_dysplastic_nevus

    Instead:
        11402 dx=D22.5 method=pathology_returned_dysplastic_nevus

    References:
        AAPC, is your everyday coding in sync with payer rules; CPT, excision of skin lesions (restated).
    """
    words = affirmed()
    malignant, benign = words.str.contains(MALIGNANCY), words.str.contains(HARMLESS)
    coded = pl.col(c.CODE).is_in(sorted(MALIGNANT))
    against = pl.when(coded).then(benign & ~malignant).otherwise(malignant & ~benign)
    kind = pl.when(coded).then(pl.lit("malignant")).otherwise(pl.lit("benign"))
    return lines.filter(against & ~said().str.contains(OPEN)).with_columns(kind.alias("kind"))
