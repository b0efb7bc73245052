"""Site preparation where the chart has none."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import said


@rule(
    "site-preparation-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="Published guidance on coding skin grafts (site preparation needs excision of the bed)",
    url="https://www.cco.us/medical-coding-for-skin-grafts/",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("15002", "15003", "15004", "15005"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Take {code} off unless scar, burn or wound bed was excised.",
    question="What was excised to prepare the bed, and over which area?",
    message="{code} is the excision of a wound bed or scar before a graft; the chart has none.",
    facts=("GR-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Preparation of the recipient site is billed, and the chart has none.

    What it finds:
        15002 to 15005 where the chart says that the bed was not excised, or that the graft went on a fresh defect.

    Why:
        Site preparation is the excision of scar, burn or wound bed before a graft. A clean surgical defect needs none, and payers deny it beside the graft.

    Example:
        15260 dx=C44.311 method=graft_on_fresh_defect,_bed_not_excised
        15004 dx=C44.311 method=graft_on_fresh_defect,_bed_not_excised

    Instead:
        15260 dx=C44.311 method=graft_on_fresh_defect,_bed_not_excised

    References:
        NCCI policy manual, chapter III; published guidance on skin grafts.
    """
    text = said()
    none = text.str.contains(
        r"(?:not|no|without|never) (?:\w+ ){0,3}(?:excis|debrid|prepar|releas)|fresh (?:\w+ ){0,2}(?:defect|wound)|clean (?:\w+ ){0,2}(?:defect|wound|bed)"
    )
    done = text.str.contains(
        r"(?:scar|eschar|burn|granulation|wound bed|necrotic)[^.;]{0,30}(?:was |were )?(?:excised|removed|released|debrided)"
    ) & ~text.str.contains("not excised")
    return lines.filter(none & ~done)
