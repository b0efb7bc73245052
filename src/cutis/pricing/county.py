"""A county's locality: by CMS's table of counties where it is imported, else by the names CMS gives its localities.

Where the table is not loaded only three things are sure: a county in the brackets of a locality's name (Marin Cnty), a
county of the short list kept from CMS's locality key, and any county of a state of one locality. Everything else could
be the named city's locality or the rest of its state, so all localities of the state are shown.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from cutis.model.errors import ConfigError
from cutis.pricing.locality import Locality, all_localities, by_state
from cutis.pricing.states import STATES, letters
from cutis.reference.shipped import load_shipped
from cutis.reference.sources.locco import ALL, OTHER, plain
from cutis.reference.store import Reference

FILE: Final = Path(__file__).parents[1] / "reference" / "values" / "counties.yaml"
_BRACKETS = re.compile(r"\(([^)]*) Cnty\)")


def by_county(reference: Reference, county: str, state: str | None = None) -> list[Locality]:
    """The locality of a county; all of its state's where the loaded tables do not tell which.

    Args:
        reference: has gpci; the table county decides where it is loaded.
        county: with or without the word county, any case.
        state: two letters or name; needed where the county's name does not tell it.

    Raises:
        ConfigError: the state is unknown, or there is none and the county does not tell it.
    """
    name = plain(county)
    wanted = letters(state) if state else None
    if wanted:
        by_state(reference, wanted)  # an unknown state is said before an unknown county
    sure = _of_table(reference, name, wanted) if reference.has("county") else _of_names(reference, name, wanted)
    if sure:
        return sure
    if wanted is None:
        raise ConfigError(
            f"county {county!r} is in no list of counties that is loaded; give --state too, or import CMS's LOCCO file"
        )
    return by_state(reference, wanted)


def _of_table(reference: Reference, name: str, state: str | None) -> list[Locality]:
    table = reference.table("county").filter(pl.col("release") == pl.col("release").max())
    if state:
        table = table.filter(pl.col("state_name") == STATES.get(state, state).upper())
    for county in (name, OTHER, ALL) if state else (name,):
        keys = {f"{r['mac']}-{r['locality']}" for r in table.filter(pl.col("county") == county).iter_rows(named=True)}
        if found := [x for x in all_localities(reference) if x.key in keys]:
            return found
    return []


def _of_names(reference: Reference, name: str, state: str | None) -> list[Locality]:
    every = [x for x in all_localities(reference) if state in {None, x.state}]
    kept = _kept()
    named = [x for x in every if name in _bracketed(x.name) or name in kept.get(x.key, ())]
    return named if named or state is None else (every if len(every) == 1 else [])


def _bracketed(locality: str) -> set[str]:
    return {plain(part) for text in _BRACKETS.findall(locality) for part in text.split("/")}


@cache
def _kept() -> dict[str, tuple[str, ...]]:
    content: dict[str, Any] = load_shipped(FILE)
    return {key: tuple(plain(c) for c in names) for key, names in content["counties"].items()}
