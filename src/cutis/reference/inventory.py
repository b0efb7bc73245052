"""What reference data there is: releases, the dates they speak about, their age, and what is missing."""

from datetime import date
from typing import Any, Final

from cutis.reference.release import Release
from cutis.reference.store import BUILT_IN, KNOWN_TABLES, Reference

GET: Final = {
    "zip_locality": "CMS, ZIP code to carrier locality file",
    "asp": "CMS, ASP drug pricing files",
    "county": "CMS, localities and counties (LOCCO, in the archive of the relative value files)",
    "lcd": "CMS, Medicare Coverage Database downloads (articles)",
}


def inventory(reference: Reference, on: date) -> list[dict[str, Any]]:
    """One row per release, then one per table that is not loaded.

    Args:
        reference: to list.
        on: date that the age is told for.
    """
    rows = []
    for table in sorted({*KNOWN_TABLES, *reference.manifest}):
        for folder, release in reference.manifest.get(table, []):
            rows.append(_row(release, "built in" if folder == BUILT_IN else "imported", on))
        if not reference.has(table):
            rows.append(
                {
                    "table": table, "release": None, "covers": "", "rows": 0, "age": "", "where": "",
                    "note": f"not checked without it; get it from: {GET.get(table, 'CMS')}; then cutis data import FILE",
                    "source": None, "sha256": None,
                }
            )  # fmt: skip
    return rows


def _row(release: Release, where: str, on: date) -> dict[str, Any]:
    first = release.effective_from.isoformat() if release.effective_from else "any"
    last = release.effective_to.isoformat() if release.effective_to else "open"
    return {
        "table": release.table,
        "release": release.release,
        "covers": f"{first} to {last}",
        "rows": release.rows,
        "age": _age(release, on),
        "where": where,
        "note": release.note,
        "source": release.source,
        "sha256": release.sha256,
    }


def _age(release: Release, on: date) -> str:
    if release.partial:
        return "a part only"
    if release.current_to is None:
        return "unknown"
    if on <= release.current_to:
        return "current"
    quarters = (on.year - release.current_to.year) * 4 + (on.month - 1) // 3 - (release.current_to.month - 1) // 3
    return f"{quarters} quarter{'s' if quarters != 1 else ''} old" if quarters else "current"
