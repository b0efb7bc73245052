"""Prices for a whole line frame at once: what one unit of each line is allowed at the claim's locality."""

from typing import Final

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
COMPONENTS: Final = ("26", "TC", "53")
_COMPONENT: Final = "component"
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
        self._used: dict[str, None] = {}

    def described(self) -> str:
        """The localities that prices were taken from, for people."""
        return ", ".join(sorted(self._used)) or self._fixed or NATIONAL_KEY

    def price(self, lines: pl.DataFrame) -> pl.DataFrame:
        """`lines` with `allowable_mills` and `price_locality`."""
        if lines.is_empty():
            return lines.with_columns(pl.lit(None, pl.Int64).alias(ALLOWABLE), pl.lit(None, pl.String).alias(LOCALITY))
        keyed = self._placed(lines)
        for key in keyed[LOCALITY].unique():
            self._used.setdefault(key)
        keyed = keyed.with_columns(_component())
        asked = [c.CODE, _COMPONENT, c.SERVICE_FROM, c.PLACE_OF_SERVICE, LOCALITY]
        # a key with one value for all lines tells nothing: joining on fewer keys is faster
        keys = [k for k in asked if k == c.CODE or keyed[k].n_unique() > 1]
        prices = self._prices(keyed.unique(keys).select(asked)).select(*keys, ALLOWABLE)
        return keyed.join(prices, on=keys, how="left", nulls_equal=True, maintain_order="left").drop(_COMPONENT)

    def _placed(self, lines: pl.DataFrame) -> pl.DataFrame:
        if self._fixed is not None:
            return lines.with_columns(pl.lit(self._fixed).alias(LOCALITY))
        where = [c.PAYER_ID, c.STATE, c.ZIP]
        places = lines.select(where).unique()
        chosen = [self._choose(payer, state, code) for payer, state, code in places.iter_rows()]
        if len(set(chosen)) == 1:
            return lines.with_columns(pl.lit(chosen[0]).alias(LOCALITY))
        placed = places.with_columns(pl.Series(LOCALITY, chosen, dtype=pl.String))
        return lines.join(placed, on=where, how="left", nulls_equal=True, maintain_order="left")

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
        """Unit allowable of each distinct code, component, date, setting and locality."""
        gpci = self._ref.table("gpci").select(
            pl.concat_str("mac", "locality", separator="-").alias(LOCALITY),
            pl.col("work").alias("gpci_work"), pl.col("pe").alias("gpci_pe"), pl.col("mp").alias("gpci_mp"),
            "effective_from", "effective_to", "release",
        )  # fmt: skip
        placed = in_force(combos, gpci, on=[LOCALITY]).drop("release", "known")
        national = pl.col(LOCALITY) == NATIONAL_KEY
        asked = placed.with_columns(
            *(pl.when(national).then(1000).otherwise(pl.col(g)).alias(g) for g in ("gpci_work", "gpci_pe", "gpci_mp"))
        ).rename({_COMPONENT: "modifier", c.SERVICE_FROM: "date"})
        priced = allowables(asked, self._ref)
        facility = self._ref.table("pos").filter("facility")["place_of_service"].unique().implode()
        here = pl.when(pl.col(c.PLACE_OF_SERVICE).is_in(facility)).then(FACILITY).otherwise(NONFACILITY)
        limit = pl.col("drug_limit") if "drug_limit" in priced.columns else pl.lit(None, pl.Int64)
        return priced.select(
            c.CODE, pl.col("modifier").alias(_COMPONENT), pl.col("date").alias(c.SERVICE_FROM),
            c.PLACE_OF_SERVICE, LOCALITY, pl.coalesce(limit, here * _MILLS).alias(ALLOWABLE),
        )  # fmt: skip


def _component() -> pl.Expr:
    """26, TC or 53 where the line carries it, else the global service."""
    expr = pl.lit("")
    for component in COMPONENTS:
        carried = pl.any_horizontal(pl.col(m).eq_missing(pl.lit(component)) for m in c.MODIFIERS)
        expr = pl.when(carried).then(pl.lit(component)).otherwise(expr)
    return expr.alias(_COMPONENT)
