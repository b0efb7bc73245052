"""Which family module handles what: `ALL` tells which handles what, `FINISHERS` what adds up the day."""

from collections.abc import Callable
from typing import Final

from cutis.coding.desk import Act, Desk
from cutis.coding.families import (
    allergy,
    biopsy,
    destruction,
    drainage,
    excision,
    flap,
    graft,
    injection,
    laboratory,
    light,
    mohs,
    nails,
    other,
    pathology,
    repair,
    small,
    tumor,
)

Handler = Callable[[Act, Desk], None]

ALL: Final[dict[str, Handler]] = {
    "biopsy": biopsy.code,
    "shave": excision.shave,
    "excision": excision.code,
    "named excision": excision.named,
    "tumor": tumor.code,
    "mohs": mohs.code,
    "destruction": destruction.code,
    "tag": small.tag,
    "removal": destruction.removal,
    "paring": small.paring,
    "nail": nails.code,
    "drainage": drainage.code,
    "intralesional": injection.intralesional,
    "injection": injection.code,
    "toxin": injection.toxin,
    "repair": repair.code,
    "flap": flap.code,
    "pedicle": flap.pedicle,
    "graft": graft.code,
    "debridement": small.debridement,
    "small": small.code,
    "dehiscence": small.dehiscence,
    "pathology": pathology.code,
    "laboratory": laboratory.code,
    "phototherapy": light.phototherapy,
    "excimer": light.excimer,
    "pdt": light.pdt,
    "allergy": allergy.code,
    "none": other.no_line,
    "cosmetic": other.cosmetic,
    "unsupported": other.unsupported,
    "unknown": other.unknown,
}
FINISHERS: Final[tuple[Callable[[Desk], None], ...]] = (
    biopsy.finish,
    destruction.finish,
    mohs.finish,
    small.finish,
    nails.finish,
    injection.finish,
    injection.finish_drugs,
    small.finish_debridement,
    drainage.finish,
    pathology.finish,
    allergy.finish,
    repair.finish,
    graft.finish,
)
# Closures are coded when every removal of the day is known.
LAST: Final = frozenset({"repair", "flap", "pedicle", "graft"})
