"""The cheat sheet and the table by place as printable PDF, by fpdf2 where it is installed (`pip install cutis[pdf]`)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from importlib import import_module
from typing import Any, Final

from cutis.model.errors import ConfigError
from cutis.output import places as by_place
from cutis.output import sheet as whole
from cutis.pricing.places import Places
from cutis.pricing.sheet import Sheet

_FIGURES: Final = (
    ("Days", "global_days"), ("Mult", "mult_proc"), ("MUE/MAI", "mue"), ("Work", "work"), ("PE off.", "pe_nonfac"),
    ("PE fac.", "pe_fac"), ("MP", "mp"), ("RVU off.", "rvu_nonfac"), ("RVU fac.", "rvu_fac"),
)  # fmt: skip
_TABLE_SIZE: Final = 7.5
_SOFT: Final = (92, 102, 112)
_LINE: Final = (216, 213, 206)


def sheet_pdf(made: Sheet) -> bytes:
    """The sheet as PDF, Letter paper; the same bytes for the same sheet.

    Up to four localities stand beside each other; of more, each family's figures come first, then a row a locality.

    Raises:
        ConfigError: fpdf2 is not installed.
    """
    pdf = _document("Dermatology billing sheet", made.on, wide=len(made.localities) > 1)
    _soft(pdf, f"Medicare amounts for {made.on}: {whole.places_said(made)}. Rests on {', '.join(made.releases)}.")
    for family in whole.families(made):
        if family["codes"]:
            _title(pdf, family["title"], family["note"])
            _family(pdf, made, family["codes"])
    if not made.watch.is_empty():
        _title(pdf, whole.WATCH, whole.INDICATORS)
        _table(pdf, whole.WATCH_HEADS, whole.watch_rows(made), [8, 8, 6, 60], left=4)
    for title, named in whole.lists(made):
        _title(pdf, title)
        for name, text in named:
            _item(pdf, name, text)
    return bytes(pdf.output())


def _family(pdf: Any, made: Sheet, codes: list[dict[str, Any]]) -> None:
    """Figures and amounts of a family's codes."""
    beside = made.localities if len(made.localities) <= whole.FEW else ()
    heads = ["Code", *(title for title, _ in _FIGURES)]
    for place in beside:
        heads += ["Office", "Facility"] if len(beside) == 1 else [f"{place.name} office", "Facility"]
    rows = [
        [x["code"], *(x[n] or "" for _, n in _FIGURES), *(a for pair in x["prices"] for a in (pair if beside else ()))]
        for x in codes
    ]
    _table(pdf, heads, rows, [5, 4, 4, 6, *[5] * 6, *[8, 7] * len(beside)], left=4)
    if beside:
        return
    names = [(place.key, place.name) for place in made.localities]
    amounts = [(list(n), row[2:]) for n, row in zip(names, whole.place_rows(made, codes), strict=True)]
    pdf.ln(2)
    _amounts(pdf, ["Locality", ""], (17, 62), amounts, [x["code"] for x in codes])


def places_pdf(made: Places) -> bytes:
    """The table by place as PDF, Letter paper across; as many codes beside each other as fit, the others on pages after.

    Raises:
        ConfigError: fpdf2 is not installed.
    """
    pdf = _document("Dermatology amounts by place", made.on, wide=True)
    for sentence in by_place.notes(made):
        _soft(pdf, sentence)
    # names of localities are long, names of states short
    first = (7, 55, 18) if made.by_locality else (7, 34, 16)
    pdf.ln(2)
    _amounts(pdf, by_place.heads(made), first, list(by_place.grid(made)), made.codes, pages=True)
    return bytes(pdf.output())


