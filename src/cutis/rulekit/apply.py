"""Run one rule over prepared lines: the same path for the engine, for case files and for the documentation."""

import string
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from cutis.model import columns as c
from cutis.model.errors import told
from cutis.model.finding import FINDING_SCHEMA, OTHER_LINES, REASON, STAKE_UNITS, NotChecked, Problem
from cutis.model.scope import SAME_DAY, Scope
from cutis.reference.store import Reference
from cutis.rulekit.alike import MANY, once_each
from cutis.rulekit.rule import CORE, DAY, Outcome, Rule

ROW_SCHEMA: dict[str, pl.DataType] = {k: t for k, t in FINDING_SCHEMA.items() if k != c.CLAIM_ID} | {
    STAKE_UNITS: pl.Float64()
}
"""What `apply` returns a finding as; the engine adds the claim's id and the dollars."""


_Pick = tuple[tuple[str, ...], frozenset[str] | None, frozenset[str] | None]
"""Columns, and the codes and modifiers (of those that occur) of the lines that a rule is given; None is all."""


@dataclass(slots=True)
class Prepared:
    """A line frame made ready for many rules: the day key once, and the rows of each code at hand."""

    lines: pl.DataFrame
    rows_of_code: dict[str, pl.Series] = field(init=False)
    rows_of_modifier: dict[str, pl.Series] = field(init=False)
    columns: frozenset[str] = field(init=False)
    payers: frozenset[str] = field(init=False)
    first: date | None = field(init=False)
    last: date | None = field(init=False)
    has_past: bool = field(init=False)
    whole: dict[tuple[str, ...], pl.DataFrame] = field(init=False, default_factory=dict)
    asked: Counter[_Pick] = field(init=False, default_factory=Counter)
    picked: dict[_Pick, pl.DataFrame] = field(init=False, default_factory=dict)
    lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.lines = _by_day(self.lines)
        self.rows_of_code = _rows_of(self.lines, (c.CODE,))
        self.rows_of_modifier = _rows_of(self.lines, c.MODIFIERS)
        self.first, self.last = self.lines[c.SERVICE_FROM].min(), self.lines[c.SERVICE_FROM].max()  # type: ignore[assignment]
        self.columns = frozenset(self.lines.columns)
        self.has_past = c.HISTORY_FROM in self.columns
        self.payers = frozenset(self.lines[c.PAYER_KIND].unique().drop_nulls())

    def concerns(self, rule: Rule) -> bool:
        """Whether there is a line with one of the codes and one with one of the modifiers that `rule` speaks about."""
        asked = ((self.rows_of_code, rule.codes), (self.rows_of_modifier, rule.modifiers))
        return not any(wanted is not None and wanted.isdisjoint(rows) for rows, wanted in asked)

    def pick(
        self, columns: Sequence[str], codes: Collection[str] | None, modifiers: Collection[str] | None = None
    ) -> pl.DataFrame:
        """The given columns of all lines, or of those with one of `codes` and one of `modifiers`, in their order."""
        key = self._key(columns, codes, modifiers)
        if codes is None and modifiers is None:
            return self._whole(key[0])
        with self.lock:
            # rules of a family look at the same lines; kept no longer than one of them is still to come
            self.asked[key] -= 1
            held = self.picked.pop(key, None)
        # outside the lock, so that two rules pick side by side; where they want the same lines, either pick will do
        if held is None:
            held = self._picked(key)
        with self.lock:
            if self.asked[key] > 0:
                self.picked[key] = held
        return held

    def expect(self, rules: Iterable[Rule]) -> None:
        """Say which rules are to be applied, so that lines which several of them look at are picked once."""
        self.asked.update(self._key(*_request(rule, self)) for rule in rules if self.concerns(rule))

    def _key(self, columns: Sequence[str], codes: Collection[str] | None, modifiers: Collection[str] | None) -> _Pick:
        # in this order: a rule may name thousands of codes, of which few occur
        of_code = None if codes is None else frozenset(codes).intersection(self.rows_of_code)
        of_modifier = None if modifiers is None else frozenset(modifiers).intersection(self.rows_of_modifier)
        return tuple(columns), of_code, of_modifier

    def _whole(self, columns: tuple[str, ...]) -> pl.DataFrame:
        """These columns of all lines: the same frame for each rule, so that what one derives from it serves the next."""
        with self.lock:
            if columns not in self.whole:
                self.whole[columns] = self.lines[list(columns)]
            return self.whole[columns]

    def _picked(self, key: _Pick) -> pl.DataFrame:
        columns, codes, modifiers = key
        mask = np.ones(self.lines.height, dtype=np.bool_)
        for rows, wanted in ((self.rows_of_code, codes), (self.rows_of_modifier, modifiers)):
            if wanted is not None:
                some = np.zeros(len(mask), dtype=np.bool_)
                for value in wanted:
                    some[rows[value].to_numpy()] = True
                mask &= some
        frame = self._whole(columns)
        # for many rows a mask is several times faster than gathering
        if np.count_nonzero(mask) * 16 < frame.height:
            return frame[np.flatnonzero(mask)].with_columns(pl.col(DAY).set_sorted())
        return frame.filter(pl.Series(mask))


