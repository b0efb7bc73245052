"""A repair code of another class than the chart describes."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed, said

_FAMILIES = load_families()
CLASS = (
    dict.fromkeys(_FAMILIES.codes("simple_repair"), "simple")
    | dict.fromkeys(_FAMILIES.codes("intermediate_repair"), "intermediate")
    | dict.fromkeys(_FAMILIES.codes("complex_repair_primary"), "complex")
)
RANK = {"simple": 1, "intermediate": 2, "complex": 3}
SINGLE = r"(?:single|one|1)[- ]?layer|simple (?:clos|repair|interrupt|sutur)|closed simply|superficial (?:clos|sutur)|skin sutures only|no deep sutur"
LAYERS = r"layered|(?:two|three|2|3|multi|several)[- ]?(?:ple )?(?:layer|plane)|in layers|deep (?:dermal )?(?:sutur|stitch)|buried|subcut\w* (?:sutur|stitch|clos)"
DIRTY = r"contamin|grit|gravel|debris|particulate|foreign mat"
MORE = r"(?:extensive|wide)(?:ly)?[ -]undermin|undermin\w* (?:extensive|wide|beyond|for more|at least|equal)|retention sut|(?:exposed|exposure of|visible) (?:\w+ )?(?:bone|cartilage|tendon|nerve|vessel|neurovasc)|free margin|debrid\w* (?:of )?(?:the )?(?:wound )?edges|scar revision|stent"
LESS = r"(?:limited|minimal|slight|no|without) undermin|undermin\w* (?:less|minimal|limited)"


@rule(
    "repair-class-against-chart",
    scope=Scope.DAY,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAD, FAQs on intermediate and complex repairs in 2020 and beyond; CPT definitions, restated",
    url="https://www.aad.org/member/publications/dcc/2019-fall-faqs",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=CLASS,
    fix=FixKind.NEEDS_CHART,
    fix_text="Take the code of {named} repair of the same length and site, or complete the note with what was done.",
    question="How many layers were closed, how far was it undermined against the width of the defect, and what else was needed?",
    message="{code} is {billed} repair, but the chart describes {named}: {doc_method}.",
    facts=("RP-02", "RP-04", "RP-05"),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The chart describes a simpler or a more complex repair than the code.

    What it finds:
        Intermediate codes where the chart says a single layer, complex codes where it names layers but no criterion
        of complex repair (a warning where undermining is not mentioned), and codes below what it describes (a
        warning). Words of several classes are left alone, as they may tell of several wounds.

    Why:
        Intermediate repair needs a layered closure, or a single one of a heavily contaminated wound; complex repair
        needs that and more: extensive undermining, exposed deep structures, a free margin, debrided edges or
        retention sutures.

    Example:
        13132 dx=C44.319 method=layered_closure_with_limited_undermining

    Instead:
        12052 dx=C44.319 method=layered_closure_with_limited_undermining

    References:
        American Academy of Dermatology, FAQs on intermediate and complex repairs in 2020 and beyond.
    """
    text = said()
    single, layers, less = (text.str.contains(p) for p in (SINGLE, LAYERS, LESS))
    dirty, more = (affirmed().str.contains(p) for p in (DIRTY, MORE))
    # retention sutures alone are no word on how the skin was closed
    surface = text.str.replace_all("retention sut[a-z]*", " ").str.contains("sutur")
    named = (
        pl.when(single & (layers | more))
        .then(None)
        .when(more & layers)
        .then(pl.lit("complex"))
        .when(layers | (single & dirty))
        .then(pl.lit("intermediate"))
        .when(single | (more & ~layers & surface))
        .then(pl.lit("simple"))
    )
    billed = pl.col(c.CODE).replace_strict(CLASS, return_dtype=pl.String)
    classes = lines.with_columns(named.alias("named"), billed.alias("billed"))
    # words that stand on repairs of several classes tell of several wounds
    shared = pl.col("billed").n_unique().over(DAY, c.DOC_METHOD) > 1
    # a complex closure of less than 1.1 cm is rightly in the first band of the intermediate codes
    short = pl.col(c.CODE).is_in(["12031", "12041", "12051"]) & (pl.col("named") == "complex")
    classes = classes.filter(pl.col("named") != pl.col("billed"), ~shared, ~short)
    rank = {n: pl.col(n).replace_strict(RANK, return_dtype=pl.Int8) for n in ("named", "billed")}
    # layers without a word on undermining do not rule out that it was extensive
    open_ = (pl.col("billed") == "complex") & (pl.col("named") == "intermediate") & ~less
    mild = open_ | (rank["billed"] < rank["named"])
    severity = pl.when(mild).then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.ERROR.value))
    return classes.with_columns(severity.alias("severity"))
