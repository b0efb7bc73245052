"""Injections into lesions, under skin and into muscle, botulinum toxin, and the drugs given with them."""

from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Any, Final

from cutis.coding.bands import plain, series
from cutis.coding.desk import Act, Desk, because
from cutis.coding.diagnoses import diagnosis
from cutis.coding.phrases import Phrases, table
from cutis.coding.result import Line, Reason

_LIMBS: Final = frozenset({"hand", "palm", "foot", "sole", "finger", "toe"})
_SWEAT: Final = frozenset({"axilla", *_LIMBS})
_NOT_LISTED: Final = ("J3490", "J3590")
_CANCER_DRUGS: Final = frozenset({"J9040", "J9190", "J9260"})


@lru_cache(maxsize=1)
def _drugs() -> Phrases:
    return Phrases({code: entry["words"] for code, entry in table("drugs").items()})


@lru_cache(maxsize=1024)
def drug_code(name: str | None) -> str | None:
    """The HCPCS code of a drug by its name, or the code itself."""
    if not name:
        return None
    bare = name.strip().upper()
    return bare if bare in table("drugs") else _drugs().longest(name)


def intralesional(act: Act, desk: Desk) -> None:
    """Injection into lesions: lesions count, not punctures."""
    count = desk.need(
        act,
        "count",
        act.p.count,
        f"how many lesions were injected at {act.where}?",
        1,
        why="lesions count, not injections",
    )
    if count:
        desk.tally("intralesional", (act, count))
    drug(act, desk)


def finish(desk: Desk) -> None:
    """One code for the lesions injected that day."""
    entries = desk.tallies.get("intralesional")
    if not entries:
        return
    cancer = [e for e in entries if e[0].nature == "malignant" and drug_code(e[0].p.drug) in _CANCER_DRUGS]
    for given, name in (
        (cancer, "malignant intralesional"),
        ([e for e in entries if e not in cancer], "intralesional"),
    ):
        if given:
            _injected(desk, given, name)


def _injected(desk: Desk, entries: list[tuple[Act, int]], name: str) -> None:
    acts = [a for a, _ in entries]
    count = sum(n for _, n in entries)
    found = series(name)
    at = found.at(count)
    step = because(
        acts[0],
        f"{count} lesions injected (punctures do not count): {'up to seven' if at == 0 else 'more than seven'}, one unit",
        "lesions-injected",
        "cpt-intralesional",
        "count",
    )
    desk.add(
        found.codes[at],
        acts,
        [step],
        runner_up=(
            found.codes[1 - at],
            "more than seven lesions were injected" if at == 0 else "seven lesions or fewer were injected",
        ),
    )


def code(act: Act, desk: Desk) -> None:
    """An injection under the skin or into muscle, with its drug."""
    if act.kind == "unclear" and act.dx is not None and act.nature in {"benign", "malignant"}:
        intralesional(act, desk)
        return
    given, chemotherapy = (table("codes")["injections"][k] for k in ("given", "chemotherapy"))
    cancer = drug_code(act.p.drug) in _CANCER_DRUGS and act.nature == "malignant"
    step = because(
        act,
        "a drug against cancer given for cancer"
        if cancer
        else "injected under the skin or into muscle; biologics of dermatology are no chemotherapy here",
        "injection-given",
        "cpt-injection",
        "technique",
    )
    units = act.p.count or 1
    desk.add(
        chemotherapy if cancer else given,
        act,
        [step],
        units=units,
        runner_up=("11900", "the drug went into lesions of the skin"),
    )
    drug(act, desk)


def toxin(act: Act, desk: Desk) -> None:
    """Botulinum toxin: against sweating by site; for looks nothing."""
    regions = {r.name for r in act.place.regions}
    medical = act.kind == "medical" or (act.dx is not None and act.dx.name == "hyperhidrosis") or bool(regions & _SWEAT)
    if act.cosmetic or (act.dx is not None and act.nature == "cosmetic"):
        desk.drop(act, "botulinum toxin for looks is the patient's to pay", "benefit-manual-16")
        return
    if not medical:
        desk.ask(
            act,
            "dx",
            f"for what was botulinum toxin given at {act.where}?",
            "for sweating it has codes by site; for looks none",
        )
        return
    kind = "axilla" if "axilla" in regions else "limb" if regions & _LIMBS else "other" if regions else None
    if kind is None:
        desk.ask(
            act,
            "site",
            "where was botulinum toxin given: axillae, hands, feet, scalp, face or neck?",
            "the code follows the site",
        )
        return
    if act.dx is None:
        act.dx, act.dx_fact = diagnosis("hyperhidrosis"), "technique"
    found = table("codes")["chemodenervation"][kind]
    words = {
        "axilla": "both axillae are one service",
        "other": "other area of sweating",
        "limb": "hands and feet have no code of their own: the unlisted one",
    }[kind]
    step = because(act, f"{act.where}: {words}", "sweat-gland-site", "cpt-injection", "site")
    desk.add(found, act, [step])
    if act.p.drug is None and act.p.units is not None:
        drug(
            act,
            desk,
            "J0585",
            because(
                act,
                "100 or 50 unit doses are those of onabotulinumtoxinA; confirm the brand",
                "toxin-brand",
                "hcpcs",
                "units",
            ),
        )
        desk.ask(
            act,
            "drug",
            "which botulinum toxin was given?",
            "its unit differs by brand; the answer takes onabotulinumtoxinA",
        )
    else:
        drug(act, desk)


