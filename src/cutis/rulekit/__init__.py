"""Floor 2: what a rule is written with. A rule file imports from here, from the model and the reference only."""

from cutis.model.finding import (
    EDITS,
    OTHER_LINES,
    REASON,
    RELEASE,
    STAKE_CENTS,
    STAKE_UNITS,
    Evidence,
    Exposure,
    FixKind,
    Severity,
    Stake,
)
from cutis.model.scope import Scope
from cutis.rulekit.alike import once_each
from cutis.rulekit.days import code_repeated, is_on_days, narrow, not_alone, on_days, seen_by_others, together
from cutis.rulekit.predicates import any_modifier, edit, has_modifier, is_like, modifier_list, past, some_diagnosis
from cutis.rulekit.rule import DAY, Outcome, Rule, rule

__all__ = [
    "DAY",
    "EDITS",
    "OTHER_LINES",
    "REASON",
    "RELEASE",
    "STAKE_CENTS",
    "STAKE_UNITS",
    "Evidence",
    "Exposure",
    "FixKind",
    "Outcome",
    "Rule",
    "Scope",
    "Severity",
    "Stake",
    "any_modifier",
    "code_repeated",
    "edit",
    "has_modifier",
    "is_like",
    "is_on_days",
    "modifier_list",
    "narrow",
    "not_alone",
    "on_days",
    "once_each",
    "past",
    "rule",
    "seen_by_others",
    "some_diagnosis",
    "together",
]
