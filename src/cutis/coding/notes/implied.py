"""Acts that a clause can only mean, though it has no word for them."""

from typing import Final

from cutis.coding.notes.attributes import Facts
from cutis.coding.notes.document import Clause, Document
from cutis.coding.notes.lexicon import Mention
from cutis.coding.notes.roles import EXCISED, LESION, MARGIN

_INJECTED: Final = frozenset({"triamcinolone", "candida", "bleomycin", "fluorouracil"})


def injected(document: Document, clause: Clause, facts: Facts) -> list[Mention]:
    """A drug in millilitres put into a lesion: "candida antigen 0.2 mL into wart"."""
    drug = next((m for m in clause.mentions if m.kind == "drug" and m.value in _INJECTED), None)
    dosed = any(m.kind == "dose" and m.unit in {"ml", "mg/ml", "mg/cc"} for m in clause.measures)
    lesion = any(d.sure != "suspected" for d in facts.dxs)
    inside = any(t.norm in {"into", "to", "in"} for t in document.tokens[clause.first : clause.last])
    return (
        [drug._replace(kind="technique", value="intralesional injection")]
        if drug and dosed and lesion and inside
        else []
    )


def excised(facts: Facts) -> list[Mention]:
    """A lesion with its measured margin, or an excised diameter, and no word for the cut: "BCC 1.2 cm, margins 0.4 cm"."""
    sizes = {s.role: s for s in facts.sizes}
    lesion = any(d.sure != "suspected" for d in facts.dxs)
    if not lesion or not facts.sites or not (EXCISED in sizes or {LESION, MARGIN} <= set(sizes)):
        return []
    size = sizes.get(EXCISED) or sizes[MARGIN]
    return [Mention("technique", "excision", size.first, size.first + 1, size.start, size.end)]