def _amounts(
    pdf: Any,
    heads: Sequence[str],
    first: Sequence[float],
    rows: Sequence[tuple[list[str], list[str]]],
    codes: Sequence[str],
    *,
    pages: bool = False,
) -> None:
    """Rows of names and, per code, two amounts: as many codes beside each other as fit, the others after (on new `pages`).

    `first` are millimeters of the columns of names. An amount is never broken: its width says how many codes fit.
    """
    pdf.set_font("helvetica", style="B", size=_TABLE_SIZE)
    title = max(pdf.get_string_width(f"{code} office") for code in codes)
    pdf.set_font("helvetica", size=_TABLE_SIZE)
    each = 1.8 + max(title, *(pdf.get_string_width(a) for _, amounts in rows for a in amounts))
    at_once = whole.evenly(len(codes), int((pdf.epw - sum(first)) // (2 * each)))
    for start in range(0, len(codes), at_once):
        if start and pages:
            pdf.add_page()
        elif start:
            pdf.ln(3)
        shown = codes[start : start + at_once]
        titles = [*heads, *(x for c in shown for x in (f"{c} office", "Facility"))]
        cells = [[*names, *amounts[2 * start : 2 * (start + len(shown))]] for names, amounts in rows]
        widths = [*first, *[each, each] * len(shown)]
        _table(pdf, titles, cells, widths, left=len(first), width=sum(widths))


def _document(title: str, on: date, *, wide: bool) -> Any:
    """An empty page with heading and page numbers; the creation date is the sheet's own, so that bytes do not change."""
    try:
        fpdf = import_module("fpdf")  # an optional extra
    except ImportError:
        raise ConfigError("a PDF is written by fpdf2; install the extra: pip install 'cutis[pdf]'") from None

    class Document(fpdf.FPDF):  # type: ignore[name-defined, misc]
        def footer(self) -> None:
            self.set_y(-11)
            self.set_font("helvetica", size=7)
            self.set_text_color(*_SOFT)
            self.cell(0, 4, f"{title}, {on}: page {self.page_no()} of {{nb}}", align="C")

    pdf = Document(orientation="landscape" if wide else "portrait", format="letter")
    pdf.set_creation_date(datetime.combine(on, time(), UTC))
    pdf.set_title(title)
    pdf.set_creator("Cutis")
    pdf.set_lang("en")
    pdf.set_margin(13)
    pdf.set_auto_page_break(auto=True, margin=15)
    pdf.add_page()
    pdf.set_font("helvetica", style="B", size=15)
    pdf.cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
    return pdf


def _latin(text: str) -> str:
    """Text in the character set of the built-in fonts; what is not in it is a question mark."""
    return text.encode("latin-1", errors="replace").decode("latin-1")


def _soft(pdf: Any, text: str) -> None:
    pdf.set_font("helvetica", size=8)
    pdf.set_text_color(*_SOFT)
    pdf.multi_cell(0, 3.8, _latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(0)


def _title(pdf: Any, title: str, note: str = "") -> None:
    """A heading that stays with what comes after it."""
    if pdf.will_page_break(24):
        pdf.add_page()
    pdf.ln(3)
    pdf.set_font("helvetica", style="B", size=10.5)
    pdf.cell(0, 5.5, _latin(title), new_x="LMARGIN", new_y="NEXT")
    if note:
        _soft(pdf, note)
        pdf.ln(0.8)


def _table(
    pdf: Any,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    left: int,
    width: float | None = None,
) -> None:
    """Rows under headings that every page repeats; the first `left` columns start left, the others end right.

    `widths` are millimeters where `width` is their sum, else shares of the page.
    """
    fonts = import_module("fpdf.fonts")
    pdf.set_font("helvetica", size=_TABLE_SIZE)
    pdf.set_draw_color(*_LINE)
    with pdf.table(
        borders_layout="HORIZONTAL_LINES", col_widths=tuple(widths), line_height=3.9, padding=0.3, align="LEFT", width=width,
        text_align=tuple("LEFT" if n < left else "RIGHT" for n in range(len(widths))),
        headings_style=fonts.FontFace(emphasis="BOLD"),
    ) as table:  # fmt: skip
        for row in [heads, *rows]:
            table.row([_latin(x) for x in row])


def _item(pdf: Any, name: str, text: str) -> None:
    """A name (in bold, before its text) or a dash, and a text that wraps beside it."""
    column = 46 if name else 4
    width = pdf.epw - column
    pdf.set_font("helvetica", style="B" if name else "", size=8)
    beside = pdf.multi_cell(column, 3.9, _latin(name or "-"), dry_run=True, output="LINES")
    pdf.set_font("helvetica", size=8)
    height = 3.9 * max(len(beside), len(pdf.multi_cell(width, 3.9, _latin(text), dry_run=True, output="LINES")))
    if pdf.will_page_break(height):
        pdf.add_page()
    top = pdf.get_y()
    pdf.set_font("helvetica", style="B" if name else "", size=8)
    pdf.multi_cell(column, 3.9, "\n".join(beside), align="L", new_x="RIGHT", new_y="TOP")
    pdf.set_font("helvetica", size=8)
    pdf.set_xy(pdf.l_margin + column, top)
    pdf.multi_cell(width, 3.9, _latin(text), align="L")
    pdf.set_xy(pdf.l_margin, top + height + 0.6)
