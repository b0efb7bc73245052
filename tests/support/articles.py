"""A made-up dump of the Medicare Coverage Database in its own layout: two articles of one contractor."""

import io
import zipfile
from pathlib import Path

from cutis.reference.importing import import_files
from cutis.reference.store import BUILT_IN, Reference

TABLES = {
    "article.csv": (
        "article_id,article_version,title,description,article_eff_date,article_end_date\n"
        '99001,1,Made up: destruction,"<p>made up,\nover two lines</p>",2024-08-08 00:00:00,\n'
        "99002,3,Made up: tags,,2024-08-08,\n"
    ),
    "article_x_hcpc_code.csv": (
        "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group\n"
        "99001,1,17110,1,1\n99001,1,17000,1,1\n99002,3,11200,1,1\n"
    ),
    "article_x_icd10_covered.csv": (
        "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group\n"
        "99001,1,B07.8,1,1\n99001,1,L82.0,1,1\n99001,1,R58,1,2\n"
    ),
    "article_x_icd10_noncovered.csv": (
        "article_id,article_version,icd10_code_id,icd10_code_version,icd10_noncovered_group\n99002,3,L91.8,1,1\n"
    ),
    "article_x_contractor.csv": (
        "article_id,article_version,article_type,contractor_id,contractor_type_id,contractor_version\n"
        "99001,1,6,7,2,1\n99002,3,6,7,2,1\n"
    ),
    "contractor.csv": "contractor_id,contractor_type_id,contractor_version,contractor_bus_name,contractor_number\n7,2,1,Made up,15202\n",
    "contractor_jurisdiction.csv": "contractor_id,contractor_type_id,contractor_version,state_id\n7,2,1,39\n",
    "state_lookup.csv": "state_id,state_abbrev,description\n39,OH,Ohio\n12,FL,Florida\n",
    "article_x_urls.csv": "article_id,article_version,url\n99001,1,made-up\n",
}


def dump(folder: Path, replaced: dict[str, str] | None = None) -> Path:
    """Write the archive as it is downloaded: a zip that holds a zip of the tables."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name, text in (TABLES | (replaced or {})).items():
            archive.writestr(name, text)
    path = folder / "current_article.zip"
    with zipfile.ZipFile(path, "w") as outer:
        outer.writestr("current_article_csv.zip", inner.getvalue())
    return path


def reference(folder: Path) -> Reference:
    """The shipped tables with the made-up articles imported over them."""
    import_files([dump(folder)], folder / "tables")
    return Reference([BUILT_IN, folder / "tables"])
