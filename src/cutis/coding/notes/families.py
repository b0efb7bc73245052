"""Families of techniques: which words name the same act, and which acts are one per lesion."""

from typing import Final

_FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "biopsy": ("biopsy", "punch biopsy", "tangential biopsy", "incisional biopsy", "nail unit biopsy"),
    "shave": ("shave", "shave removal"),
    "excision": ("excision", "excisional biopsy", "re-excision", "staged excision", "hidradenitis excision", "scar revision"),
    "mohs": ("mohs",),
    "destroy": ("destruction", "malignant destruction"),
    "tag": ("skin tag removal", "snip"),
    "remove": ("removal",),
    "drain": ("i&d", "aspiration", "extraction", "expression"),
    "intralesional": ("intralesional injection",),
    "inject": ("intramuscular injection", "subcutaneous injection", "injection"),
    "toxin": ("botulinum toxin", "chemodenervation"),
    "pare": ("paring",),
    "nail": (
        "nail debridement", "nail trimming", "nail clipping", "nail avulsion", "nail matrixectomy", "nail trephination",
        "wedge excision of nail fold", "nail bed repair",
    ),
    "pdt": ("pdt",),
    "photo": ("phototherapy", "puva", "goeckerman", "excimer laser"),
    "allergy": ("patch testing", "photo patch test", "prick test", "intradermal test", "photo test"),
    "smear": ("KOH exam", "skin scraping",
        "wet mount", "tzanck smear", "wet mount", "hair microscopy"),
    "path": (
        "surgical pathology", "frozen section", "special stain", "immunohistochemistry", "immunofluorescence", "slide consultation",
    ),
    "flap": ("adjacent tissue transfer", "z-plasty", "pedicle flap", "flap takedown", "muscle flap"),
    "graft": (
        "full-thickness graft", "split-thickness graft", "composite graft", "cartilage graft", "skin substitute", "site preparation",
    ),
    "repair": ("repair", "wound packing"),
    "strips": ("adhesive strips", "tissue adhesive"),
    "aftercare": ("suture removal", "dressing change"),
    "debride": ("debridement", "trimming"),
    "vascular": ("vascular laser", "sclerotherapy"),
    "foreign": ("foreign body removal",),
    "cosmetic": ("filler", "chemical peel", "dermabrasion", "laser hair removal", "laser resurfacing", "ear piercing"),
    "radiation": ("superficial radiation",),
    "imaging": ("total body photography", "reflectance confocal microscopy"),
}  # fmt: skip
FAMILY: Final = {technique: family for family, techniques in _FAMILIES.items() for technique in techniques}
# Named in notes, but nothing that a line could be written for.
IGNORED: Final = frozenset(
    {
        "dermoscopy",
        "wood lamp",
        "prescription",
        "photography",
        "interpretation",
        "secondary intention",
        "culture",
        "old site",
        "tattoo",
    }
)
# One act per lesion; of the others a count of lesions makes one line.
DISCRETE: Final = frozenset({"biopsy", "shave", "excision", "mohs", "flap", "graft", "repair"})
# Words that a more exact word of the same family replaces.
GENERIC: Final = frozenset(
    {
        "biopsy",
        "shave",
        "destruction",
        "excision",
        "injection",
        "removal",
        "snip",
        "skin scraping",
        "wet mount",
        "chemodenervation",
        "nail clipping",
        "expression",
        "phototherapy",
    }
)
# Families whose closure belongs to them; elsewhere a closure is a repair of its own.
CLOSED: Final = frozenset(
    {"excision", "mohs", "biopsy", "shave", "remove", "tag", "drain", "flap", "graft", "nail", "foreign"}
)
