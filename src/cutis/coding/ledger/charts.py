"""The chart of one claim: its notes as one text that knows its files, reports, specimens and encounters."""

from dataclasses import dataclass, field

from cutis.coding.encounter import Encounter
from cutis.coding.ledger.entries import Evidence
from cutis.coding.ledger.folder import Paper
from cutis.coding.ledger.heading import read_heading

BETWEEN = "\n\n"  # between two notes of one chart
_NEAR = 160  # characters that are still one quote


@dataclass(slots=True)
class Chart:
    """What the chart holds for one claim; texts, with the names of their files for the report.

    Attributes:
        notes: name and text.
        reports: pathology reports, name and text.
        specimens: entries of a log, one a specimen.
        encounters: name and structured encounter.
        papers: for each paper its name and how it was matched with the claim, for people.
        remarks: what was not read, and why.
    """

    notes: list[tuple[str, str]] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    specimens: list[str] = field(default_factory=list)
    encounters: list[tuple[str, Encounter]] = field(default_factory=list)
    papers: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, papers: list[tuple[Paper, str]]) -> "Chart":
        """A chart of papers, each with the way it was matched; a paper that repeats another word for word is read once."""
        chart = cls()
        seen: dict[tuple[str, str], str] = {}
        for paper, how in papers:
            chart.papers.append((paper.name, how))
            if paper.encounter is not None:
                chart.encounters.append((paper.name, paper.encounter))
                continue
            first = seen.setdefault((paper.kind, " ".join(paper.text.split())), paper.name)
            if first != paper.name:
                chart.remarks.append(f"{paper.name} repeats {first} word for word and was read once")
            elif paper.kind == "report":
                chart.reports.append((paper.name, paper.text))
            elif paper.kind == "log":
                chart.specimens += [ln.strip() for ln in paper.head.body(paper.text).splitlines() if ln.strip()]
            else:
                chart.notes.append((paper.name, paper.text))
        if chart.notes and chart.encounters:
            names = ", ".join(name for name, _ in chart.encounters)
            chart.remarks.append(f"{names}: not read, since the note itself is there")
            chart.encounters.clear()
        return chart

    @property
    def text(self) -> str:
        """The notes as one text, as they were written."""
        return BETWEEN.join(text for _, text in self.notes)

    @property
    def body(self) -> str:
        """The same without the words of their heads that say whose they are, character for character as long."""
        return BETWEEN.join(read_heading(text).body(text) for _, text in self.notes)


class Source:
    """A text made of several files: gives words of it back with their own file and place.

    Args:
        parts: name and text of each file, joined as a chart joins them.
        name: where there is no file.
    """

    def __init__(self, parts: list[tuple[str, str]], name: str = "note") -> None:
        self.parts = parts or [(name, "")]

    def quote(self, start: int, end: int) -> Evidence:
        """The words between two characters of the joined text, and where they stand in their file."""
        begin = 0
        for name, text in self.parts:
            if start <= begin + len(text):
                return Evidence(name, text[start - begin : end - begin], start - begin, min(end - begin, len(text)))
            begin += len(text) + len(BETWEEN)
        name, text = self.parts[-1]
        return Evidence(name, "", len(text), len(text))

    def joined(self, evidence: list[Evidence]) -> list[Evidence]:
        """Words that stand near each other as one quote, as a reader looks them up; others as they are, in order."""
        texts = dict(self.parts)
        found: list[Evidence] = []
        for one in evidence:
            for at, other in enumerate(found):
                start, end = min(one.start, other.start), max(one.end, other.end)
                if one.source == other.source and one.source in texts and end - start <= _NEAR:
                    found[at] = Evidence(one.source, texts[one.source][start:end], start, end)
                    break
            else:
                found.append(one)
        return found
