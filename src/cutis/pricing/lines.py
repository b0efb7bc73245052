"""Prices for a whole line frame at once: what one unit of each line is allowed at the claim's locality."""

from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from cutis.model import columns as c
from cutis.model.errors import ConfigError
from cutis.pricing.base import FACILITY, NONFACILITY, allowables
from cutis.pricing.locality import NATIONAL_KEY, all_localities, by_key, by_state, by_zip
from cutis.reference.dated import in_force
from cutis.reference.store import Reference

ALLOWABLE: Final = "allowable_mills"
"""Int64: allowable of one unit at the line's locality and setting, in thousandths of a dollar as a drug's limit is kept;
null where there is no price. Of several units `amount_of` tells the cents."""

LOCALITY: Final = "price_locality"
_WORDS: Final = ("", "26", "TC", "53")  # components; where a line carries several the last counts
_COMPONENT: Final = "component"
_PLACE: Final = "_place"
_KEY: Final = "_key"
_MILLS: Final = 10  # thousandths of a dollar in a cent


def amount_of(units: pl.Expr) -> pl.Expr:
    """Cents of so many units at `ALLOWABLE` each: multiplied first, rounded once, half up."""
    return (pl.col(ALLOWABLE) * units / _MILLS + 0.5).floor().cast(pl.Int64)


