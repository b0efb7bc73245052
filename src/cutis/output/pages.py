"""A rule's documentation as a page: for `explain`, for the manual and for programs. Faults of the reader have pages too."""

from collections.abc import Iterable
from typing import Any

from cutis.model import columns as c
from cutis.model.finding import FixKind
from cutis.model.shorthand import frame
from cutis.parse.faults import FAULTS, FaultKind
from cutis.parse.remit_faults import REMITTANCE_FAULTS
from cutis.reference.store import Reference
from cutis.rulekit.apply import Prepared, apply
from cutis.rulekit.catalogue import find as find_rule
from cutis.rulekit.rule import Rule

Page = Rule | FaultKind

EVIDENCE = {
    "cms-file": "a CMS data file",
    "cms-manual": "a CMS manual or policy",
    "published": "published coding guidance",
    "recalled": "general knowledge not yet confirmed against a source; never an error",
}

EXPOSURE = {
    "denial": "money is lost by denial",
    "overpayment": "money may be kept that is not owed, so it is put right whatever the work costs",
}


# What a column is, in words of the field, for those whose name does not say it.
NEEDS = {
    c.DOC_LESION: "which lines treat the same lesion",
    c.DOC_COUNT: "the documented number of lesions, tags, nails or specimens",
    c.DOC_SITE: "the documented site",
    c.DOC_SIZE_CM: "the documented size",
    c.DOC_AREA_SQCM: "the documented area",
    c.DOC_INTENT: "whether it was cosmetic or medical",
    c.DOC_SEPARATE_VISIT: "whether the visit was separate",
    c.DOC_DECISION: "whether the visit was the decision for surgery",
    c.DOC_METHOD: "what was done, in the chart's words",
    c.DOC_DRUG: "the drug given",
    c.DOC_DRUG_AMOUNT: "the amount given",
    c.DOC_PRIOR_PATHOLOGY: "whether a result was on file",
    c.DOC_LAST_SEEN_DAYS: "days since the patient was last seen",
    c.DOC_GLOBAL_CODE: "an earlier procedure",
    c.DOC_GLOBAL_DAYS: "days since an earlier procedure",
    c.DOC_GLOBAL_RELATED: "whether today is related to an earlier procedure",
    c.HISTORY_FROM: "a history of earlier claims (--history)",
}


def _need(column: str) -> str:
    return f"{NEEDS[column]} (column {column})" if column in NEEDS else column.replace("_", " ")


def find(name: str, own: Iterable[Rule] = ()) -> Page:
    """The rule or fault of that name, a practice's own rules among them.

    Raises:
        ConfigError: there is none; near names are offered.
    """
    faults = FAULTS | REMITTANCE_FAULTS
    return faults[name] if name in faults else find_rule(name, faults, own)


def as_dict(page: Page) -> dict[str, Any]:
    """Plain values for JSON."""
    if isinstance(page, FaultKind):
        return {
            "name": page.name, "family": page.family, "severity": page.severity.value, "what": page.what, "why": page.why,
            "authority": page.authority, "fix": page.fix, "loop": page.loop, "element": page.element, "x12_code": page.x12_code,
        }  # fmt: skip
    return {
        "name": page.name, "family": page.family, "severity": page.severity.value, "evidence": page.evidence.value,
        "scope": page.scope.value, "what": page.doc.what, "why": page.doc.why, "example": list(page.doc.example),
        "instead": list(page.doc.instead), "references": page.doc.references, "authority": page.authority, "url": page.url,
        "carc": page.carc, "exposure": page.exposure.value, "fix": {"kind": page.fix.value, "text": page.fix_text, "question": page.question},
        "message": page.message, "since": page.since, "needs": list(page.needs), "tables": list(page.tables),
        "payers": sorted(page.payers) if page.payers else None, "facts": list(page.facts),
        "in_force": [d.isoformat() if d else None for d in page.in_force],
    }  # fmt: skip


def as_markdown(page: Page) -> str:
    """The page in Markdown."""
    return _fault(page) if isinstance(page, FaultKind) else _rule(page)


def _fault(fault: FaultKind) -> str:
    where = ", ".join(filter(None, (fault.loop and f"loop {fault.loop}", fault.element)))
    facts = [f"- Severity: {fault.severity.value}", f"- Family: {fault.family}"]
    facts += [f"- Where: {where}"] if where else []
    facts += [f"- Acknowledgment code: {fault.x12_code}"] if fault.x12_code else []
    return "\n".join(
        [f"# {fault.name}", "", fault.what, "", *facts, "", "## Why", "", fault.why, "", "## What to do", "", fault.fix, "",
         "## References", "", fault.authority, ""]
    )  # fmt: skip


def _rule(rule: Rule) -> str:
    doc = rule.doc
    facts = [
        f"- Severity: {rule.severity.value}",
        f"- Family: {rule.family}",
        f"- Rests on: {EVIDENCE[rule.evidence.value]}",
        f"- Looks at: one {rule.scope.value}" if rule.scope.value != "history" else "- Looks at: the patient's history",
    ]
    facts += [f"- If it stands: {EXPOSURE[rule.exposure.value]}"]
    facts += [f"- Likely denial reason: {rule.carc}"] if rule.carc else []
    facts += [f"- Payers: {', '.join(sorted(rule.payers))}"] if rule.payers else []
    facts += [f"- Needs: {'; '.join(_need(n) for n in rule.needs)}"] if rule.needs else []
    facts += [f"- Tables: {', '.join(rule.tables)}"] if rule.tables else []
    first, last = rule.in_force
    facts += [f"- Service dates: {first or 'any'} to {last or 'today and on'}"] if first or last else []
    lines = [f"# {rule.name}", "", doc.what, "", *facts, "", "## Why", "", doc.why, "", "## Example", "", "```text",
             *doc.example, "```", "", "## Instead", "", "```text", *doc.instead, "```", ""]  # fmt: skip
    lines += _said(rule)
    source = f"[{rule.authority}]({rule.url})" if rule.url else rule.authority
    return "\n".join([*lines, "## References", "", f"{doc.references} {source}.", "", f"Since {rule.since}.", ""])


def _said(rule: Rule) -> list[str]:
    """What the rule says of its own Example, so that a reader sees sentences and not their templates."""
    found = apply(rule, Prepared(frame(rule.doc.example)), Reference.default()).found
    if found.is_empty():
        return []
    first = found.row(0, named=True)
    said = ["## What it says of the example", "", str(first["message"]), ""]
    if rule.fix is not FixKind.NONE:
        how = (
            "mechanical: `--fix` applies it"
            if rule.fix is FixKind.MECHANICAL
            else "needs the chart: it is said, never applied"
        )
        said += [f"Fix ({how}): {first['fix_text']}", ""]
        question = first["question"] or rule.question
        said += [f"Ask the chart: {question}", ""] if question else []
    return said
