"""From chunks of lines to a report: price, keep patients together, run the rules, put dollars on findings."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from cutis.engine.ahead import ahead
from cutis.engine.controls import Controls
from cutis.engine.dollars import put_dollars
from cutis.engine.lowered import lower
from cutis.engine.options import Options
from cutis.engine.past import NEEDED, Past, in_scopes, parted
from cutis.engine.report import ReleaseUse, Report
from cutis.engine.rows import by_rule
from cutis.engine.store import FindingStore, LineStore
from cutis.engine.worth import published
from cutis.history.past import History
from cutis.model import columns as c
from cutis.model.finding import FINDING_SCHEMA, NotChecked, Problem
from cutis.model.scope import Scope
from cutis.model.version import VERSION
from cutis.parse import detect
from cutis.parse.faults import FAULTS, Chunk, Counts
from cutis.pricing.lines import ALLOWABLE, LinePricer
from cutis.reference.store import Reference
from cutis.rulekit.apply import apply
from cutis.rulekit.catalogue import select
from cutis.rulekit.rule import CORE, Rule

RULE_RELEASE = f"cutis-rules {VERSION}"
"""What a finding rests on where no table is behind it: the rule's own text in this release."""

PRICE_TABLES = ("fee", "gpci")
BYTES_PER_PART = 24 << 20
WORKERS = 2  # rules at a time: each is a chain of short column operations that leaves cores idle


@dataclass
class _Run:
    """State of one run; `Report` is what remains of it."""

    rules: list[Rule]
    ref: Reference
    pricer: LinePricer
    lines: LineStore
    payer: str | None = None
    findings: FindingStore = field(default_factory=FindingStore)
    counts: Counts = field(default_factory=Counts)
    not_checked: dict[tuple[str, str], NotChecked] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    kept: frozenset[str] = frozenset()
    past: Past | None = None
    controls: Controls = field(default_factory=Controls)
    measured: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # only what the chosen rules look at is kept until they run: tens of bytes a line, not hundreds
        wanted = {n for r in self.rules for n in (*r.needs, *r.uses)}
        self.kept = frozenset({*CORE, c.CLAIM_ID, ALLOWABLE, *self.controls.columns, *wanted})
        if self.past:
            self.kept |= {*NEEDED, c.PAST_OUTCOME}


