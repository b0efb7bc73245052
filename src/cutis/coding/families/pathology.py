"""Surgical pathology by specimen, frozen sections, stains; professional and technical component."""

from typing import Final

from cutis.coding.bands import codes
from cutis.coding.desk import Act, Desk, because
from cutis.coding.phrases import table
from cutis.coding.result import Line

_SMALL: Final = frozenset(
    {
        "skin tag",
        "epidermal cyst",
        "pilar cyst",
        "cyst",
        "sebaceous cyst",
        "inflamed cyst",
        "steatocystoma",
        "lipoma",
        "abscess",
        "hematoma",
        "ganglion",
        "pilonidal cyst",
        "dermoid cyst",
    }
)
_SMALL_WORDS: Final = (
    "cyst",
    "skin tag",
    "acrochordon",
    "lipoma",
    "debridement",
    "abscess",
    "hematoma",
    "nail",
    "neuroma",
    "ganglion",
)
_ORGANISMS: Final = (
    "pas",
    "gms",
    "fungus",
    "fungal",
    "afb",
    "fite",
    "gram",
    "microorganism",
    "organism",
    "warthin",
    "steiner",
    "group i",
    "grocott",
    "acid fast",
)


_ANTIBODIES: Final = ("mart", "melan", "s100", "s-100", "sox", "hmb", "ck", "cytokeratin", "keratin", "cd", "ki-67", "ki67", "p16", "ber-ep4", "desmin",
                       "sma", "ema", "p63", "p40", "prame", "antibod", "ihc", "immuno", "pan-keratin")  # fmt: skip


def code(act: Act, desk: Desk) -> None:
    """What a laboratory did with a specimen."""
    units = act.p.stains or act.p.count or 1
    modifiers = component(act, desk)
    desk.tally("pathology", act)
    if act.kind == "specimen":
        _specimen(act, desk, act.p.specimens or act.p.count or 1, modifiers)
    elif act.kind == "special stain":
        if _routine(act, desk):
            return
        said = f"{act.p.technique or ''} {act.p.method or ''} {act.p.agent or ''} {act.p.specimen or ''}".lower()
        _special(act, desk, said, modifiers)
    elif act.kind == "slide consultation":
        said = f"{act.p.specimen or ''} {act.p.method or ''}".lower()
        kind = "full" if "record" in said else "stained here" if "block" in said or "prepar" in said else "slides"
        step = because(act, "slides from elsewhere looked at again", "slide-consultation", "cpt-pathology", "technique")
        desk.add(table("codes")["pathology"]["slide consultation"][kind], act, [step], kind="pathology")
    else:
        _first_and_more(act, desk, units, modifiers)


def _special(act: Act, desk: Desk, said: str, modifiers: list[str]) -> None:
    """Stains for organisms, other stains and stains on frozen tissue; several named at once each by its kind."""
    blocks = sum(act.p.blocks or ())
    units = (act.p.stains or 1) * blocks if blocks else act.p.stains or act.p.count or 1
    names = [n.strip().lower() for n in (act.p.method or "").split(",") if n.strip()]
    if not (act.p.method or act.p.agent or act.p.specimen or len((act.p.technique or "").split()) > 2) and not any(
        w in said for w in (*_ORGANISMS, "frozen")
    ):
        desk.ask(
            act,
            "method",
            f"which stain was done on the specimen of {act.where}?",
            "stains for organisms, other stains and stains on frozen tissue differ",
        )
        return
    kinds = [_stain_kind(n) for n in names] if len(names) > 1 and units % len(names) == 0 else [_stain_kind(said)]
    words = {
        "organisms": "stain for organisms",
        "other": "stain for anything but organisms",
        "frozen": "stain on frozen tissue",
    }
    for kind in dict.fromkeys(kinds):
        step = because(act, f"{words[kind]}, each stain of each block", "special-stain", "cpt-pathology", "technique")
        desk.add(
            table("codes")["pathology"]["special stain"][kind],
            act,
            [step],
            units=kinds.count(kind) * units // len(kinds),
            modifiers=modifiers,
            kind="pathology",
        )


def _stain_kind(said: str) -> str:
    return "organisms" if any(w in said for w in _ORGANISMS) else "frozen" if "frozen" in said else "other"


def finish(desk: Desk) -> None:
    """Specimens of one level told apart are units of one line, where the diagnosis is one too."""
    kept: dict[tuple[str, tuple[str, ...], tuple[str, ...]], Line] = {}
    for line in list(desk.lines):
        if line.kind != "pathology" or line.after or line.distinct:
            continue
        first = kept.setdefault((line.code, tuple(line.modifiers), tuple(line.dx)), line)
        if first is not line:
            first.units += line.units
            first.lesions |= line.lesions
            desk.lines.remove(line)


def component(act: Act, desk: Desk) -> list[str]:
    """26 for reading alone, TC for the slides alone, nothing for both."""
    said = (act.p.component or "").lower()
    del desk
    if said.startswith(("prof", "26", "read")) or "interpretation" in said:
        return ["26"]
    return ["TC"] if said.startswith(("tech", "tc")) else []


def level(act: Act) -> tuple[str, str]:
    """The level of a skin specimen and why."""
    said = f"{act.p.specimen or ''} {act.p.pathology or ''} {act.p.lesion_type or ''}".lower()
    if "gross" in said:
        return "gross", "looked at without a microscope"
    if any(w in said for w in ("scar", "plastic repair", "dog ear", "redundant skin")):
        return "plastic", "skin of a plastic repair or scar"
    if "soft tissue" in said and "lipoma" not in said:
        return (
            ("resection", "extensive resection of a soft-tissue tumour")
            if "resection" in said
            else ("mass", "soft-tissue mass")
        )
    if "lymph node" in said:
        return "mass", "lymph nodes"
    if (act.dx is not None and act.dx.name in _SMALL) or any(w in said for w in _SMALL_WORDS):
        return "small", "cyst, tag, lipoma, nail or debridement"
    return "skin", "skin other than cyst, tag, debridement or plastic repair"


