"""Incision and drainage, or removal of a foreign body by incision, where nothing was incised."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import Evidence, FixKind, Scope, Severity, rule
from cutis.rules._shared.chart import affirmed, said


@rule(
    "drainage-without-incision",
    scope=Scope.LINE,
    severity=Severity.ERROR,
    evidence=Evidence.PUBLISHED,
    authority="AAPC coding guidance on incision and drainage (no incision, no code)",
    url="https://www.aapc.com/codes/coding-newsletters/my-pediatric-coding-alert/reader-question-report-em-when-id-codes-wont-do-174017-article",
    carc="150",
    since="0.1.0",
    needs=(c.DOC_METHOD,),
    codes=("10060", "10061", "10120", "10121"),
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the visit, or 10160 for an aspiration by needle; what is pulled out without a cut is part of the visit.",
    question="Was the lesion opened with a blade, and what was done then?",
    message="{code} needs an incision; the chart has none.",
    facts=("ID-01",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A code that needs an incision is billed, and nothing was incised.

    What it finds:
        10060 and 10061 where the chart says that the lesion was punctured, needled or drained by itself, or was not
        incised; 10120 and 10121 where a foreign body was pulled out and not cut for.

    Why:
        The codes need an incision. A puncture is an aspiration (10160); what drains by itself is part of the visit.

    Example:
        10060 dx=L02.416 method=drained_by_itself,_not_incised

    Instead:
        10060 dx=L02.416 method=incised_with_a_blade_and_drained

    References:
        AAPC, report an E/M when I&D codes will not do.
    """
    text = said()
    without = text.str.contains(
        r"not incised|(?:no|without) (?:an )?incision|(?:drain|ruptur|open)\w* (?:by itself|on its own|spontaneous)|spontaneous\w* (?:drain|ruptur)|punctur|needle|aspirat|express(?:ed|ion) only|lanced with (?:a )?needle|(?:pulled|picked|plucked|lifted|slid) out|(?:by|with) (?:a )?(?:tweezers|forceps)"
    )
    cut = affirmed().str.contains(r"incis|blade|scalpel")
    return lines.filter(without & ~cut)
