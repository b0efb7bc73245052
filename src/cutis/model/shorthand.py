"""Lines in one breath: `17003 x13 59 dx=L57.0 on=2026-05-01`. Used by cases, documentation and `cutis try`."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import polars as pl

from cutis.model import columns as c
from cutis.model.errors import InputError

DEFAULT_DATE: Final = date(2026, 7, 15)
PAST_MARK: Final = "history:"
LONG_AGO: Final = date(2000, 1, 1)
DEFAULT_NPI: Final = "1234567893"

_UNITS = re.compile(r"x(\d+(?:\.\d+)?)")
_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.IGNORECASE)
_MODIFIER = re.compile(r"[0-9A-Z]{2}", re.IGNORECASE)

# Keys that are spelled shorter than their column.
_KEYS: Final = {
    "claim": c.CLAIM_ID,
    "on": c.SERVICE_FROM,
    "to": c.SERVICE_TO,
    "pos": c.PLACE_OF_SERVICE,
    "npi": c.RENDERING_NPI,
    "billing": c.BILLING_NPI,
    "payer": c.PAYER_KIND,
    "payer_id": c.PAYER_ID,
    "sex": c.PATIENT_SEX,
    "born": c.PATIENT_BIRTH,
    "state": c.STATE,
    "zip": c.ZIP,
    "clia": c.CLIA,
    "ndc": c.NDC,
    "auth": c.AUTHORIZATION,
    "freq": c.FREQUENCY,
    "taxonomy": c.TAXONOMY,
    "basis": c.UNIT_BASIS,
    "note": c.LINE_NOTE,
    "claim_dx": c.CLAIM_DX,
    "clm": c.CLM_SEGMENT,
    "outcome": c.PAST_OUTCOME,
    "rank": c.PAYER_RANK,
}


def parse_line(text: str) -> dict[str, Any]:
    """One shorthand line as values by column name.

    Grammar: code, then in any order `xN` units, two-character modifiers, and `key=value` where key is one of
    claim, patient, on, to, dx (comma between codes), charge (dollars), pos, npi, payer ... or, for facts of the chart,
    a column of `CHART_SCHEMA` without its `doc_` (`lesion=a`, `count=8`, `separate_visit=yes`).

    Raises:
        InputError: a word is none of these.
    """
    words = text.split()
    if not words or not (_CODE.fullmatch(words[0]) or words[0] == "-"):
        raise InputError(f"shorthand {text!r}: the first word must be a five-character code")
    values: dict[str, Any] = {c.CODE: words[0].upper()}
    modifiers: list[str] = []
    for word in words[1:]:
        if "=" in word:
            key, _, value = word.partition("=")
            _set(values, key, value, text)
        elif match := _UNITS.fullmatch(word):
            values[c.UNITS] = float(match[1])
        elif _MODIFIER.fullmatch(word):
            modifiers.append(word)
        else:
            raise InputError(f"shorthand {text!r}: {word!r} is neither units (x3), a modifier nor key=value")
    values |= dict(zip(c.MODIFIERS, modifiers, strict=False))
    return values


def frame(texts: Iterable[str | int]) -> pl.DataFrame:
    """Shorthand lines as a line frame; lines without `claim=` belong to one claim, made-up but complete.

    `history: 17110 on=2026-06-01` is a line of history, which informs and is not judged (`outcome=denied` tells what a
    remittance said of it); `history: since 2026-01-01` tells where the history begins, else it is long ago.

    Returns:
        `LINE_SCHEMA`, plus those columns of `CHART_SCHEMA` that at least one line names.
    """
    past, since, now = _parted([str(t) for t in texts])
    rows = _numbered([parse_line(t) for t in past], c.PAST_FROM) + _numbered([parse_line(t) for t in now], 0)
    chart = {k: t for k, t in c.CHART_SCHEMA.items() if any(k in r for r in rows)}
    schema: dict[str, pl.DataType] = c.LINE_SCHEMA | chart
    if since:
        schema |= {c.HISTORY_FROM: pl.Date(), c.PAST_OUTCOME: pl.String()}
    return pl.DataFrame([{k: r.get(k) for k in schema} for r in rows], schema=schema).with_columns(
        pl.col(c.CLAIM_DX).fill_null(_pointed_codes().over(c.CLAIM_INDEX)),
        pl.col(c.CLAIM_CHARGE).fill_null(pl.col(c.CHARGE).sum().over(c.CLAIM_INDEX)),
        *([pl.lit(since).alias(c.HISTORY_FROM)] if since else []),
    )


def _parted(texts: list[str]) -> tuple[list[str], date | None, list[str]]:
    """Lines of history, where the history begins (None: there is none), and lines to judge."""
    past: list[str] = []
    since = None
    for text in texts:
        if not text.startswith(PAST_MARK):
            continue
        rest = text.removeprefix(PAST_MARK).strip()
        since = since or LONG_AGO
        if rest.startswith("since "):
            since = _typed(rest.removeprefix("since ").strip(), pl.Date(), text)
        elif rest:
            past.append(rest)
    return past, since, [t for t in texts if not t.startswith(PAST_MARK)]


def _numbered(rows: list[dict[str, Any]], first: int) -> list[dict[str, Any]]:
    ids: dict[str, int] = {}
    counts: dict[int, int] = {}
    for row in rows:
        index = ids.setdefault(row.setdefault(c.CLAIM_ID, "CLAIM-1" if first == 0 else "BEFORE-1"), first + len(ids))
        counts[index] = counts.get(index, 0) + 1
        row |= {c.CLAIM_INDEX: index, c.LINE: counts[index]}
        _fill(row)
    return rows


def _pointed_codes() -> pl.Expr:
    joined = pl.concat_list(c.DIAGNOSES).explode(empty_as_null=True, keep_nulls=True)
    return joined.drop_nulls().unique(maintain_order=True).str.join(" ")


def _fill(row: dict[str, Any]) -> None:
    patient = row.pop("patient", "1")
    row[c.PATIENT_KEY] = int(patient) if patient.isdigit() else abs(hash_text(patient))
    row.setdefault(c.RENDERING_NPI, DEFAULT_NPI)
    row.setdefault(c.BILLING_NPI, row[c.RENDERING_NPI])
    row.setdefault(c.SERVICE_FROM, DEFAULT_DATE)
    row.setdefault(c.SERVICE_TO, row[c.SERVICE_FROM])
    row.setdefault(c.UNITS, 1.0)
    row.setdefault(c.UNIT_BASIS, "UN")
    row.setdefault(c.CHARGE, 10000)
    row.setdefault(c.PLACE_OF_SERVICE, "11")
    row.setdefault(c.PAYER_KIND, "medicare")
    row.setdefault(c.PAYER_RANK, "P")
    row.setdefault(c.FREQUENCY, "1")


def hash_text(text: str) -> int:
    """A small stable number for a name, so that `patient=ann` means the same in every run."""
    value = 0
    for byte in text.encode():
        value = (value * 257 + byte) % (1 << 61)
    return value


def _set(values: dict[str, Any], key: str, value: str, text: str) -> None:
    if key == "dx":
        codes = [v.replace(".", "").upper() for v in value.split(",") if v]
        values |= dict(zip(c.DIAGNOSES, codes, strict=False))
    elif key == "patient":
        values["patient"] = value
    elif key == "charge":
        values[c.CHARGE] = round(float(value) * 100)
    elif key in _KEYS or f"doc_{key}" in c.CHART_SCHEMA:
        column = _KEYS.get(key, f"doc_{key}")
        values[column] = _typed(value, (c.LINE_SCHEMA | c.CHART_SCHEMA | {c.PAST_OUTCOME: pl.String()})[column], text)
    else:
        raise InputError(f"shorthand {text!r}: unknown key {key!r}")


def _typed(value: str, dtype: pl.DataType, text: str) -> Any:
    try:
        if dtype == pl.Date:
            return date.fromisoformat(value)
        if dtype.is_integer():
            return int(value)
        if dtype.is_float():
            return float(value)
    except ValueError:
        raise InputError(f"shorthand {text!r}: {value!r} does not fit its key") from None
    if dtype == pl.Boolean:
        return value.lower() in {"yes", "true", "1"}
    return value.replace("_", " ")
