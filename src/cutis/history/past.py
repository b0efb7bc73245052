"""The part of history that a check looks at: lines of the same patients, as they stand after replacements and voids."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from cutis.history.outcome import answers
from cutis.history.store import CLAIMS, REMITTANCES, HistoryStore, Part, read_part
from cutis.model import columns as c
from cutis.model import remittance as r
from cutis.model.errors import ConfigError, InputError
from cutis.model.words import counted

REPLACEMENT, VOID = "7", "8"
CLAIM_KEY: Final = (c.PATIENT_KEY, c.BILLING_NPI, c.CLAIM_ID)
"""Which claim a replacement or void speaks of: the same patient control number of the same patient and billing provider."""

_ORDER: Final = "_order"
_PER_PART: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class History:
    """Claims and remittances from before, of stores and of files.

    Attributes:
        parts: what each added file gave, with its lines, in the order in which they were written.
        names: of the sources, for the report.
        left_out: files of history that are the very file being checked.
    """

    parts: tuple[tuple[Part, pl.LazyFrame], ...]
    names: tuple[str, ...] = ()
    left_out: int = 0

    @classmethod
    def open(cls, sources: Sequence[Path], *, checked: Path | None = None) -> "History":
        """History from stores, claim files and remittances.

        Args:
            sources: folders of stores, or files (837P, CSV, Parquet, 835).
            checked: the file being checked; where history holds the very same bytes they are left out.

        Raises:
            InputError: a source cannot be read.
            ConfigError: no source holds a claim.
        """
        own = _sha256(checked) if checked is not None else None
        found: dict[str, tuple[Part, pl.LazyFrame]] = {}
        left_out = 0
        for source in sources:
            for part, frame in _parts(source):
                if part.sha256 == own:
                    left_out += 1
                else:
                    found.setdefault(part.sha256, (part, frame))
        parts = sorted(found.values(), key=lambda p: (p[0].order, p[0].sha256))
        if not left_out and not any(p.kind == CLAIMS for p, _ in parts):
            raise ConfigError("the history holds no claims; add the claim files (837P, CSV or Parquet) that were sent")
        return cls(tuple(parts), tuple(s.name or str(s) for s in sources), left_out)

    @classmethod
    def of(cls, store: HistoryStore) -> "History":
        """All of one store, which may be empty."""
        return cls((*store.frames(CLAIMS), *store.frames(REMITTANCES)), (store.folder.name,))

    @property
    def described(self) -> str:
        """The sources and what is in them, in words."""
        count = sum(p.read for p, _ in self.parts if p.kind == CLAIMS)
        answered = sum(p.read for p, _ in self.parts if p.kind == REMITTANCES)
        own = "; the file itself is in it and was left out" if self.left_out else ""
        return f"{', '.join(self.names)} ({counted(count, 'claim')}, {counted(answered, 'answer')}{own})"

    @property
    def sha256(self) -> str:
        """Of the sha256s of its files, in their order."""
        return hashlib.sha256("".join(p.sha256 for p, _ in self.parts).encode()).hexdigest()

    @property
    def first(self) -> date | None:
        """The first service date of its claims."""
        return min((date.fromisoformat(p.first) for p, _ in self.parts if p.kind == CLAIMS and p.first), default=None)

    @property
    def last(self) -> date | None:
        """The last service date of its claims."""
        return max((date.fromisoformat(p.last) for p, _ in self.parts if p.kind == CLAIMS and p.last), default=None)

    def lines(self, people: pl.Series | None = None, closing: pl.DataFrame | None = None) -> Iterator[pl.DataFrame]:
        """Lines of claims that stand, part by part, with `past_outcome`, `reasons` and `answered_paid_cents`.

        A replacement (frequency 7) takes the place of what stood before under its number, a void (8) of it and of
        itself. What stands has frequency 1: it is the claim now. Claim indexes start at `PAST_FROM` and differ.

        Args:
            people: patient keys to look for; None is all.
            closing: `CLAIM_KEY` of claims that are being replaced or voided now; they inform no more.
        """
        closers = self._closers(people)
        remittances = self._remittances()
        offset = c.PAST_FROM
        for number, (part, lazy) in enumerate(p for p in self.parts if p[0].kind == CLAIMS):
            lines = _of(lazy, people).collect()
            order = pl.col(c.CLAIM_INDEX).cast(pl.UInt64) + number * _PER_PART
            stands = lines.with_columns(order.alias(_ORDER)).join(
                closers, on=CLAIM_KEY, how="left", maintain_order="left", nulls_equal=True
            )
            later = (pl.col("_closed") > pl.col(_ORDER)).fill_null(value=False)
            stands = stands.filter(~later & pl.col(c.FREQUENCY).ne_missing(pl.lit(VOID))).drop(_ORDER, "_closed")
            if closing is not None and not closing.is_empty():
                stands = stands.join(closing, on=CLAIM_KEY, how="anti", maintain_order="left", nulls_equal=True)
            index = (pl.col(c.CLAIM_INDEX).cast(pl.UInt64) + offset).cast(pl.UInt32)
            offset += part.read + part.refused + 1
            yield answers(stands, remittances).with_columns(index.alias(c.CLAIM_INDEX), pl.lit("1").alias(c.FREQUENCY))

    def _closers(self, people: pl.Series | None) -> pl.DataFrame:
        """Per claim key the place of the last replacement or void of it."""
        claims = [lazy for part, lazy in self.parts if part.kind == CLAIMS]
        frames = [
            _of(lazy, people)
            .filter(pl.col(c.FREQUENCY).is_in([REPLACEMENT, VOID]))
            .select(*CLAIM_KEY, (pl.col(c.CLAIM_INDEX).cast(pl.UInt64) + number * _PER_PART).alias("_closed"))
            .collect()
            for number, lazy in enumerate(claims)
        ]
        schema = {k: c.LINE_SCHEMA[k] for k in CLAIM_KEY} | {"_closed": pl.UInt64()}
        return pl.concat([pl.DataFrame(schema=schema), *frames]).group_by(CLAIM_KEY).agg(pl.col("_closed").max())

    def _remittances(self) -> pl.DataFrame:
        kept = [n for n in r.REMITTANCE_SCHEMA if n != c.SEGMENT]
        frames = [lazy.select(kept).collect() for part, lazy in self.parts if part.kind == REMITTANCES]
        return pl.concat([pl.DataFrame(schema={n: r.REMITTANCE_SCHEMA[n] for n in kept}), *frames])


@dataclass(frozen=True, slots=True)
class Held:
    """History that is already in memory: lines with `past_outcome`, claim indexes from `PAST_FROM`, and where it begins."""

    frame: pl.DataFrame
    first: date | None
    described: str = "lines given beside those to judge"
    sha256: str = ""

    @property
    def last(self) -> date | None:
        """The last service date of its lines."""
        return self.frame.select(pl.col(c.SERVICE_FROM).max()).item()  # type: ignore[no-any-return]

    def lines(self, people: pl.Series | None = None, closing: pl.DataFrame | None = None) -> Iterator[pl.DataFrame]:
        """As `History.lines`."""
        lines = _of(self.frame.lazy(), people).collect()
        if closing is not None:
            lines = lines.join(closing, on=CLAIM_KEY, how="anti", maintain_order="left", nulls_equal=True)
        yield lines


def _parts(source: Path) -> Iterator[tuple[Part, pl.LazyFrame]]:
    if source.is_dir():
        store = HistoryStore(source)
        yield from store.frames(CLAIMS)
        yield from store.frames(REMITTANCES)
        return
    try:
        data = source.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file or history store {source}") from None
    except OSError as error:
        raise InputError(f"{source.name} cannot be read: {error.strerror or error}") from None
    part, frame = read_part(data, source.name, hashlib.sha256(data).hexdigest())
    yield part, frame.lazy()


def _of(lines: pl.LazyFrame, people: pl.Series | None) -> pl.LazyFrame:
    return lines if people is None else lines.filter(pl.col(c.PATIENT_KEY).is_in(people.implode()))


def _sha256(file: Path) -> str | None:
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
