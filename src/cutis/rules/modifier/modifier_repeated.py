"""The same modifier twice on a line."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.store import Reference
from cutis.rulekit import EDITS, Evidence, Exposure, FixKind, Scope, Severity, Stake, edit, rule


@rule(
    "modifier-repeated",
    scope=Scope.LINE,
    severity=Severity.WARNING,
    exposure=Exposure.DENIAL,
    evidence=Evidence.CMS_MANUAL,
    authority="Medicare Claims Processing Manual, chapter 26 (item 24D)",
    carc="4",
    since="0.1.0",
    uses=(c.SEGMENT,),
    stake=Stake.NONE,
    fix=FixKind.MECHANICAL,
    fix_text="Write {modifier} once.",
    message="{code} carries {modifier} twice.",
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """A modifier stands twice on a line.

    What it finds:
        Lines whose second, third or fourth modifier repeats an earlier one.

    Why:
        The repetition says nothing and some payers reject the line. Removing it changes no statement of the claim, so
        it may be done without the chart.

    Example:
        99213 25 25 dx=L70.0

    Instead:
        99213 25 dx=L70.0

    References:
        CMS, Medicare Claims Processing Manual, chapter 26.
    """
    places = []
    for later in range(1, 4):
        same = [pl.col(c.MODIFIERS[later]) == pl.col(c.MODIFIERS[earlier]) for earlier in range(later)]
        places.append(pl.any_horizontal(s.fill_null(value=False) for s in same))
    first = pl.coalesce(pl.when(p).then(pl.col(m)) for p, m in zip(places, c.MODIFIERS[1:], strict=True))
    some = lines.filter(pl.any_horizontal(pl.col(m).is_not_null() for m in c.MODIFIERS[1:]))
    found = some.filter(pl.any_horizontal(places)).with_columns(first.alias("modifier"))
    if c.SEGMENT not in found.columns or found.is_empty():
        return found
    return found.with_columns(pl.when(pl.col(c.SEGMENT).is_not_null()).then(_edits(places)).alias(EDITS))


def _edits(repeated: list[pl.Expr]) -> pl.Expr:
    """Every repetition taken out, those after it moved up; what follows the four modifiers stays in its place."""
    texts = [pl.col(m).fill_null("") for m in c.MODIFIERS]
    kept = pl.concat_list(texts[0], *(pl.when(~p).then(t) for p, t in zip(repeated, texts[1:], strict=True)))
    moved = [kept.list.drop_nulls().list.get(i, null_on_oob=True).fill_null("") for i in range(len(texts))]
    # component 3 of SV101 is the first modifier
    return pl.concat_list(
        pl.when(old != new).then(edit(c.SEGMENT, 1, place, old, new))
        for place, (old, new) in enumerate(zip(texts, moved, strict=True), 3)
    ).list.drop_nulls()
