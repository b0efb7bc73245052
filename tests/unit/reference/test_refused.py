"""Each of CMS's layouts with one bad value: the file is refused whole, the row is named, and the old table stays byte for byte."""

from datetime import date
from pathlib import Path

import pytest

from cutis.model.errors import DataError
from cutis.reference.importing import import_files

PTP = "CPT only copyright\tx\nColumn 1\tColumn 2\t* = in existence prior to 1996\tEffective Date\tDeletion Date\tModifier\tRationale\n"
MUE = "notice\nHCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n"
GPCI = "mac,state,locality,name,work_gpci,pe_gpci,mp_gpci\n"
ASP = "notice,,,\nHCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit\n"
LCD = "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group\n"
AOC = "primary_code,add_on_code,aoc_edit_type\n"
# name of the file, its table, a good text, what is put in place of what, and the words that name the row
LAYOUTS = [
    ("gpci_2027.csv", "gpci", GPCI + "09102,FL,04,Miami,1.000,1.050,2.500\n10112,AL,00,Alabama,1.000,0.875,0.566\n", "0.875", "0.8x5", "row 3, column pe"),
    ("ccipra-v330r0-f1.txt", "ptp", PTP + "11102\t17000\t\t20190101\t*\t1\tx\n17004\t17000\t*\t19960101\t*\t0\tx\n", "*\t0\tx", "*\t7\tx", "row 4"),
    ("ccipra-v330r0-f1.txt", "ptp", PTP + "11102\t17000\t\t20190101\t*\t1\tx\n17004\t17000\t*\t19960101\t*\t0\tx\n", "20190101", "20190199", "row 3"),
    ("MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", "mue", MUE + "11102,1,2 Policy,x\n17000,1,2 Policy,x\n", "17000,1", "17000,many", "row 4"),
    ("MCR_MUE_PractitionerServices_Eff_10-01-2026.csv", "mue", MUE + "11102,1,2 Policy,x\n17000,1,2 Policy,x\n", "11102,1,2", "11102,1,9", "row 3"),
    ("aoc_2026-10-01.csv", "addon", AOC + "11102,11103,1\n11104,11105,1\n", "11105,1", "111,1", "row 3"),
    ("ZIP5_2026-10-01.txt", "zip_locality", "FL331860910204\nFL336010910299\nFL336020910299\n", "FL33601", "FL3360X", "row 2"),
    ("icd10cm_order_2027.txt", "icd10", "00001 C44     0 words                      words\n00002 C44519  1 words                      words\n00003 C4452   0 words                      words\n", "C44519  1", "C44519  7", "row 2"),
    ("asp_2026-10-01.csv", "asp", ASP + "J3301,x,10 MG,1.234\nJ9190,x,500 MG,2.5\n", "2.5", "free", "row 4"),
    ("article_x_icd10_covered.csv", "lcd", LCD + "57162,13,L82.0,1,1\n57162,13,L82.1,1,1\n", "L82.1", "L-82", "row 3"),
]  # fmt: skip


def stored(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    ("name", "table", "good", "old", "new", "words"), LAYOUTS, ids=[f"{x[1]}-{x[4][:9]}" for x in LAYOUTS]
)
def test_one_bad_value(tmp_path: Path, name: str, table: str, good: str, old: str, new: str, words: str) -> None:
    path, data = tmp_path / name, tmp_path / "data"
    path.write_text(good)
    given = {} if "2026" in name else {"effective_from": date(2026, 10, 1)}
    (done,) = import_files([path], data, **given)
    assert done.table == table
    assert done.rows in {2, 3}
    before = stored(data)
    assert good.count(old) == 1
    path.write_text(good.replace(old, new))
    with pytest.raises(DataError, match="is refused") as caught:
        import_files([path], data, **given)
    said = str(caught.value)
    assert words in said
    assert name in said
    assert "\n" not in said
    assert stored(data) == before
