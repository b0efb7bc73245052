"""Some codes at every place: a row a state or territory (its lowest and highest amount), or a row a locality."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from cutis.model.errors import ConfigError
from cutis.pricing.base import FACILITY, NONFACILITY
from cutis.pricing.everywhere import schedule
from cutis.pricing.locality import all_localities
from cutis.pricing.states import STATES
from cutis.reference.store import Reference

# the codes whose prices cheat sheets of the specialty publish
USUAL: Final = ("11102", "11104", "17000", "17003", "17311")
LOW_HIGH: Final = ("nonfacility_low", "nonfacility_high", "facility_low", "facility_high")


@dataclass(frozen=True, slots=True)
class Places:
    """Amounts of a day by place.

    Attributes:
        codes: as asked, `88305` or `88305-26`, in that order.
        rows: place (letters of a state, or MAC and locality), state, name, localities (how many the row covers), code,
            and `LOW_HIGH` (Int64 cents; null is not priced there). A row a place and code; places by name of the state.
        by_locality: whether a row is a locality.
        releases: what it rests on.
    """

    on: date
    codes: tuple[str, ...]
    rows: pl.DataFrame
    by_locality: bool
    releases: tuple[str, ...]


def places(reference: Reference, codes: list[str], on: date, *, by_locality: bool = False) -> Places:
    """Price the codes at every locality, and gather by state unless `by_locality`.

    The amounts of a locality of its MAC's state count for that state alone; an area that a locality takes in beyond it
    (Guam in Hawaii's, suburbs of Maryland and Virginia in the District's) has no row of its own.

    Raises:
        ConfigError: a code has no row in the fee schedule of that day; all such codes are named.
        DataError: no release of the fee schedule or of the localities is in force on that day.
    """
    asked = tuple(dict.fromkeys(c.upper() for c in codes)) or USUAL
    label = pl.when(pl.col("modifier") == "").then("code").otherwise(pl.concat_str("code", "modifier", separator="-"))
    priced = schedule(reference, on, codes={c.partition("-")[0] for c in asked}).with_columns(label.alias("code"))
    if missing := [c for c in asked if c not in set(priced["code"])]:
        raise ConfigError(f"the fee schedule of {on} has no row for {', '.join(missing)}; check the code or --date")
    order = pl.DataFrame({"code": asked, "order": range(len(asked))})
    priced = priced.join(order, on="code")
    if by_locality:
        names = {x.key: x.name for x in all_localities(reference)}
        place, name = pl.col("locality"), pl.col("locality").replace(names)
    else:
        place, name = pl.col("state"), pl.col("state").replace(STATES)
    rows = (
        priced.with_columns(place.alias("place"), name.alias("name"))
        .group_by("place", "state", "name", "code", "order")
        .agg(
            pl.len().alias("localities"),
            *(f(n).alias(n.replace("cents", part)) for n in (NONFACILITY, FACILITY) for f, part in _ENDS),
        )
        .sort(pl.col("state").replace(STATES), "place", "order")
        .select("place", "state", "name", "localities", "code", *LOW_HIGH)
    )
    return Places(on, asked, rows, by_locality, _releases(reference, on))


_ENDS: Final = ((pl.min, "low"), (pl.max, "high"))


def _releases(reference: Reference, on: date) -> tuple[str, ...]:
    """The releases that `schedule` takes: of each table the one that began last."""
    found = []
    for table in ("fee", "gpci"):
        rows = reference.table(table).filter(
            pl.col("effective_from") <= on, pl.col("effective_to").is_null() | (pl.col("effective_to") >= on)
        )
        rows = rows.filter(pl.col("effective_from") == pl.col("effective_from").max())
        found += rows["release"].unique().sort().to_list()
    return tuple(found)