class LinePricer:
    """Prices frames of one run; keeps what it learned of localities between chunks.

    Args:
        reference: has tables fee, gpci and pos.
        locality: MAC and locality for all lines, as `09102-04`; None takes it from each claim.
        state: state to take where a claim names none.

    Raises:
        ConfigError: the locality or state is unknown, or the state has several localities.
    """

    def __init__(self, reference: Reference, *, locality: str | None = None, state: str | None = None) -> None:
        self._ref = reference
        self._fixed = by_key(reference, locality).key if locality else None
        self._state = state.upper() if state else None
        self._by_state: dict[str, list[str]] = {}
        for found in all_localities(reference):
            self._by_state.setdefault(found.state or "", []).append(found.key)
        if self._state:
            by_state(reference, self._state)
        keys = dict.fromkeys((NATIONAL_KEY, *(k for found in self._by_state.values() for k in found)))
        self._places = {key: number for number, key in enumerate(keys)}
        self._used: dict[str, None] = {}
        self._codes: dict[str | None, int] = {}
        self._known = pl.DataFrame(schema={_KEY: pl.Int64, ALLOWABLE: pl.Int64})

    def described(self) -> str:
        """The localities that prices were taken from, for people."""
        return ", ".join(sorted(self._used)) or self._fixed or NATIONAL_KEY

    def price(self, lines: pl.DataFrame) -> pl.DataFrame:
        """`lines` with `allowable_mills` and `price_locality`."""
        if lines.is_empty():
            return lines.with_columns(pl.lit(None, pl.Int64).alias(ALLOWABLE), pl.lit(None, pl.String).alias(LOCALITY))
        placed = self._placed(lines)
        keys = self._keys(placed)
        self._learn(placed, keys)
        prices = keys.to_frame().join(self._known, on=_KEY, how="left", maintain_order="left")[ALLOWABLE]
        return placed.drop(_PLACE).with_columns(prices)

    def _keys(self, placed: pl.DataFrame) -> pl.Series:
        """What a price hangs on as one number: code, component, period, setting and locality.

        Of the date only the period between two changes of the tables counts, of the place of service only the setting:
        few combinations are left to price, and a number finds its price faster than five columns do.
        """
        parts = placed.select(
            _component(placed),
            pl.col(c.PLACE_OF_SERVICE).is_in(self._facility).fill_null(value=False).alias("facility"),
            _PLACE,
        )
        key = self._numbered(placed[c.CODE]) * len(_WORDS) + parts[_COMPONENT].to_numpy()
        key = key * 2 + parts["facility"].to_numpy()
        key = key * (len(self._changes) + 2) + self._period(placed[c.SERVICE_FROM])
        return pl.Series(_KEY, key * len(self._places) + parts[_PLACE].to_numpy())

    def _numbered(self, codes: pl.Series) -> npt.NDArray[np.int64]:
        """The number that each code has in this run; those that the column gives itself last no longer than it."""
        kept = codes.cast(pl.Categorical(pl.Categories.random()))
        own: npt.NDArray[np.int64] = kept.to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
        row = np.zeros(own.max() + 2, dtype=np.int64)
        row[own] = np.arange(len(own))
        numbers = np.array([self._codes.setdefault(code, len(self._codes)) for code in codes.gather(row)])
        given: npt.NDArray[np.int64] = numbers[own]
        return given

    def _period(self, days: pl.Series) -> npt.NDArray[np.int64]:
        """Per day the number of changes up to it; one more than all of them where there is no day."""
        number = np.searchsorted(self._changes, days.to_physical().fill_null(0).to_numpy(), side="right")
        if days.null_count():
            number[days.is_null().to_numpy()] = len(self._changes) + 1
        return number

    @cached_property
    def _changes(self) -> npt.NDArray[np.int32]:
        """Days on which a row of a price table begins, or has ended the day before."""
        days = []
        for table in (self._ref.table(t) for t in ("fee", "gpci", "asp") if self._ref.has(t)):
            first, last = (table[n].cast(pl.Date).unique().drop_nulls() for n in ("effective_from", "effective_to"))
            days += [first.to_physical(), last.to_physical() + 1]
        return pl.concat(days).unique().sort().to_numpy()

    @cached_property
    def _facility(self) -> pl.Series:
        return self._ref.table("pos").filter("facility")["place_of_service"].unique().implode()

    def _learn(self, placed: pl.DataFrame, keys: pl.Series) -> None:
        """Price the combinations that no chunk before had."""
        fresh = keys.unique().to_frame().join(self._known, on=_KEY, how="anti")
        if fresh.is_empty():
            return
        asked = placed.select(c.CODE, c.SERVICE_FROM, c.PLACE_OF_SERVICE, LOCALITY, *c.MODIFIERS).with_columns(keys)
        if not self._known.is_empty():
            asked = asked.join(fresh, on=_KEY, how="semi")
        combos = asked.unique(_KEY, keep="any")
        self._known = pl.concat([self._known, self._prices(combos)])

    def _placed(self, lines: pl.DataFrame) -> pl.DataFrame:
        if self._fixed is not None:
            return self._at(lines, self._fixed)
        where = [c.PAYER_ID, c.STATE, c.ZIP]
        # lines of a claim, and mostly those of a file, are at one place: only where it changes need be looked at
        changed = pl.any_horizontal(pl.col(n).ne_missing(pl.col(n).shift()) for n in where)
        places = lines.select(where).filter(changed | (pl.int_range(pl.len()) == 0)).unique()
        chosen = [self._choose(payer, state, code) for payer, state, code in places.iter_rows()]
        if len(set(chosen)) == 1:
            return self._at(lines, chosen[0])
        self._used |= dict.fromkeys(chosen)
        numbers = [self._places[key] for key in chosen]
        placed = places.with_columns(
            pl.Series(LOCALITY, chosen, dtype=pl.String), pl.Series(_PLACE, numbers, dtype=pl.Int64)
        )
        return lines.join(placed, on=where, how="left", nulls_equal=True, maintain_order="left")

    def _at(self, lines: pl.DataFrame, key: str) -> pl.DataFrame:
        self._used.setdefault(key)
        return lines.with_columns(pl.lit(key).alias(LOCALITY), pl.lit(self._places[key], pl.Int64).alias(_PLACE))

    def _choose(self, payer: str | None, state: str | None, code: str | None) -> str:
        """ZIP where its table is loaded; else the one locality of the state (of the payer's MAC); else national."""
        if code and self._ref.has("zip_locality"):
            try:
                return by_zip(self._ref, code).key
            except ConfigError:
                pass  # a ZIP code that CMS does not list: the state tells less, but truly
        found = self._by_state.get(state or self._state or "", [])
        of_mac = [k for k in found if payer and k.startswith(payer + "-")]
        for keys in (of_mac, found):
            if len(keys) == 1:
                return keys[0]
        return NATIONAL_KEY

    def _prices(self, combos: pl.DataFrame) -> pl.DataFrame:
        """Unit allowable of each combination, with its key."""
        gpci = self._ref.table("gpci").select(
            pl.concat_str("mac", "locality", separator="-").alias(LOCALITY),
            pl.col("work").alias("gpci_work"), pl.col("pe").alias("gpci_pe"), pl.col("mp").alias("gpci_mp"),
            "effective_from", "effective_to", "release",
        )  # fmt: skip
        component = _component(combos).replace_strict(dict(enumerate(_WORDS)), return_dtype=pl.String)
        combos = combos.select(
            _KEY,
            c.CODE,
            component.alias("modifier"),
            pl.col(c.SERVICE_FROM).alias("date"),
            c.PLACE_OF_SERVICE,
            LOCALITY,
        )
        placed = in_force(combos, gpci, on=[LOCALITY], date="date").drop("release", "known")
        national = pl.col(LOCALITY) == NATIONAL_KEY
        asked = placed.with_columns(
            *(pl.when(national).then(1000).otherwise(pl.col(g)).alias(g) for g in ("gpci_work", "gpci_pe", "gpci_mp"))
        )
        priced = allowables(asked, self._ref)
        here = pl.when(pl.col(c.PLACE_OF_SERVICE).is_in(self._facility)).then(FACILITY).otherwise(NONFACILITY)
        limit = pl.col("drug_limit") if "drug_limit" in priced.columns else pl.lit(None, pl.Int64)
        return priced.select(_KEY, pl.coalesce(limit, here * _MILLS).cast(pl.Int64).alias(ALLOWABLE))


def _component(lines: pl.DataFrame) -> pl.Expr:
    """26, TC or 53 where the line carries it, else the global service; its place among `_WORDS`."""
    used = [m for m in c.MODIFIERS if lines[m].null_count() < lines.height]
    expr = pl.lit(0, pl.Int64)
    for number, component in enumerate(_WORDS):
        if number and used:
            carried = pl.any_horizontal(pl.col(m).eq_missing(pl.lit(component)) for m in used)
            expr = pl.when(carried).then(pl.lit(number, pl.Int64)).otherwise(expr)
    return expr.alias(_COMPONENT)