def _rows_of(lines: pl.DataFrame, columns: Sequence[str]) -> dict[str, pl.Series]:
    """Per value of these columns the rows that hold it, in order; a row may stand twice where two columns hold it."""
    row = pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
    values = [lines.select(pl.col(n).alias("value"), row).drop_nulls() for n in columns]
    rows = pl.concat(values).group_by("value").agg("row")
    return dict(zip(rows["value"], rows["row"], strict=True))


def _by_day(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines with their day key, lines of a day together, days in the order of their first line.

    The key is the place of that first line: ascending and marked so, which makes each grouping by day several times
    faster than one by hash. The order does not depend on how the input was parted.
    """
    hashed = lines.select(pl.struct(SAME_DAY).hash(seed=1).alias("hash"))["hash"]
    of_line = hashed.to_numpy()
    # lines of a day mostly stand together as they come: one look at each run of them, not at each line
    begins = np.ones(len(of_line), dtype=np.bool_)
    np.not_equal(of_line[1:], of_line[:-1], out=begins[1:])
    heads = np.flatnonzero(begins)
    runs = pl.DataFrame({"hash": of_line[heads], "row": heads.astype(np.uint32)})
    if runs["hash"].n_unique() < runs.height:
        runs = runs.select(pl.col("row").min().over("hash"))
    lengths = np.diff(heads, append=len(of_line))
    key = pl.Series(DAY, np.repeat(runs["row"].to_numpy(), lengths))
    keyed = lines.with_columns(key)
    if not key.is_sorted():
        keyed = keyed.sort(DAY, maintain_order=True)
    return keyed.with_columns(pl.col(DAY).set_sorted())


@dataclass(frozen=True, slots=True)
class Applied:
    """What one rule gave: findings in `ROW_SCHEMA`, what it could not check, or the way it failed."""

    found: pl.DataFrame
    not_checked: tuple[NotChecked, ...] = ()
    problem: Problem | None = None


Schema = Mapping[str, pl.DataType]

_NONE = pl.DataFrame(schema=ROW_SCHEMA)

# made once: of small files the making of expressions is most of the work
_ABSENT: Final = {name: pl.lit(None, dtype).alias(name) for name, dtype in ROW_SCHEMA.items()}
_LINE: Final = pl.col(c.LINE).cast(pl.UInt16)
_OWN: Final = pl.concat_list(_LINE).alias("lines")
_ALL: Final = (
    pl.concat_list(_LINE, pl.col(OTHER_LINES).cast(pl.List(pl.UInt16)).fill_null(pl.lit([], pl.List(pl.UInt16))))
    .list.drop_nulls()
    .list.unique()
    .list.sort()
    .alias("lines")
)


def empty() -> pl.DataFrame:
    """No findings, in the right shape."""
    return _NONE


def apply(rule: Rule, prepared: Prepared, ref: Reference) -> Applied:
    """Run `rule`; a rule that fails becomes a problem of the run and never raises."""
    if reason := _silent(rule, prepared, ref):
        return Applied(empty(), (NotChecked(rule.name, reason),))
    try:
        lines = _lines_for(rule, prepared) if prepared.concerns(rule) else None
        if lines is None or lines.is_empty():
            return Applied(empty())
        result = rule.check(lines, ref)
        outcome = result if isinstance(result, Outcome) else Outcome(result, pl.DataFrame())
        found, unknown = outcome.found, outcome.unknown
        if prepared.has_past:
            # lines of history inform; only those to judge get findings
            found, unknown = (
                f if f.is_empty() else f.filter(pl.col(c.CLAIM_INDEX) < c.PAST_FROM) for f in (found, unknown)
            )
        return Applied(_findings(rule, found), _unknown(rule, unknown))
    except Exception as error:  # noqa: BLE001 - one broken rule must not bring the run down
        return Applied(empty(), (), Problem(rule.name, told(error)))


def _silent(rule: Rule, prepared: Prepared, ref: Reference) -> str | None:
    if c.HISTORY_FROM in rule.needs and c.HISTORY_FROM not in prepared.columns:
        return "no history was given; --history DB or FILE answers it"
    absent = [n for n in rule.needs if n not in prepared.columns]
    if absent:
        return "the input has no column " + ", ".join(absent)
    missing = [t for t in rule.tables if not ref.has(t)]
    if missing:
        return "table not loaded: " + ", ".join(missing)
    return None


def _request(rule: Rule, prepared: Prepared) -> tuple[list[str], frozenset[str] | None, frozenset[str] | None]:
    """Columns that a rule is given, and the codes and modifiers of the lines."""
    uses = [n for n in rule.uses if n in prepared.columns]
    columns = list(dict.fromkeys((*CORE, *rule.needs, *uses)))
    return columns, rule.codes, rule.modifiers if rule.scope is Scope.LINE else None


def _lines_for(rule: Rule, prepared: Prepared) -> pl.DataFrame:
    lines = prepared.pick(*_request(rule, prepared))
    wanted = []
    if rule.payers is not None and not prepared.payers <= rule.payers:
        wanted.append(pl.col(c.PAYER_KIND).is_in(sorted(rule.payers)))
    first, last = rule.in_force
    if first is not None and (prepared.first is None or prepared.first < first):
        wanted.append(pl.col(c.SERVICE_FROM) >= first)
    if last is not None and (prepared.last is None or prepared.last > last):
        wanted.append(pl.col(c.SERVICE_FROM) <= last)
    return lines.filter(*wanted) if wanted else lines


def _findings(rule: Rule, found: pl.DataFrame) -> pl.DataFrame:
    if found.is_empty():
        return empty()
    have = found.schema
    texts = {"message": rule.message, "fix_text": rule.fix_text}
    if rule.question and "{" in rule.question:
        texts["question"] = rule.question
    texts = {name: text for name, text in texts.items() if name not in have}
    made: dict[str, pl.Expr | pl.Series] = {"rule": pl.lit(rule.name).alias("rule"), "lines": _line_lists(found, have)}
    if "severity" not in have:
        made["severity"] = pl.lit(rule.severity.value).alias("severity")
    made |= _texts(found, have, texts)
    return found.select(
        made[name] if name in made else _ABSENT[name] if name not in have else _as(name, have[name], dtype)
        for name, dtype in ROW_SCHEMA.items()
    )


def _as(name: str, own: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    return pl.col(name) if own == wanted else pl.col(name).cast(wanted)


WORDY: Final = 4


def _texts(found: pl.DataFrame, schema: Schema, templates: dict[str, str]) -> dict[str, pl.Expr | pl.Series]:
    """The sentences that are put together from columns, and those that stand as they are."""
    filled = {name: _filled(text, schema).alias(name) for name, text in templates.items()}
    wordy = {name: _places(text) for name, text in templates.items()} if found.height >= MANY else {}
    places = {place for names in wordy.values() for place in names}
    # a sentence with a word or two in it is put together faster than like ones are looked for
    if sum(map(len, wordy.values())) < WORDY or any(schema[place].is_nested() for place in places):
        return dict(filled)
    once = once_each(found, sorted(places), *(filled[name] for name, names in wordy.items() if names))
    return filled | {text.name: text for text in once}


def _places(template: str) -> list[str]:
    """Columns of a sentence that stand among other words; none where it is a column or a sentence as it stands."""
    parts = list(string.Formatter().parse(template))
    names = [name for _, name, _, _ in parts if name is not None]
    return names if len(parts) > 1 or any(literal for literal, _, _, _ in parts) else []


def _line_lists(found: pl.DataFrame, schema: Schema) -> pl.Expr | pl.Series:
    if OTHER_LINES not in schema:
        return _OWN
    if found.height < MANY and not found[c.LINE].has_nulls():
        return _ALL
    most: int | None = found.select(pl.col(OTHER_LINES).list.len().max()).item()
    if (most or 0) > 1:
        return _ALL
    # the common shape, one other line at most: two numbers in order, without sorting lists
    other = pl.col(OTHER_LINES).list.first().cast(pl.UInt16)
    both = pl.concat_list(pl.min_horizontal(_LINE, other), pl.max_horizontal(_LINE, other))
    alone = other.is_null() | (other == _LINE)
    listed = pl.when(alone).then(_OWN).otherwise(both).alias("lines")
    return once_each(found, [_LINE, other], listed).to_series()


def _filled(template: str, schema: Schema) -> pl.Expr:
    """A sentence with `{column}` places filled from the row; whole numbers lose their `.0`."""
    parts: list[pl.Expr] = []
    for literal, name, _, _ in string.Formatter().parse(template):
        if literal:
            parts.append(pl.lit(literal))
        if name is not None:
            parts.append(_text(name, schema[name]).fill_null("?"))
    return pl.concat_str(parts) if len(parts) > 1 else (parts[0] if parts else pl.lit(""))


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return pl.when(whole == column).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
    if isinstance(dtype, pl.List):
        return column.list.eval(pl.element().cast(pl.String)).list.join(", ")
    return column.cast(pl.String)


def _unknown(rule: Rule, unknown: pl.DataFrame) -> tuple[NotChecked, ...]:
    if unknown.is_empty():
        return ()
    counted = (
        unknown.group_by(REASON)
        .agg(pl.len().alias("lines"), pl.col(c.CLAIM_INDEX).n_unique().alias("claims"))
        .sort(REASON)
    )
    return tuple(NotChecked(rule.name, r[REASON], r["lines"], r["claims"]) for r in counted.iter_rows(named=True))
