"""Which Medicare locality a price is for: from MAC and locality, a ZIP code, or a state; never guessed between two."""

import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from cutis.model.errors import ConfigError, DataError
from cutis.pricing.states import letters
from cutis.reference.store import Reference

NATIONAL_KEY: Final = "national"
_PATTERN = re.compile(r"(\d{5})[-/ ]?(\d{2})")


@dataclass(frozen=True, slots=True)
class Locality:
    """A payment locality; `national` stands for GPCIs of 1.000."""

    key: str
    mac: str | None = None
    locality: str | None = None
    state: str | None = None
    name: str = "national"


NATIONAL = Locality(NATIONAL_KEY)


def all_localities(reference: Reference) -> list[Locality]:
    """The localities of the newest GPCI release, in the order of MAC and number."""
    rows = reference.table("gpci").filter(pl.col("release") == pl.col("release").max())
    return [
        Locality(f"{r['mac']}-{r['locality']}", r["mac"], r["locality"], r["state"], r["name"])
        for r in rows.sort("mac", "locality", "state").iter_rows(named=True)
    ]


def by_key(reference: Reference, text: str) -> Locality:
    """The locality written as MAC and number, `09102-04`, or `national`.

    Raises:
        ConfigError: it is not written so, or there is no such locality.
    """
    if text.lower() == NATIONAL_KEY:
        return NATIONAL
    match = _PATTERN.fullmatch(text.strip())
    if not match:
        raise ConfigError(f"locality {text!r} must be written MAC-LOCALITY, as 09102-04, or 'national'")
    key = f"{match[1]}-{match[2]}"
    for found in all_localities(reference):
        if found.key == key:
            return found
    raise ConfigError(f"there is no locality {key}; list them with: cutis price 17000 --all-localities")


def by_state(reference: Reference, state: str) -> list[Locality]:
    """All localities of a state; where there are several, the choice between them is the user's.

    Raises:
        ConfigError: no locality has that state.
    """
    found = [x for x in all_localities(reference) if x.state == letters(state)]
    if not found:
        raise ConfigError(f"no locality in state {state!r}; use its two letters, as FL")
    return found


def by_zip(reference: Reference, code: str) -> Locality:
    """The locality of a ZIP code; of a code that runs over several, the one that CMS's five-digit file names.

    Raises:
        DataError: the table is not loaded.
        ConfigError: the ZIP code is not in it.
    """
    if not reference.has("zip_locality"):
        raise DataError(
            "ZIP codes cannot be placed: table zip_locality is not loaded; "
            "import CMS's ZIP5 carrier locality file with: cutis data import FILE"
        )
    rows = reference.table("zip_locality").filter(pl.col("zip") == code[:5])
    if rows.is_empty():
        raise ConfigError(f"ZIP code {code[:5]} is not in the table zip_locality")
    row = rows.sort("effective_from").row(-1, named=True)
    return by_key(reference, f"{row['mac']}-{row['locality']}")


def zip_runs_over_several(reference: Reference, code: str) -> bool:
    """Whether four more digits would be needed to be sure (CMS's plus-four flag)."""
    rows = reference.table("zip_locality").filter(pl.col("zip") == code[:5])
    return "several" in rows.columns and bool(rows["several"].fill_null(value=False).any())


def gpcis(reference: Reference, key: str) -> pl.DataFrame:
    """GPCI rows of a locality key: gpci_work, gpci_pe, gpci_mp (thousandths) with dates; national is 1.000 always."""
    if key == NATIONAL_KEY:
        whole = {"gpci_work": [1000], "gpci_pe": [1000], "gpci_mp": [1000], "gpci_release": [None]}
        return pl.DataFrame(whole).cast({"gpci_work": pl.Int32, "gpci_pe": pl.Int32, "gpci_mp": pl.Int32})
    mac, number = key.split("-")
    rows = reference.table("gpci").filter(pl.col("mac") == mac, pl.col("locality") == number)
    return rows.rename({"work": "gpci_work", "pe": "gpci_pe", "mp": "gpci_mp", "release": "gpci_release"})
