"""Incision and drainage, aspiration, acne surgery, foreign bodies."""

from typing import Final

from cutis.coding.bands import codes
from cutis.coding.desk import Act, Desk, because

_MULTIPLE: Final = ("complicated", "multiple", "complex", "deep", "loculat", "packed", "drain placed")
_KINDS: Final = {"pilonidal cyst": "pilonidal", "pilonidal abscess": "pilonidal", "hematoma": "hematoma"}
_PLACES: Final = frozenset({"ear", "eyelid", "penis", "scrotum", "vulva", "perianal", "anus"})
_FINGERS: Final = frozenset({"finger", "thumb", "index finger", "middle finger", "ring finger", "little finger"})


def code(act: Act, desk: Desk) -> None:
    """Something opened and emptied, or taken out."""
    kind = _kind(act)
    if kind == "skin":
        desk.tally("drained", act)
        return
    _line([act], kind, desk)


def finish(desk: Desk) -> None:
    """Abscesses of the skin opened in one session: single, or several together."""
    acts = desk.tallies.get("drained")
    for session in dict.fromkeys(a.p.encounter for a in acts or ()):
        _line([a for a in acts or () if a.p.encounter == session], "skin", desk)


def _line(acts: list[Act], kind: str, desk: Desk) -> None:
    act = acts[0]
    count = sum(a.p.count or 1 for a in acts)
    said = " ".join(f"{a.p.extent or ''} {a.p.depth or ''} {a.p.technique or ''}" for a in acts).lower()
    harder = any(a.p.complicated for a in acts) or any(w in said for w in _MULTIPLE) or (kind == "skin" and count > 1)
    simple, complicated = codes("drainage", kind)
    found = complicated if harder else simple
    what = "a part with a code of its own" if kind in _PLACES | {"finger"} else kind
    reasons = [
        because(act, f"{act.technique}: {what}", "drainage-kind", "cpt-surgery", "technique"),
        because(
            act,
            "complicated or more than one" if harder else "simple or single",
            "drainage-extent",
            "cpt-surgery",
            "extent",
        ),
    ]
    other = simple if harder else complicated
    runner_up = (
        (other, f"it was {'simple and single' if harder else 'complicated, or more than one'}")
        if other != found
        else None
    )
    units = count if kind in {"hematoma", "aspiration"} else 1
    desk.add(found, acts, reasons, units=units, runner_up=runner_up)


def _kind(act: Act) -> str:
    if act.kind != "skin":
        return act.kind
    if act.dx is not None and act.dx.name in _KINDS:
        return _KINDS[act.dx.name]
    if act.place.name in _FINGERS and "felon" in (act.p.lesion_type or "").lower():
        return "finger"
    return act.place.name if act.place.name in _PLACES and act.nature in {"abscess", None} else "skin"
