"""A skin substitute without its application, or an application without a product."""

import polars as pl

from cutis.model import columns as c
from cutis.reference.families import load_families
from cutis.reference.store import Reference
from cutis.rulekit import DAY, Evidence, FixKind, Scope, Severity, Stake, rule
from cutis.rules._shared.codes import codes_of

APPLICATION = load_families().codes("skin_substitute")


@rule(
    "skin-substitute-without-application",
    scope=Scope.DAY,
    severity=Severity.WARNING,
    evidence=Evidence.RECALLED,
    authority="CMS payment of skin substitutes (product beside its application), recalled",
    carc="16",
    since="0.1.0",
    stake=Stake.NONE,
    fix=FixKind.NEEDS_CHART,
    fix_text="Report the application by site and area beside the product, both of the same day.",
    question="Who applied the product, on which wound, and who bought it?",
    message="{what}",
    facts=("DR-04",),
)
def check(lines: pl.DataFrame, ref: Reference) -> pl.DataFrame:
    """Product and application of a skin substitute do not stand together.

    What it finds:
        Product codes (Q4100 to Q4399, A2001 to A2035) on a day without 15271 to 15278; and, as a remark, an
        application in the office without a product.

    Why:
        The product is paid only beside its application. An application in the office without a product leaves the
        costly part unbilled, unless someone else supplied it.

    Example:
        Q4186 x4 dx=L97.512

    Instead:
        15275 dx=L97.512
        Q4186 x4 dx=L97.512

    References:
        CMS, CY2026 physician fee schedule, skin substitutes.
    """
    present = codes_of(lines, ref)
    products = present.filter(present.str.contains(r"^(?:Q4[123]\d\d|A20[0-3]\d)$"))
    product = pl.col(c.CODE).is_in(products.implode())
    application = pl.col(c.CODE).is_in(sorted(APPLICATION))
    first = application & ~pl.col(c.CODE).is_in(["15272", "15274", "15276", "15278"])
    few = lines.filter(pl.col(c.CODE).is_in([*products, *APPLICATION.intersection(present)]))
    alone = few.filter(~(application.any().over(DAY) & product.any().over(DAY)))
    lone = alone.filter(product | (first & (pl.col(c.PLACE_OF_SERVICE) == "11")))
    what = (
        pl.when(product)
        .then(pl.format("{} stands without the application of a skin substitute on this day.", c.CODE))
        .otherwise(pl.format("{} in the office stands without a product.", c.CODE))
    )
    severity = pl.when(product).then(pl.lit(Severity.WARNING.value)).otherwise(pl.lit(Severity.INFO.value))
    return lone.with_columns(what.alias("what"), severity.alias("severity"))
