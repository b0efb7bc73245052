"""What a run is asked to do; everything a check depends on besides the input and the reference."""

from dataclasses import dataclass, field
from pathlib import Path

from cutis.engine.controls import Controls


@dataclass(frozen=True, slots=True)
class Options:
    """Choices of a check.

    Attributes:
        select: names or families of rules to run; empty is all.
        ignore: names or families to leave out.
        locality: MAC and locality for prices, as `09102-04`; None takes it from the claim.
        state: state whose locality prices are taken where a claim names none.
        payer: kind of payer to judge every claim under, as `medicaid`; None takes each claim's own.
        history: history stores, claim files and remittances from before; their lines inform and get no findings.
        controls: what the practice decided: severities, payers, waivers, baseline, worth, rules of its own.
        measured: lines answered and lines paid in full by rule; findings of rules that payers pay anyway fall by a step.
        chunk_bytes: bytes read at a time.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    locality: str | None = None
    state: str | None = None
    payer: str | None = None
    history: tuple[Path, ...] = ()
    controls: Controls = field(default_factory=Controls)
    measured: tuple[tuple[str, tuple[int, int]], ...] = ()
    chunk_bytes: int = 12 << 20
