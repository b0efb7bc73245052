"""Global pathology where another laboratory did a part."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, any_modifier, rule
from cutis.rules._shared.chart import said


@rule(
    "component-against-chart",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 12, section 60 (components of pathology); CMS relative value file, PC/TC indicator",
    url="https://www.cms.gov/regulations-and-guidance/guidance/manuals/downloads/clm104c12.pdf",
    carc="97",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=load_families().codes("pathology"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Add {right}, if the agreement with the laboratory is that it bills its own part.",
    question="Who made the slides, who read them, and who bills which part?",
    message="{code} is billed whole, but the chart says that another laboratory did a part; what is left is {right}.",
    facts=("PA-02",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """The whole pathology service is billed where the chart says that another did a part of it.

    What it finds:
        Surgical pathology, stains and immunohistochemistry without 26 or TC where the chart says that another laboratory made
        the slides or read them.

    Why:
        Each component has one biller. Where another laboratory makes the slides the reader bills 26; where another reads them the laboratory bills TC.

    Example:
        88305 dx=D22.5 method=slides_prepared_by_outside_lab

    Instead:
        88305 26 dx=D22.5 method=slides_prepared_by_outside_lab

    References:
        CMS, Medicare Claims Processing Manual, chapter 12, section 60.
    """
    text = said()
    outside = r"(?:outside|another|other|external|reference|hospital|independent) (?:dermatopathology |pathology )?(?:lab|patholog|facility)"
    made = text.str.contains(
        r"(?:slides?|technical|processed|prepared|process)[^.;]{0,30}" + outside
    ) | text.str.contains(outside + r"[^.;]{0,20}(?:slides|technical|process|prepar|cut)")
    read = text.str.contains(r"(?:read|interpret|profession|diagnos)\w*[^.;]{0,30}" + outside) | text.str.contains(
        outside + r"[^.;]{0,20}(?:read|interpret|profession|diagnos)"
    )
    right = pl.when(made & ~read).then(pl.lit("26")).when(read & ~made).then(pl.lit("TC"))
    whole = ~any_modifier(("26", "TC"))
    return lines.with_columns(right.alias("right")).filter(pl.col("right").is_not_null() & whole)
