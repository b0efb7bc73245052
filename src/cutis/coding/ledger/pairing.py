"""Which paper belongs to which claim: by the claim id it names, by patient and day, by its file name; never by guess."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from cutis.coding.ledger.entries import BilledLine
from cutis.coding.ledger.folder import Paper
from cutis.parse.person import person_key

BY_CLAIM, BY_PATIENT, BY_NAME = "claim id", "patient and day", "file name"
_Person = tuple[date | None, str | None]
_TRIED: Final = 200  # persons that a paper is held against without looking at its day first
_PART: Final = re.compile(r"(?P<stem>.+?)[._-](?:note|addendum)?[._-]?\d{0,2}$", re.IGNORECASE)


@dataclass(slots=True)
class Claim:
    """A claim as papers are held against it.

    Attributes:
        index: position in the file.
        id: as the file gives it; two claims may have the same.
        lines: billed lines.
        key: of the patient, as the reader of claims makes it; None where the file tells no patient.
        birth: of the patient, where the claim tells it.
        sex: likewise.
    """

    index: int
    id: str
    lines: list[BilledLine]
    key: int | None = None
    birth: date | None = None
    sex: str | None = None

    @property
    def days(self) -> set[date]:
        """Days of service."""
        return {ln.service_from for ln in self.lines if ln.service_from}


class Unclear(NamedTuple):
    """A paper that fits no claim, or several, without doubt: what stands against it, and what to ask."""

    paper: str
    claims: tuple[str, ...]
    message: str
    ask: str


class Unmatched(NamedTuple):
    """A paper that no claim was found for, with the words of why."""

    paper: str
    kind: str
    why: str


@dataclass(slots=True)
class Pairing:
    """Papers by position of their claim, how each was matched, and what was left over."""

    papers: dict[int, list[tuple[Paper, str]]] = field(default_factory=lambda: defaultdict(list))
    unclear: list[Unclear] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)


def pair_papers(claims: list[Claim], papers: list[Paper]) -> Pairing:
    """Give each paper the one claim that it belongs to.

    Args:
        claims: of the file.
        papers: of the folder.

    Returns:
        What fits one claim and is contradicted by nothing; all else is asked (`unclear`) or left over (`unmatched`).
    """
    by_id: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_id[_plain(claim.id)].append(claim)
    known = _by_patient(claims, papers)
    pairing = Pairing()
    for at, paper in enumerate(papers):
        how, found = _candidates(paper, by_id, known[at])
        if not found:
            pairing.unmatched.append(Unmatched(paper.name, paper.kind, _why(paper, known[at])))
            continue
        doubt = _doubt(paper, how, found, by_id, known[at])
        if doubt is not None:
            pairing.unclear.append(doubt)
        else:
            fitting = [c for c in found if not paper.head.days or set(paper.head.days) & c.days] or found
            pairing.papers[fitting[0].index].append((paper, how))
    return pairing


def _plain(claim_id: str) -> str:
    return claim_id.strip().casefold()


def _candidates(paper: Paper, by_id: dict[str, list[Claim]], known: list[Claim]) -> tuple[str, list[Claim]]:
    """The first door that leads anywhere; a paper that names its claims is looked for nowhere else."""
    if paper.head.claims:
        return BY_CLAIM, [c for name in dict.fromkeys(map(_plain, paper.head.claims)) for c in by_id.get(name, ())]
    days = _days(paper)
    if here := [c for c in known if days & c.days]:
        return BY_PATIENT, here
    return BY_NAME, _named(paper.stem, by_id)


def _named(stem: str, by_id: dict[str, list[Claim]]) -> list[Claim]:
    """Claims that a file name names: CLAIM, or CLAIM-1, CLAIM-addendum for the parts of one note."""
    if found := by_id.get(_plain(stem)):
        return found
    match = _PART.fullmatch(stem)
    return by_id.get(_plain(match["stem"]), []) if match else []


def _days(paper: Paper) -> set[date]:
    dated = paper.dated_stem
    return set(paper.head.days) or ({dated[1]} if dated else set())


def _doubt(
    paper: Paper, how: str, found: list[Claim], by_id: dict[str, list[Claim]], known: list[Claim]
) -> Unclear | None:
    """What speaks against taking the paper for the claim, if anything does."""
    ids = tuple(dict.fromkeys(c.id for c in found))
    days = _days(paper)
    here = [c for c in found if days & c.days] if days else found
    if not here:
        told, billed = _words(days), _words({d for c in found for d in c.days})
        return Unclear(
            paper.name,
            ids,
            f"{paper.name} names claim {' and '.join(ids)} and the day {told}; the claim's services are of {billed}.",
            "Which day is right, the note's or the claim's? Until then the note supports no line of it.",
        )
    if known and how != BY_PATIENT and not {c.index for c in known} & {c.index for c in here}:
        return Unclear(
            paper.name,
            ids,
            f"{paper.name} names claim {' and '.join(ids)}, and a patient whose claim is {known[0].id}.",
            "Whose note is it?",
        )
    other = [c for c in _named(paper.stem, by_id) if c not in found] if how != BY_NAME else []
    if other:
        return Unclear(
            paper.name,
            (*ids, other[0].id),
            f"The file is named {paper.name}; what it says belongs to claim {' and '.join(ids)} ({how}).",
            "Which claim does it document?",
        )
    if len(here) > 1:
        same = len({c.id for c in here}) == 1
        which = f"{len(here)} claims of the id {here[0].id}" if same else "claims " + " and ".join(c.id for c in here)
        return Unclear(
            paper.name, ids, f"{paper.name} fits {which} equally well ({how}).", "Which of them does it document?"
        )
    return None


def _words(days: set[date]) -> str:
    return " and ".join(d.isoformat() for d in sorted(days)) or "no day"


def _why(paper: Paper, known: list[Claim]) -> str:
    if paper.head.claims:
        return f"it names claim {' and '.join(paper.head.claims)}, which is not in the file"
    if known:
        days = _days(paper)
        billed = _words({d for c in known for d in c.days})
        return f"the patient has claims of {billed}, " + (
            f"the note is of {_words(days)}" if days else "the note names no day"
        )
    if paper.head.patients or paper.head.names:
        return "no claim of the file is known to be of the patient it names"
    return "nothing in it names a claim, and no claim has the name of the file"


def _by_patient(claims: list[Claim], papers: list[Paper]) -> list[list[Claim]]:
    """For each paper the claims of the patient that it names, whatever the day.

    A claim holds a key in the place of the person. The key is made again from what the paper says, with the birth and sex
    that the claim tells: as a table does (id), and as an 837 does (member id, last and first name).
    """
    found: list[list[Claim]] = [[] for _ in papers]
    by_key: dict[int, list[Claim]] = defaultdict(list)
    people: dict[_Person, set[date]] = defaultdict(set)
    for claim in claims:
        if claim.key is not None:
            by_key[claim.key].append(claim)
            people[claim.birth, claim.sex] |= claim.days
    for width in (1, 3):
        rows: list[Any] = [
            (at, *who, *person)
            for at, paper in enumerate(papers)
            for who in _said(paper, width)
            for person in _persons(paper, people)
        ]
        for (at, *_, birth, sex), key in zip(rows, _keys(rows, width), strict=True):
            held = found[at]
            held += [c for c in by_key.get(key, ()) if (c.birth, c.sex) == (birth, sex) and c not in held]
    return found


def _said(paper: Paper, width: int) -> list[tuple[str, ...]]:
    """What a paper says of the person: an id alone, as tables have it, or an id with last and first name, as an 837 has."""
    dated = paper.dated_stem
    ids = list(dict.fromkeys([*paper.head.patients, *([dated[0]] if dated else [])]))
    return [(i,) for i in ids] if width == 1 else [(i, *name) for i in ids for name in paper.head.names]


def _persons(paper: Paper, people: dict[_Person, set[date]]) -> list[_Person]:
    """Birth and sex to try: those of the birth that the paper says, and in a large file those of its day."""
    born = paper.head.birth
    fitting = [p for p in people if born is None or p[0] in {born, None}]
    days = _days(paper)
    return fitting if len(fitting) <= _TRIED else [p for p in fitting if people[p] & days]


def _keys(rows: list[tuple[Any, ...]], width: int) -> list[int]:
    schema: dict[str, Any] = {
        "at": pl.UInt32,
        **{f"p{i}": pl.String for i in range(width)},
        "birth": pl.Date,
        "sex": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return [int(k) for k in person_key(frame, [pl.col(n) for n in frame.columns[1:]]).to_list()]
