"""Destruction: which codes by the nature of the lesion, then by count, site or area."""

from decimal import Decimal
from typing import Final

from cutis.coding.bands import codes, plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.phrases import table
from cutis.coding.result import Reason
from cutis.coding.sites import SERIES_WORDS

_METHODS: Final = (
    ("cryo", ("cryo", "nitrogen", "ln2", "freez", "frozen")),
    ("electro", ("electro", "cauter", "fulgur", "hyfrec", "desicc")),
    ("laser", ("laser",)),
    ("chemical", ("chem", "podo", "tca", "cantharidin", "acid", "silver nitrate")),
    ("excision", ("excis", "scissor", "snip", "shave")),
)
_OWN_CODE: Final = {"acne": "cryotherapy for acne", "granulation tissue": "granulation tissue cautery"}
_FEW: Final = ("simple", "few", "single", "limited", "minor", "small")
_MANY: Final = ("extensive", "many", "numerous", "widespread", "large", "multiple")
_FEWEST: Final = 5  # lesions that no chart would call extensive
_UNCOUNTED: Final = 10_000
_DESTROYABLE: Final = frozenset({"benign", "condyloma", "callus", "other", "uncertain", "vascular", "unspecified"})


def code(act: Act, desk: Desk) -> None:
    """A lesion destroyed, by whatever method."""
    nature = act.nature
    if (act.kind == "malignant" and nature in {None, "malignant", "unspecified", "uncertain"}) or nature == "malignant":
        _malignant(act, desk)
    elif nature == "tag":
        desk.tally("tag", act)
    elif (
        act.dx is not None
        and act.dx.name in _OWN_CODE
        and (act.dx.name != "acne" or act.kind == "cryo" or method(act) == "cryo")
    ):
        _of_disease(act, desk)
    elif (act.place.region is not None and act.place.region.genital and nature in {"benign", "condyloma"}) or (
        act.place.name == "perianal" and nature == "condyloma"
    ):
        _genital(act, desk)
    elif nature == "vascular" or (act.kind == "vascular" and (nature is None or act.p.area_sqcm is not None)):
        _vascular(act, desk)
    elif act.place.name == "eyelid margin" and nature in _DESTROYABLE:
        _lid_margin(act, desk)
    elif nature == "premalignant":
        _counted(act, desk, "premalignant")
    elif nature in _DESTROYABLE:
        _counted(act, desk, "benign")
    else:
        desk.ask(
            act,
            "lesion_type",
            f"what kind of lesion was destroyed at {act.where}?",
            "premalignant, benign and malignant lesions have different codes",
        )


def removal(act: Act, desk: Desk) -> None:
    """A removal whose technique is not told: a tag is a tag; of all else the technique is asked."""
    if act.nature == "tag" or (act.kind == "snip" and act.nature is None):
        desk.tally("tag", act)
    else:
        desk.ask(
            act,
            "technique",
            f"how was the lesion at {act.where} removed: shave, excision or destruction?",
            "the code follows the technique",
        )


def _malignant(act: Act, desk: Desk) -> None:
    size = act.p.lesion_cm if act.p.lesion_cm is not None else act.p.size_cm
    size = desk.need(
        act,
        "lesion_cm",
        size,
        f"what was the diameter of the tumour destroyed at {act.where}, before treatment?",
        Decimal("0.5"),
        why="the code follows the diameter of the lesion",
    )
    group = act.place.group("excision")
    if group is None:
        desk.ask(act, "site", f"where exactly was the tumour ({act.where})?", "the code series follows the site")
    if act.nature is None and not act.p.prior_pathology:
        desk.ask(
            act,
            "pathology",
            f"which malignancy was destroyed at {act.where}?",
            "destruction of a malignant lesion needs a malignant diagnosis",
        )
    if size is None or group is None:
        return
    found = series("malignant destruction", group)
    at = found.at(size)
    reasons = [
        because(
            act,
            f"{act.p.pathology or (act.dx.name if act.dx else 'a malignant lesion')}: destruction of a malignant lesion",
            "malignant-destruction",
            "cpt-destruction",
            act.dx_fact or "technique",
        ),
        because(
            act, f"{act.where}: {SERIES_WORDS['excision', group]}", "excision-site-group", "cpt-destruction", "site"
        ),
        because(
            act,
            f"lesion of {plain(size)} cm, without margin and however many cycles: {found.words(at)}",
            "malignant-destruction-band",
            "cpt-destruction",
            "lesion_cm",
        ),
    ]
    for _ in range(act.p.count or 1):
        desk.add(found.codes[at], act, reasons, runner_up=found.neighbour(size, what="the lesion"))