def check(
    source: Path | BinaryIO,
    options: Options,
    reference: Reference,
    *,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check a claim file.

    Args:
        source: path of an 837P, CSV or Parquet file, or a binary stream.
        options: what to run and how to price.
        reference: tables to judge by.
        progress: called with the bytes read so far.

    Raises:
        InputError: the input cannot be read at all.
        ConfigError: a rule, family or locality of the options is unknown.
    """
    rules = select(options.select, options.ignore, known=(*FAULTS, "format"), own=options.controls.rules)
    pricer = LinePricer(reference, locality=options.locality, state=options.state)
    past = _past(options, source if isinstance(source, Path) else None)
    store = LineStore(parts=detect.weight(source) // BYTES_PER_PART + 1)
    run = _Run(rules, reference, pricer, store, options.payer, past=past, controls=options.controls)
    run.measured = dict(options.measured)
    faults = {n: k for n, k in FAULTS.items() if _fault_chosen(n, options)}
    for chunk in ahead(detect.read(source, chunk_bytes=options.chunk_bytes)):
        _take(run, chunk, faults)
        if progress is not None:
            progress(run.counts.bytes)
    return _finish(run, faults, str(source) if isinstance(source, Path) else "-")


def check_lines(lines: pl.DataFrame, options: Options, reference: Reference) -> Report:
    """Check a line frame that is already in memory (`LINE_SCHEMA`, chart columns welcome).

    Lines of history may stand in it (claim indexes from `PAST_FROM`, a column `history_from`); they inform only.

    Raises:
        ConfigError: a rule, family or locality of the options is unknown.
    """
    rules = select(options.select, options.ignore, known=(*FAULTS, "format"), own=options.controls.rules)
    pricer = LinePricer(reference, locality=options.locality, state=options.state)
    lines, held = parted(lines)
    past = Past(held) if held else _past(options, None)
    store = LineStore(parts=lines.height // 100_000 + 1)
    run = _Run(rules, reference, pricer, store, options.payer, past=past, controls=options.controls)
    run.measured = dict(options.measured)
    claims = lines[c.CLAIM_INDEX].n_unique()
    counts = Counts(claims_read=claims, clm_segments=claims, lines=lines.height)
    _take(run, Chunk(lines, pl.DataFrame(), counts), {})
    return _finish(run, {}, "")


def _past(options: Options, checked: Path | None) -> Past | None:
    return Past(History.open(options.history, checked=checked)) if options.history else None


def _fault_chosen(name: str, options: Options) -> bool:
    wanted = not options.select or name in options.select or "format" in options.select
    return wanted and name not in options.ignore and "format" not in options.ignore


def _take(run: _Run, chunk: Chunk, faults: Mapping[str, object]) -> None:
    run.counts = run.counts + chunk.counts
    lines = run.pricer.price(run.controls.kinds(chunk.lines))
    if run.payer is not None:
        lines = lines.with_columns(pl.lit(run.payer).alias(c.PAYER_KIND))
    if not lines.is_empty():
        first, last = lines.select(
            pl.col(c.SERVICE_FROM).min().alias("a"), pl.col(c.SERVICE_FROM).max().alias("b")
        ).row(0)
        run.first = min(filter(None, (run.first, first)), default=None)
        run.last = max(filter(None, (run.last, last)), default=None)
        if run.past:
            run.past.take(lines)
        run.lines.add(lines.select(n for n in lines.columns if n in run.kept))
    if not chunk.faults.is_empty():
        chosen = chunk.faults.filter(pl.col("rule").is_in(list(faults)))
        run.findings.add(
            run.controls.settle(put_dollars(_as_findings(chosen), lines, {}, (c.PAYER_KIND,)), lines, {}, run.ref)
        )


def _as_findings(faults: pl.DataFrame) -> pl.DataFrame:
    """Faults of the reader in the shape of findings."""
    line = pl.col(c.LINE).cast(pl.UInt16)
    listed = pl.when(line.is_not_null()).then(pl.concat_list(line)).otherwise(pl.lit([], dtype=pl.List(pl.UInt16)))
    have = {"lines": listed, "release": pl.lit(RULE_RELEASE)}
    return faults.select(
        (have[n] if n in have else pl.col(n) if n in faults.columns else pl.lit(None)).cast(t).alias(n)
        for n, t in FINDING_SCHEMA.items()
    )


def _finish(run: _Run, faults: Mapping[str, object], source: str) -> Report:
    rules = {r.name: r for r in run.rules}
    if run.past:
        run.past.add_to(run.lines, run.kept, run.payer)
    for part in run.lines.parts():
        _judge(run, part, rules)
    silent = {n.rule for n in run.not_checked.values() if n.lines == 0} | set(run.problems)
    return Report(
        counts=run.counts,
        store=run.findings,
        rules=rules,
        faults={n: FAULTS[n] for n in faults},
        not_checked=sorted(run.not_checked.values(), key=lambda n: (n.rule, n.reason)),
        problems=sorted(run.problems.values(), key=lambda p: p.rule),
        releases=[*_releases(run), *_history_use(run)],
        first_service=run.first,
        last_service=run.last,
        locality=run.pricer.described(),
        rules_run=tuple(n for n in rules if n not in silent),
        source=source,
        controls=run.controls,
        stated_odds=published(run.ref),
    )


def _judge(run: _Run, part: pl.DataFrame, rules: Mapping[str, Rule]) -> None:
    prepared = in_scopes(part, run.past)
    for scope in dict.fromkeys(r.scope for r in rules.values()):
        prepared[scope].expect(r for r in rules.values() if r.scope is scope)
    with ThreadPoolExecutor(WORKERS) as pool:
        begun = {r.name: pool.submit(apply, r, prepared[r.scope], run.ref) for r in _apart(rules.values())}
        results = [begun[name].result() for name in rules]
    run.ref.forget()
    for applied in results:
        for item in applied.not_checked:
            _count_not_checked(run, item)
        if applied.problem:
            run.problems.setdefault(applied.problem.rule, applied.problem)
    found = [applied.found for applied in results if not applied.found.is_empty()]
    if found:
        rows = _without_superseded(pl.concat(found).with_columns(_releases_of(found)), rules)
        whole = prepared[Scope.LINE].lines
        rows = put_dollars(lower(rows, run.measured), whole, rules, (c.PAYER_KIND,))
        run.findings.add(run.controls.settle(rows, whole, rules, run.ref))


def _apart(rules: Collection[Rule]) -> list[Rule]:
    """The rules in the order in which they begin: in turn one of each family.

    Rules of a family share what one of them derives from the lines: begun together, the others would wait for it.
    """
    begun: Counter[str] = Counter()
    turn = {}
    for rule in reversed(list(rules)):
        turn[rule.name] = begun[rule.family]
        begun[rule.family] += 1
    return sorted(rules, key=lambda r: turn[r.name])


def _releases_of(found: list[pl.DataFrame]) -> pl.Series:
    """What findings rest on, rule after rule; most rules say it of all of theirs or of none."""
    own = pl.Series("release", [RULE_RELEASE])
    said = []
    for release in (rows["release"] for rows in found):
        silent = release.null_count()
        whole = own.new_from_index(0, len(release)) if silent == len(release) else release
        said.append(whole.fill_null(RULE_RELEASE) if 0 < silent < len(release) else whole)
    return pl.concat(said)


def _without_superseded(rows: pl.DataFrame, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """Findings less those that a more particular rule makes on the same line, or on lines that hold all of theirs."""
    number = {n: i for i, n in enumerate(rules)}
    pairs = [(number[n], number[g]) for n, r in rules.items() for g in r.supersedes if g in number]
    if not pairs:
        return rows
    made = rows.select(c.CLAIM_INDEX, c.LINE, by_rule(rows["rule"], number, pl.UInt32()).alias("by")).with_row_index(
        "row"
    )
    general = pl.DataFrame(pairs, schema={"by": pl.UInt32, "general": pl.UInt32}, orient="row")
    said = made.join(general, on="by").drop("by").rename({"general": "by"})
    less = made.filter(pl.col("by").is_in(general["general"].unique().implode()))
    both = less.join(said, on=["by", c.CLAIM_INDEX], suffix="_said")
    same = both[c.LINE].eq(both[c.LINE + "_said"]).fill_null(value=False)
    other = both.filter(~same)
    lines = pl.DataFrame([rows["lines"].gather(other[n]).alias(n) for n in ("row", "row_said")])
    within = lines.select(pl.col("row").list.set_difference("row_said").list.len() == 0).to_series()
    stays = np.ones(rows.height, dtype=np.bool_)
    for covered in (both.filter(same), other.filter(within)):
        stays[covered["row"].to_numpy()] = False
    return rows if stays.all() else rows.filter(pl.Series(stays))


def _count_not_checked(run: _Run, item: NotChecked) -> None:
    key = (item.rule, item.reason)
    before = run.not_checked.get(key)
    if before is None:
        run.not_checked[key] = item
    else:
        run.not_checked[key] = NotChecked(
            item.rule, item.reason, before.lines + item.lines, before.claims + item.claims, before.example
        )


def _history_use(run: _Run) -> list[ReleaseUse]:
    """The history that the findings rest on, told as a release is."""
    if run.past is None:
        return []
    past = run.past.history
    return [ReleaseUse("history", past.described, past.first, past.last, past.sha256, None)]


def _releases(run: _Run) -> Iterator[ReleaseUse]:
    """Every release in force on a service date of the input, for the tables that prices and rules used."""
    if run.first is None or run.last is None:
        return
    used: Iterable[str] = dict.fromkeys((*PRICE_TABLES, *(t for r in run.rules for t in r.tables)))
    for table in sorted(used):
        if not run.ref.has(table):
            continue
        for release in run.ref.releases(table):
            starts, ends = release.effective_from, release.effective_to
            if (starts is None or starts <= run.last) and (ends is None or ends >= run.first):
                yield ReleaseUse(
                    table=table,
                    release=release.release,
                    effective_from=starts,
                    effective_to=ends,
                    sha256=release.sha256,
                    stale=run.ref.staleness(table, run.first, run.last),
                )