def drug(act: Act, desk: Desk, found: str | None = None, first: Reason | None = None) -> None:
    """A drug given, put to the drugs of the day."""
    found = found or drug_code(act.p.drug)
    if found is None:
        if act.p.drug:
            desk.ask(act, "drug", f"which HCPCS code has {act.p.drug}?", "the drug is billed beside the injection")
        return
    if found in _NOT_LISTED:
        desk.ask(
            act,
            "drug",
            f"was {act.p.drug} bought by the practice?",
            f"if so it is billed as {found} with its NDC; a drug the patient brings is not",
        )
        return
    entry: dict[str, Any] = table("drugs")[found]
    amount = _amount(act, entry["of"])
    amount = desk.need(
        act,
        entry["of"],
        amount,
        f"how many {entry['of']} of {act.p.drug or found} were given?",
        why="units follow the amount",
    )
    if amount is not None:
        desk.tally("drug", (found, act, amount, first))


def finish_drugs(desk: Desk) -> None:
    """One line for each drug of the day: amounts are added before they are rounded up to HCPCS units."""
    by_code: dict[str, list[tuple[Act, Decimal, Reason | None]]] = {}
    for found, act, amount, first in desk.tallies.get("drug", ()):
        by_code.setdefault(found, []).append((act, amount, first))
    for found, given in by_code.items():
        entry: dict[str, Any] = table("drugs")[found]
        acts = [a for a, _, _ in given]
        amount = sum((n for _, n, _ in given), Decimal(0))
        per = Decimal(str(entry["per"]))
        units = _units(amount, per)
        words = f"{plain(amount)} {entry['of']}, one unit is {plain(per)} {entry['of']}, parts round up: {units}"
        reasons = [*(f for _, _, f in given if f), because(acts[0], words, "drug-units", "hcpcs", entry["of"])]
        line = desk.add(found, acts, reasons, units=units, kind="drug")
        _waste(acts[-1], desk, line, per)


def _units(amount: Decimal, per: Decimal) -> int:
    return int((amount / per).to_integral_value(ROUND_CEILING))


def _amount(act: Act, measure: str) -> Decimal | None:
    p = act.p
    value: Decimal | None = getattr(p, measure)
    if value is None and measure == "mg" and p.ml is not None and p.mg_per_ml is not None:
        value = p.ml * p.mg_per_ml
    if value is None and measure == "grams" and p.tubes is not None:
        value = p.tubes * 2  # a tube of the gel holds 2 g
    if value is None and measure == "doses" and p.count is not None and p.drug and p.count <= 3:
        value = Decimal(p.count)
    return value


def _waste(act: Act, desk: Desk, line: Line, per: Decimal) -> None:
    """JW for what was thrown away of a single-dose vial, JZ for none; Medicare, and only where the vial is known."""
    p = act.p
    single = "single" in (p.vial or "").lower()
    if desk.payer in {"commercial", "self-pay"} or not (single or p.discarded is not None):
        return
    if not desk.medicare and not p.discarded:
        return
    if p.discarded:
        if not desk.medicare:
            desk.ask(None, "payer", "does the payer want JW for discarded drug?", "Medicare does; others by contract")
        step = because(
            act, f"{plain(p.discarded)} of a single-dose vial discarded", "drug-waste", "claims-manual-17", "discarded"
        )
        desk.add(line.code, act, [step], units=_units(p.discarded, per), kind="drug", dx=line.dx, modifiers=["JW"])
        return
    if p.discarded is not None or "none" in (p.waste or "").lower() or "no" in (p.waste or "").lower().split():
        line.modifiers.append("JZ")
        line.reasons.append(
            because(act, "single-dose vial, nothing discarded", "drug-no-waste", "claims-manual-17", "discarded")
        )
        return
    desk.ask(
        act,
        "discarded",
        f"how much of the single-dose vial of {p.drug} was discarded?",
        "Medicare wants JW for waste and JZ for none",
    )