def _specimen(act: Act, desk: Desk, units: int, modifiers: list[str]) -> None:
    which, words = level(act)
    levels = table("codes")["pathology"]["levels"]
    reasons = [
        because(act, words, "specimen-level", "cpt-pathology", "specimen"),
        because(
            act,
            f"{units} specimens, each a unit" if units > 1 else "one specimen",
            "specimens-counted",
            "cpt-pathology",
            "count",
        ),
    ]
    if modifiers:
        words = "reading alone" if modifiers == ["26"] else "preparing the slides alone"
        reasons.append(because(act, words, "pathology-component", "fee-schedule", "component"))
    other = levels["small"] if which == "skin" else levels["skin"]
    desk.add(
        levels[which],
        act,
        reasons,
        units=units,
        modifiers=modifiers,
        kind="pathology",
        runner_up=(
            other,
            "the specimen was a cyst, tag or debridement" if which == "skin" else "the specimen was other skin",
        ),
    )
    if act.p.stains:
        _stained(act, desk, units, modifiers)


def _stained(act: Act, desk: Desk, specimens: int, modifiers: list[str]) -> None:
    """Stains told inside a reading: each stain of each specimen, for organisms, for other things, or antibodies."""
    named = [n.strip().lower() for n in (act.p.method or "").split(",") if n.strip()]
    named = named if len(named) == act.p.stains else [(act.p.method or "").lower()] * (act.p.stains or 0)
    kinds = [
        "antibody" if any(w in n for w in _ANTIBODIES) else "organisms" if any(w in n for w in _ORGANISMS) else "other"
        for n in named
    ]
    if not act.p.method:
        desk.ask(
            act,
            "method",
            f"which stains were done on the specimen of {act.where}?",
            "organisms, other stains and antibodies differ",
        )
        return
    stain = table("codes")["pathology"]["special stain"]
    for kind in ("organisms", "other"):
        if number := kinds.count(kind):
            step = because(
                act,
                f"{number} stains of {specimens} specimens, each a unit",
                "special-stain",
                "cpt-pathology",
                "stains",
            )
            desk.add(stain[kind], act, [step], units=number * specimens, modifiers=modifiers, kind="pathology")
    if number := kinds.count("antibody"):
        first, more = codes("pathology", "immunohistochemistry")
        step = because(
            act,
            "the first antibody of each specimen, then each further",
            "first-and-further",
            "cpt-pathology",
            "stains",
        )
        line = desk.add(first, act, [step], units=specimens, modifiers=modifiers, kind="pathology")
        if number > 1:
            desk.add(
                more,
                act,
                [step],
                units=(number - 1) * specimens,
                modifiers=modifiers,
                kind="pathology",
                after=first,
                dx=line.dx,
            )


def _first_and_more(act: Act, desk: Desk, units: int, modifiers: list[str]) -> None:
    """First block, stain or antibody, then each further one as an add-on."""
    first, more = codes("pathology", act.kind)
    step = because(
        act, f"{act.kind}: the first of a specimen, then each further", "first-and-further", "cpt-pathology", "stains"
    )
    if act.kind == "immunohistochemistry" and _of_mohs(act, desk):
        act.distinct = True
    if act.kind == "frozen section" and any(a.family == "mohs" and a.lesion == act.lesion for a in desk.acts):
        _with_mohs(act, desk)
        if act.absorbed:
            return
    blocks = sum(act.p.blocks or ())
    # Told with its blocks, the count is one of specimens: each has a first block.
    specimens = (
        (act.p.specimens or act.p.count or 1)
        if blocks
        else (act.p.specimens or 1)
        if act.p.stains or act.p.count
        else 1
    )
    further = blocks - specimens if blocks else (units - 1) * specimens
    line = desk.add(first, act, [step], units=specimens, modifiers=modifiers, kind="pathology")
    if further > 0:
        desk.add(more, act, [step], units=further, modifiers=modifiers, kind="pathology", after=first, dx=line.dx)


def _of_mohs(act: Act, desk: Desk) -> bool:
    return any(a.family == "mohs" and a.lesion == act.lesion for a in desk.acts)


def _routine(act: Act, desk: Desk) -> bool:
    """Haematoxylin and toluidine blue are part of the reading, in Mohs surgery too; another stain of Mohs tissue is its own."""
    said = f"{act.p.technique or ''} {act.p.method or ''} {act.p.agent or ''}".lower()
    if any(w in said for w in ("h&e", "h and e", "hematoxylin", "haematoxylin", "toluidine")):
        desk.drop(act, "the routine stain is part of the reading", "ncci-manual-3")
        return True
    if _of_mohs(act, desk):
        act.distinct = True
    return False


def _with_mohs(act: Act, desk: Desk) -> None:
    """Frozen sections of Mohs tissue are Mohs; of a diagnostic biopsy before it they are their own."""
    biopsied = [a for a in desk.acts if a.family == "biopsy" and a.lesion == act.lesion and a.distinct]
    if biopsied:
        act.distinct = True
    else:
        act.absorbed = True
        desk.drop(act, "frozen sections of the tumour are part of Mohs surgery", "ncci-manual-3")