def method(act: Act) -> str | None:
    """cryo, electro, laser, chemical, excision, or None where the method is not told."""
    if act.kind in {"cryo", "electro", "laser", "chemical"}:
        return act.kind
    said = f"{act.p.method or ''} {act.p.agent or ''}".lower()
    return next((name for name, words in _METHODS if any(w in said for w in words)), None)


def _genital(act: Act, desk: Desk) -> None:
    """Anus, penis, vulva, vagina: codes of the place, simple ones by method, extensive ones by any."""
    genital = (act.place.region.genital or "anus") if act.place.region else None
    patient = desk.encounter.patient
    if genital == "unknown":
        sex = (patient.sex or "").lower()[:1] if patient else ""
        genital = {"m": "penis", "f": "vulva"}.get(sex) if act.nature == "condyloma" else None
        if genital is None:
            desk.ask(
                act,
                "site",
                f"which part was treated ({act.where}): penis, vulva, vagina, anus or other skin?",
                "these places have codes of their own",
            )
            return
    entry: dict[str, str] = table("codes")["site destruction"][genital]
    extent = _extent(act, desk)
    if extent is None:
        return
    if extent == "extensive":
        found, step = entry["extensive"], "extensive, by any method"
    elif "any" in entry:
        found, step = entry["any"], "simple, by any method"
    else:
        how = desk.need(
            act,
            "method",
            method(act),
            f"by what method were the lesions of the {genital} destroyed?",
            "chemical",
            why="simple destruction has a code for each method",
        )
        if how is None:
            return
        found, step = entry[how], f"simple, {how}"
    other = entry["extensive"] if extent == "simple" else next(iter(entry.values()))
    reasons = [
        because(
            act,
            f"{genital}: its destruction codes win over those of the skin",
            "site-specific-destruction",
            "cpt-destruction",
            "site",
        ),
        because(act, step, "site-destruction-extent", "cpt-destruction", "extent"),
    ]
    desk.add(
        found, act, reasons, runner_up=(other, f"destruction was {'extensive' if extent == 'simple' else 'simple'}")
    )


def _extent(act: Act, desk: Desk) -> str | None:
    said = (act.p.extent or "").lower()
    if any(w in said for w in _MANY):
        return "extensive"
    if any(w in said for w in _FEW) or (act.p.count or _UNCOUNTED) <= _FEWEST:
        return "simple"
    return desk.need(
        act,
        "extent",
        None,
        f"was the destruction at {act.where} simple or extensive?",
        "simple",
        why="extensive destruction has a code of its own",
    )


def _vascular(act: Act, desk: Desk) -> None:
    if act.cosmetic and not desk.medicare:
        desk.drop(act, "vessels treated for looks: no benefit of an insurer; the patient pays", "benefit-manual-16")
        return
    area = desk.need(
        act,
        "area_sqcm",
        act.p.area_sqcm,
        f"how many square cm of vascular lesion were treated at {act.where}?",
        Decimal(1),
        why="the code follows the area of the day",
    )
    if area is None:
        return
    desk.tally("destroyed vascular", (act, area))


def _vascular_areas(desk: Desk, entries: list[tuple[Act, Decimal]]) -> None:
    """The areas of the day are one area."""
    acts = [a for a, _ in entries]
    area = sum((n for _, n in entries), Decimal(0))
    found = series("vascular destruction")
    at = found.at(area)
    reasons = [
        because(
            acts[0],
            "cutaneous vascular proliferative lesion",
            "vascular-destruction",
            "cpt-destruction",
            acts[0].dx_fact or "technique",
        ),
        because(
            acts[0],
            f"{plain(area)} square cm{' in all' if len(acts) > 1 else ''}",
            "vascular-area",
            "cpt-destruction",
            "area_sqcm",
        ),
    ]
    desk.add(found.codes[at], acts, reasons, runner_up=found.neighbour(area, "square cm", "the area"))


