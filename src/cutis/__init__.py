"""Cutis: a linter, coder and pricer for dermatology claims.

The façade: `check` a file of claims, look at the `Report`. Everything else stands in its own package.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cutis.model.version import VERSION

__version__ = VERSION
__all__ = ["Report", "check", "explain", "read", "read_remittance"]

if TYPE_CHECKING:
    from cutis.engine.report import Report


def check(
    path: str | Path,
    *,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    locality: str | None = None,
    state: str | None = None,
    history: tuple[str | Path, ...] = (),
    config: str | Path | None = None,
) -> "Report":
    """Check a file of claims (837P, CSV or Parquet).

    Args:
        path: of the file.
        select: names or families of rules to run; empty is all.
        ignore: names or families to leave out.
        locality: MAC and locality for prices, as `09102-04`; None takes it from each claim.
        state: state where a claim names none.
        history: history stores, and files of claims and remittances from before.
        config: a `cutis.toml`; none is looked for. What is given beside it goes before what it says.

    Returns:
        The report: `report.summary`, `report.findings` (a Polars frame), `report.not_checked`, `report.releases`.

    Raises:
        cutis.model.errors.InputError: the file cannot be read at all.
        cutis.model.errors.ConfigError: a rule, family or locality is unknown, or the configuration has faults.
    """
    from cutis.engine.config import Config, load  # noqa: PLC0415 - importing Cutis stays cheap
    from cutis.engine.report import ConfigUse  # noqa: PLC0415
    from cutis.engine.run import check as run  # noqa: PLC0415
    from cutis.engine.settings import Given, options  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    read = load(Path(config)) if config is not None else Config()
    given = Given(
        tuple(select) or None, tuple(ignore) or None, locality, state, history=tuple(Path(h) for h in history)
    )
    report = run(Path(path), options(read, given), Reference.default())
    report.config = ConfigUse(read.name, read.sha256) if read.name else None
    return report


def explain(rule: str) -> str:
    """The page of a rule or fault in Markdown.

    Raises:
        cutis.model.errors.ConfigError: there is none of that name.
    """
    from cutis.output.pages import as_markdown, find  # noqa: PLC0415

    return as_markdown(find(rule))


def read(path: str | Path, *, references: bool = False) -> Any:
    """Iterate over chunks of a file of claims: line frames, faults and counts (`cutis.parse.faults.Chunk`).

    Args:
        path: of the file.
        references: give each chunk `references`, a frame of every REF, NTE and K3 of an 837P; None otherwise.

    Raises:
        cutis.model.errors.InputError: the file cannot be read at all.
    """
    from cutis.parse import detect  # noqa: PLC0415

    return detect.read(Path(path), with_references=references)


def read_remittance(path: str | Path) -> Any:
    """An 835 as frames (`cutis.parse.x12_835.Remittance`).

    Raises:
        cutis.model.errors.InputError: the file cannot be read at all.
    """
    from cutis.parse.x12_835 import read_835  # noqa: PLC0415

    return read_835(Path(path))


def __getattr__(name: str) -> Any:
    if name == "Report":
        from cutis.engine.report import Report  # noqa: PLC0415

        return Report
    raise AttributeError(f"module 'cutis' has no attribute {name!r}")
