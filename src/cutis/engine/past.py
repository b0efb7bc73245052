"""History beside the lines of a run: gathered for their patients, put before them, seen by the rules that look that far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from cutis.engine.store import LineStore
from cutis.history.past import CLAIM_KEY, Held, History
from cutis.model import columns as c
from cutis.model.scope import SAME_DAY, Scope
from cutis.rulekit.apply import Prepared

CLOSING = ("7", "8")
NEEDED = (*CLAIM_KEY, c.FREQUENCY, c.PAYER_RANK)


@dataclass
class Past:
    """What a run needs to know of its lines before it can ask its history for theirs."""

    history: History | Held
    people: list[pl.Series] = field(default_factory=list)
    closing: list[pl.DataFrame] = field(default_factory=list)

    def take(self, lines: pl.DataFrame) -> None:
        """Note the patients of a chunk, and the claims that it replaces or voids."""
        self.people.append(lines[c.PATIENT_KEY].unique())
        self.closing.append(lines.filter(pl.col(c.FREQUENCY).is_in(CLOSING)).select(CLAIM_KEY).unique())

    def add_to(self, store: LineStore, kept: frozenset[str], payer: str | None) -> None:
        """Put lines of history of the patients that were taken into the store, under `payer` where all are judged so."""
        if not self.people:
            return
        people, closing = pl.concat(self.people).unique(), pl.concat(self.closing).unique()
        for lines in self.history.lines(people, closing):
            if payer is not None:
                lines = lines.with_columns(pl.lit(payer).alias(c.PAYER_KIND))  # noqa: PLW2901 - the same lines, otherwise insured
            store.add(lines.select(n for n in lines.columns if n in kept))


def parted(lines: pl.DataFrame) -> tuple[pl.DataFrame, Held | None]:
    """A frame that holds its own lines of history (`history_from` beside them): lines to judge, and the history."""
    if c.HISTORY_FROM not in lines.columns:
        return lines, None
    earlier = pl.col(c.CLAIM_INDEX) >= c.PAST_FROM
    begun = lines[c.HISTORY_FROM].min()
    assert begun is None or isinstance(begun, date)
    own = lines.drop(c.HISTORY_FROM)
    return own.filter(~earlier).drop(c.PAST_OUTCOME, strict=False), Held(own.filter(earlier), begun)


def in_scopes(part: pl.DataFrame, past: Past | None) -> Mapping[Scope, Prepared]:
    """Lines as rules of each scope see them.

    Args:
        part: lines to judge, and where a history was given, lines of it.
        past: the history, if any.

    Returns:
        Rules that look at a line or claim see the lines to judge alone. Rules of a day see, before them, what history
        has of the same day for the same payer's turn and was not denied; rules of history see all of it.
    """
    if past is None:
        return dict.fromkeys(Scope, Prepared(part))
    earlier = pl.col(c.CLAIM_INDEX) >= c.PAST_FROM
    part = part.with_columns(pl.lit(past.history.first, dtype=pl.Date).alias(c.HISTORY_FROM))
    new, before = part.filter(~earlier), part.filter(earlier)
    alone = Prepared(new)
    if before.is_empty():
        return dict.fromkeys(Scope, alone)
    # a claim to the next payer repeats that to the first, and a denied line was never paid: neither adds to a day
    key = [*SAME_DAY, c.PAYER_RANK]
    same_day = before.filter(pl.col(c.PAST_OUTCOME).ne_missing(pl.lit("denied"))).join(
        new.select(key).unique(), on=key, how="semi", maintain_order="left", nulls_equal=True
    )
    day = Prepared(pl.concat([same_day, new])) if same_day.height else alone
    return {Scope.LINE: alone, Scope.CLAIM: alone, Scope.DAY: day, Scope.HISTORY: Prepared(pl.concat([before, new]))}
