"""How far a rule looks, and which lines must therefore stay together."""

from enum import StrEnum

from cutis.model import columns as c


class Scope(StrEnum):
    """What a rule must see at once; the partition key of each follows from it."""

    LINE = "line"
    CLAIM = "claim"
    DAY = "day"
    HISTORY = "history"

    @property
    def key(self) -> tuple[str, ...]:
        """Columns by which lines may be parted without the rule noticing."""
        return _KEYS[self]


# The same group practice bills one day's work together: NCCI and MUE edits look at patient, provider and day.
SAME_DAY = (c.PATIENT_KEY, c.RENDERING_NPI, c.SERVICE_FROM)

_KEYS: dict[Scope, tuple[str, ...]] = {
    Scope.LINE: (c.CLAIM_INDEX, c.LINE),
    Scope.CLAIM: (c.CLAIM_INDEX,),
    Scope.DAY: SAME_DAY,
    Scope.HISTORY: (c.PATIENT_KEY,),
}
