"""An earlier operation told of in a case's context: its code, the days since, and whether today's service is part of it."""

import re
from datetime import date
from typing import Any

from score_items import is_earlier, number, truth
from score_items import name as _name

from cutis.model import columns as c

SENTENCE = re.compile(r"\d+ days? (?:after|since|from|following) [^.;]*?\b\d{4}[0-9a-z]\b.*")
UNRELATED = re.compile(
    r"nothing to do with|unrelated|not related|\bnew (?:tumou?r|lesion|problem)|different (?:lesion|site|problem)"
)
RELATED = re.compile(
    r"stitch|sutures? (?:out|remov)|staple|wound check|as planned|planned at|staged|second stage|dressing change|positive margin"
)


def earlier(fact: Any) -> dict[str, Any] | None:
    """An earlier procedure: its code, the days since, and whether today's service is related."""
    key, value = _sentence(fact.key, fact.value)
    if not is_earlier(value) and not re.search(
        r"global|post ?op|prior proc|previous proc|prior surg|previous surg|days since|days after|related", key
    ):
        return None
    if isinstance(value, dict):
        inner = {_name(k): v for k, v in value.items()}
        proc = next((str(v) for k, v in inner.items() if re.search(r"proc|code|cpt|surg|operation", k)), None)
        dates = [date.fromisoformat(d) for v in inner.values() for d in re.findall(r"\d{4}-\d\d-\d\d", str(v))]
        proc = proc or next((str(v) for v in inner.values() if re.fullmatch(r"[0-9]{4}[0-9A-Z]", str(v).strip())), None)
        days = next(
            (_days(k, v) for k, v in inner.items() if re.search(r"day|week|month|offset|since|after|ago", k)), None
        )
        if days is None and len(dates) > 1:
            days = float((max(dates) - min(dates)).days)
        related = next(
            (not truth(v) if "un" in k else truth(v) for k, v in inner.items() if re.search(r"related", k)), None
        )
        if related is None and any(
            re.search(r"staged|planned|compl|more extensive", k) and truth(v) for k, v in inner.items()
        ):
            related = True
        rest = " ".join(str(v) for v in inner.values() if isinstance(v, str)).lower()
        text = f"{proc} {rest}"
    else:
        text, days = str(value).lower(), None
        proc = found[0] if (found := re.search(r"\b[0-9]{4}[0-9A-Z]\b", str(value))) else None
        related = truth(value) if "related" in key else None
        if related is not None and "unrelated" in key:
            related = not related
        if re.search(r"day", key) and proc is None:
            days = number(value)
        elif found := re.search(r"(\d+) (?:days?|d\b)|day (\d+)", text):
            days = float(found[1] or found[2])
    if related is None and re.search(r"unrelated|not related|different (?:problem|lesion|site)", text):
        related = False
    elif related is None and re.search(
        r"\brelated|suture|staple|wound check|staged|planned|complication|same (?:problem|lesion)", text
    ):
        related = True
    code_of = re.search(r"[0-9]{4}[0-9A-Z]", proc or "")
    facts = {
        c.DOC_GLOBAL_CODE: code_of[0] if code_of else None,
        c.DOC_GLOBAL_DAYS: int(days) if days is not None else None,
        c.DOC_GLOBAL_RELATED: related,
    }
    return facts if any(v is not None for v in facts.values()) else None


def _sentence(key: str, value: Any) -> tuple[str, Any]:
    """Key and value as they are, or those of a sentence of the note that tells when and after which code."""
    found = SENTENCE.search(value.lower()) if isinstance(value, str) else None
    if found is None:
        return key, value
    return f"global {key}", f"{found[0]}, related" if RELATED.search(value.lower()) else found[0]


def _days(key: str, value: Any) -> float | None:
    n = number(value)
    text = f"{key} {value}".lower()
    return None if n is None else n * (30 if "month" in text else 7 if "week" in text else 1)
