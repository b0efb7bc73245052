"""A published policy of the claim's own payer that changes what this line is paid or needs."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.policies.policy import Kind, Policy
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, Stake, any_modifier, has_modifier, rule
from cutis.rules._shared.pairs import ANATOMIC
from cutis.rules._shared.visits import with_fee

WANTS = {Kind.RECORDS, Kind.SIDE}
KEY = [c.CLAIM_INDEX, c.LINE]
PLACE = [c.PAYER_ID, c.SERVICE_FROM, c.STATE]


@rule(
    "payer-policy-in-force",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.PUBLISHED,
    authority="The payer's own policy, by the page that the finding names",
    since="0.1.0",
    tables=("fee",),
    needs=(c.PAYER_ID, c.STATE),
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="{advice}",
    question="Does the contract with this payer take the policy over, and does the record hold what it asks for?",
    message="{code}: {sentence}",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A policy of the payer is in force for this line.

    What it finds:
        Lines of a payer of whom a policy is on file, where the policy is in force on the day of service for the state
        of the claim, and the code, the modifier and the procedure beside it are what the policy speaks about. Policies
        that are announced, paused or withdrawn find nothing. The payer is told by the claim's payer id, which may be
        a name; numbers of payers are added to a policy of your own under `also`. A policy that pays a share or a lower
        level is a remark; one that wants records or a side is a warning.

    Why:
        The line is right, and still is paid less or denied. The practice must know before it is sent.

    Example:
        99213 25 dx=L40.0 payer=commercial payer_id=Independence_Blue_Cross
        11102 dx=D49.2 payer=commercial payer_id=Independence_Blue_Cross

    Instead:
        99213 dx=L40.0 payer=commercial payer_id=Independence_Blue_Cross

    References:
        The page that the finding names; `cutis policies` lists all on file.
    """
    policies = ref.policies
    payers = [p for p in lines[c.PAYER_ID].unique().drop_nulls().sort() if policies.payer(p)]
    own = lines.filter(pl.col(c.PAYER_ID).is_in(payers))
    places = own.select(PLACE).unique().drop_nulls(c.SERVICE_FROM).sort(pl.all())
    # a policy says one sentence for many payers' ids, days and states: lines are looked at once a sentence
    groups: dict[tuple[str, str], tuple[Policy, list[tuple[object, ...]]]] = {}
    for payer, day, state in places.iter_rows():
        for standing in policies.at(payer, on=day, state=state):
            if standing.in_force:
                key = (standing.policy.name, standing.sentence())
                groups.setdefault(key, (standing.policy, []))[1].append((payer, day, state))
    found = []
    for (_, sentence), (policy, rows) in groups.items():
        spots = pl.DataFrame(rows, schema={n: own.schema[n] for n in PLACE}, orient="row")
        here = own.join(spots, on=PLACE, how="semi", nulls_equal=True, maintain_order="left")
        severity = Severity.WARNING if policy.kind in WANTS else Severity.INFO
        found.append(
            _under(here, policy, ref).with_columns(
                pl.lit(sentence).alias("sentence"),
                pl.lit(severity.value).alias("severity"),
                pl.lit(_advice(policy)).alias("advice"),
            )
        )
    return pl.concat(found) if found else own.clear()


def _under(lines: pl.DataFrame, policy: Policy, ref: Reference) -> pl.DataFrame:
    """Lines that the policy speaks about."""
    hit = lines.filter(pl.col(c.CODE).is_in(sorted(policy.codes)))
    if policy.modifier:
        hit = hit.filter(has_modifier(policy.modifier))
    if policy.kind is Kind.SIDE:
        sided = any_modifier((*ANATOMIC, "50"))
        hit = with_fee(hit, ref).filter(pl.col("bilateral") == "1").select(lines.columns).filter(~sided)
    if policy.beside_global and not hit.is_empty():
        beside = with_fee(lines, ref).filter(pl.col("global_days").is_in(list(policy.beside_global)))
        others = beside.join(hit, on=KEY, how="anti").select(DAY).unique()
        hit = hit.join(others, on=DAY, how="semi", maintain_order="left")
    return hit


def _advice(policy: Policy) -> str:
    if policy.kind is Kind.RECORDS:
        return "Send the office note with the claim."
    if policy.kind is Kind.SIDE:
        return "Add the side or digit that the note names."
    return "Nothing to change; expect the lower payment, and appeal with the record where the contract says otherwise."
