"""`cutis estimate LINE...|ENCOUNTER`: what a planned visit is allowed, and what the patient will owe."""

import json
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cutis.cli.places import (
    DEFAULT_DAY,
    CountyOption,
    DateOption,
    LocalityOption,
    StateOption,
    ZipOption,
    day,
    places,
)
from cutis.model.errors import ConfigError, InputError

if TYPE_CHECKING:
    from cutis.pricing.claim import ClaimLine, PricedClaim, Primary, Terms
    from cutis.pricing.locality import Locality
    from cutis.reference.store import Reference

FILES = {".json", ".txt", ".pdf"}
OPEN_QUESTIONS = 1


LinesArgument = Annotated[
    list[str],
    typer.Argument(help='Lines in shorthand, as "17311" "17003 x3", or one encounter or note (json, txt, pdf).'),
]
FacilityOption = Annotated[bool, typer.Option("--facility", help="Take facility amounts.")]
TrackOption = Annotated[str, typer.Option(help="standard or qualifying-apm.")]
NppOption = Annotated[bool, typer.Option("--npp", help="Billed by a nurse practitioner or physician assistant.")]
NonparticipatingOption = Annotated[bool, typer.Option("--nonparticipating", help="The practice does not participate.")]
UnassignedOption = Annotated[
    bool, typer.Option("--unassigned", help="With --nonparticipating: the claim is not assigned.")
]
DeductibleOption = Annotated[str, typer.Option(help="Dollars of the deductible still open.")]
CoinsuranceOption = Annotated[str | None, typer.Option(help="The patient's percent, as 20 (Medicare's by default).")]
CopayOption = Annotated[str, typer.Option(help="Dollars that the patient pays first under a contract.")]
MipsOption = Annotated[str, typer.Option(help="MIPS adjustment as a factor, as 1.0141.")]
NoSequestrationOption = Annotated[bool, typer.Option("--no-sequestration", help="Leave Medicare's payment uncut.")]
SecondaryOption = Annotated[
    str | None, typer.Option(help="A second payer takes this percent of the coinsurance, as 100.")
]
SecondaryDeductibleOption = Annotated[
    bool, typer.Option("--secondary-deductible", help="The second payer takes the deductible too.")
]
PrimaryOption = Annotated[
    str | None, typer.Option(help="Another payer paid first: CHARGE,ALLOWED,PAID in dollars, as 175,150,120.")
]
ContractOption = Annotated[
    Path | None, typer.Option(help="A payer's own fees (YAML, TOML or CSV) instead of Medicare's.")
]
PayerOption = Annotated[str | None, typer.Option(help="Apply this payer's policies that are in force.")]
ProductOption = Annotated[str | None, typer.Option(help="Line of business, as self-insured, for --payer.")]
AsOfOption = Annotated[str | None, typer.Option("--as-of", help="Policies as they were known that day.")]
FormatOption = Annotated[str, typer.Option("--format", "-f", help="text or json.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("estimate")(estimate)


def estimate(
    lines: LinesArgument,
    locality: LocalityOption = None,
    state: StateOption = None,
    county: CountyOption = None,
    zip_: ZipOption = None,
    on: DateOption = DEFAULT_DAY,
    facility: FacilityOption = False,
    track: TrackOption = "standard",
    npp: NppOption = False,
    nonparticipating: NonparticipatingOption = False,
    unassigned: UnassignedOption = False,
    deductible: DeductibleOption = "0",
    coinsurance: CoinsuranceOption = None,
    copay: CopayOption = "0",
    mips: MipsOption = "1",
    no_sequestration: NoSequestrationOption = False,
    secondary: SecondaryOption = None,
    secondary_deductible: SecondaryDeductibleOption = False,
    primary: PrimaryOption = None,
    contract: ContractOption = None,
    payer: PayerOption = None,
    product: ProductOption = None,
    as_of: AsOfOption = None,
    format_: FormatOption = "text",
) -> None:
    """Estimate what is allowed for the lines of one day, with every reduction, and what the patient will owe.

    Exit codes: 0 estimated, 1 the encounter leaves questions open, 2 bad input or usage.
    """
    from cutis.pricing.claim import Terms, price_claim  # noqa: PLC0415
    from cutis.pricing.contract_file import load_contract  # noqa: PLC0415
    from cutis.reference.store import Reference  # noqa: PLC0415

    _check(format_, track, unassigned=unassigned, nonparticipating=nonparticipating)
    reference = Reference.default()
    where = places(reference, localities=[locality] if locality else None, state=state, county=county, zip_code=zip_)
    terms = Terms(
        locality=where[0],
        on=day("--date", on),
        facility=facility,
        track=track,
        practitioner="npp" if npp else "physician",
        participating=not nonparticipating,
        assigned=not unassigned,
        mips=_number("--mips", mips, most=2),
        deductible=_cents("--deductible", deductible),
        coinsurance=None if coinsurance is None else _number("--coinsurance", coinsurance, most=100) / 100,
        copay=_cents("--copay", copay),
        sequestration=not no_sequestration,
        secondary=None if secondary is None else _number("--secondary", secondary, most=100) / 100,
        secondary_deductible=secondary_deductible,
        primary=_primary(primary),
        contract=load_contract(contract) if contract else None,
        payer=payer,
        product=product,
        as_of=day("--as-of", as_of) if as_of else None,
    )
    wanted, questions = _wanted(lines, reference)
    priced = [price_claim(reference, wanted, replace(terms, locality=place)) for place in where]
    _write(where, priced, questions, terms, format_)
    raise typer.Exit(OPEN_QUESTIONS if questions else 0)


def _write_several(
    where: "list[Locality]", priced: "list[PricedClaim]", questions: list[str], terms: "Terms", format_: str
) -> None:
    """One row, or one object, a locality: which of them is meant, the place given does not tell."""
    if format_ == "json":
        each = [
            {"mac": x.mac, "locality": x.locality, "name": x.name, **claim.as_dict()}
            for x, claim in zip(where, priced, strict=True)
        ]
        made = {"schema": 1, "localities": each, "questions": questions}
        typer.echo(json.dumps(made, indent=1, ensure_ascii=False))
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from cutis.model.money import dollars  # noqa: PLC0415

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Locality")
    for title in ("Allowed", f"{_payer(terms)} pays", "The patient owes"):
        table.add_column(title, justify="right")
    for place, claim in zip(where, priced, strict=True):
        sums = (claim.allowed, claim.medicare_pays, claim.patient_owes)
        table.add_row(f"{place.key} {place.name}", *map(dollars, sums))
    Console(highlight=False).print(table)
    typer.echo(f"{len(where)} localities; the steps of one: --locality {where[0].key}")
    for line in priced[0].lines:
        if line.allowed is None:
            typer.echo(f"{line.line.code} is not in the sums: {line.reason}")
    for text in (
        *(f"Assumed: {a}." for a in priced[0].assumptions),
        *(f"Open, and not in the sums: {q}" for q in questions),
    ):
        typer.echo(text)


def _payer(terms: "Terms") -> str:
    agreed = terms.contract.payer if terms.contract else ""
    return "Medicare" if terms.medicare else terms.payer or agreed or "The payer"


def _write(
    where: "list[Locality]", priced: "list[PricedClaim]", questions: list[str], terms: "Terms", format_: str
) -> None:
    if len(where) > 1:
        _write_several(where, priced, questions, terms, format_)
        return
    if format_ == "json":
        typer.echo(json.dumps({**priced[0].as_dict(), "questions": questions}, indent=1, ensure_ascii=False))
        return
    _print(priced[0], questions, payer=_payer(terms))


def _check(format_: str, track: str, *, unassigned: bool, nonparticipating: bool) -> None:
    if format_ not in {"text", "json"}:
        raise ConfigError(f"--format {format_!r} is neither text nor json")
    if track not in {"standard", "qualifying-apm"}:
        raise ConfigError(f"--track {track!r} is neither standard nor qualifying-apm")
    if unassigned and not nonparticipating:
        raise ConfigError("--unassigned is for --nonparticipating: one who participates takes assignment always")


def _number(option: str, text: str, *, most: int) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= most):
        raise ConfigError(f"{option} {text!r} is not a number from 0 to {most}")
    return value


def _cents(option: str, text: str) -> int:
    from cutis.model.money import to_cents  # noqa: PLC0415

    return to_cents(_number(option, text.lstrip("$"), most=10_000_000))


def _primary(text: str | None) -> "Primary | None":
    from cutis.pricing.claim import Primary  # noqa: PLC0415

    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 3:
        raise ConfigError(f"--primary {text!r} must be CHARGE,ALLOWED,PAID in dollars, as 175,150,120")
    charge, allowed, paid = (_cents("--primary", p.strip()) for p in parts)
    return Primary(charge, allowed, paid)


def _wanted(texts: list[str], reference: "Reference") -> "tuple[list[ClaimLine], list[str]]":
    """Lines as typed, or those of one encounter with the questions that it leaves open."""
    if len(texts) == 1 and Path(texts[0]).suffix.lower() in FILES:
        return _coded(Path(texts[0]), reference)
    return [_line(x) for x in texts], []


def _coded(source: Path, reference: "Reference") -> "tuple[list[ClaimLine], list[str]]":
    from cutis.cli.code import read_source  # noqa: PLC0415
    from cutis.coding.coder import code_encounter  # noqa: PLC0415
    from cutis.coding.encounter import Encounter  # noqa: PLC0415
    from cutis.pricing.claim import ClaimLine  # noqa: PLC0415

    read = read_source(source)
    answer = code_encounter(read if isinstance(read, Encounter) else Encounter.read(read), reference).as_dict()
    questions = [q if isinstance(q, str) else str(q.get("ask") or q.get("question") or q) for q in answer["questions"]]
    found = [ClaimLine(x["code"], x["units"], tuple(x["modifiers"])) for x in answer["lines"]]
    if not found:
        raise InputError(f"{source.name} gives no line to price" + (f"; it asks: {questions[0]}" if questions else ""))
    return found, questions


def _line(text: str) -> "ClaimLine":
    from cutis.model import columns as c  # noqa: PLC0415
    from cutis.model.shorthand import parse_line  # noqa: PLC0415
    from cutis.pricing.claim import ClaimLine  # noqa: PLC0415

    values = parse_line(text)
    units = values.get(c.UNITS, 1.0)
    if units != int(units) or units < 1:
        raise ConfigError(f"line {text!r}: units must be a whole number above zero")
    return ClaimLine(values[c.CODE], int(units), tuple(values[m] for m in c.MODIFIERS if m in values))


def _print(priced: "PricedClaim", questions: list[str], *, payer: str) -> None:
    from rich.console import Console  # noqa: PLC0415

    from cutis.model.money import dollars  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for line in priced.lines:
        name = " ".join([line.line.code, *line.line.modifiers]) + (
            f" x{line.line.units}" if line.line.units > 1 else ""
        )
        console.print(
            f"[bold]{name}[/bold]  {dollars(line.allowed) if line.allowed is not None else 'not priced: ' + line.reason}"
        )
        for step in line.steps:
            console.print(f"    {dollars(step.after):>10}  {step.label}  [dim]({step.authority})[/dim]")
    console.print()
    rows = [
        ("Allowed", priced.allowed), ("Deductible", priced.deductible), ("Coinsurance", priced.coinsurance),
        ("Paid by the first payer", priced.primary_paid or None), (f"{payer} pays", priced.medicare_pays),
        ("(sequestration)", priced.sequestration or None), ("The second payer pays", priced.secondary_pays or None),
        ("The patient owes", priced.patient_owes), ("Limiting charge", priced.limiting_charge),
    ]  # fmt: skip
    for label, cents in rows:
        if cents is not None:
            console.print(f"{label:<28}{dollars(cents):>12}", markup=False)
    for text in priced.policies:
        console.print(f"Policy: {text}", markup=False)
    for assumption in priced.assumptions:
        console.print(f"[dim]Assumed: {assumption}.[/dim]")
    for question in questions:
        console.print(f"Open, and not in the sums: {question}", markup=False)