def _of_disease(act: Act, desk: Desk) -> None:
    """Acne frozen and granulation tissue cauterised have codes of their own."""
    name = _OWN_CODE[act.dx.name if act.dx else ""]
    found = codes("small operations", name)[0]
    step = because(act, f"{name}: a code of its own, no count", "named-operation", "cpt-destruction", act.dx_fact)
    desk.add(found, act, [step], runner_up=("17110", "other benign lesions were destroyed"))


def _lid_margin(act: Act, desk: Desk) -> None:
    """A lesion of the lid margin destroyed."""
    step = because(
        act,
        "a lesion of the lid margin destroyed has a code of its own",
        "site-specific-destruction",
        "cpt-destruction",
        "site",
    )
    for _ in range(act.p.count or 1):
        desk.add(
            codes("small operations", "lid margin destruction")[0],
            act,
            [step],
            runner_up=("17110", "the lesion lay on lid skin away from the margin"),
        )


def _counted(act: Act, desk: Desk, kind: str) -> None:
    count = desk.need(
        act,
        "count",
        act.p.count,
        f"how many lesions were destroyed at {act.where}?",
        1,
        why="the code follows the count of the day",
    )
    if count:
        desk.tally(f"destroyed {kind}", (act, count))


def finish(desk: Desk) -> None:
    """Add up the premalignant and the benign lesions of the day; those removed for looks stay apart."""
    if areas := desk.tallies.get("destroyed vascular"):
        _vascular_areas(desk, areas)
    for cosmetic in (False, True):
        acts = [e for e in desk.tallies.get("destroyed premalignant", ()) if e[0].cosmetic is cosmetic]
        if acts:
            _premalignant(desk, acts)
        acts = [e for e in desk.tallies.get("destroyed benign", ()) if e[0].cosmetic is cosmetic]
        if acts:
            _benign(desk, acts)


def _sum(entries: list[tuple[Act, int]]) -> tuple[list[Act], int, list[Reason]]:
    acts = [a for a, _ in entries]
    count = sum(n for _, n in entries)
    words = " and ".join(f"{n} at {a.where}" for a, n in entries)
    return (
        acts,
        count,
        [
            because(
                acts[0],
                f"{words}: {count} of the day" if len(acts) > 1 else f"{count} at {acts[0].where}",
                "lesions-counted",
                "cpt-destruction",
                "count",
            )
        ],
    )


def _premalignant(desk: Desk, entries: list[tuple[Act, int]]) -> None:
    rule = table("codes")["premalignant"]
    acts, count, reasons = _sum(entries)
    what = because(
        acts[0],
        f"{acts[0].dx.name if acts[0].dx else 'lesion'}: premalignant, covered with or without symptoms",
        "premalignant-destruction",
        "ncd-250.4",
        acts[0].dx_fact,
    )
    if count >= rule["from"]:
        step = because(
            acts[0], "fifteen or more: one code for all, once", "fifteen-or-more", "cpt-destruction", "count"
        )
        desk.add(
            rule["many"], acts, [what, *reasons, step], runner_up=(rule["first"], "fewer than fifteen were treated")
        )
        return
    first = desk.add(rule["first"], acts, [what, *reasons], runner_up=(rule["many"], "fifteen or more were treated"))
    if count > 1:
        step = because(
            acts[0],
            f"second to fourteenth, each a unit: {count - 1}",
            "second-to-fourteenth",
            "cpt-destruction",
            "count",
        )
        desk.add(
            rule["more"], acts, [what, *reasons, step], units=count - 1, kind="add-on", after=first.code, dx=first.dx
        )


def _benign(desk: Desk, entries: list[tuple[Act, int]]) -> None:
    acts, count, reasons = _sum(entries)
    found = series("benign destruction")
    at = found.at(count)
    kinds = sorted({a.dx.name for a in acts if a.dx})
    what = because(
        acts[0],
        f"{', '.join(kinds)}: benign, no tag and no vascular lesion",
        "benign-destruction",
        "cpt-destruction",
        acts[0].dx_fact,
    )
    step = because(
        acts[0],
        "one code, one unit for the whole count: to fourteen, or fifteen and more",
        "benign-count",
        "cpt-destruction",
        "count",
    )
    runner_up = (found.codes[1 - at], "fifteen or more were treated" if at == 0 else "fewer than fifteen were treated")
    desk.add(found.codes[at], acts, [what, *reasons, step], runner_up=runner_up)
