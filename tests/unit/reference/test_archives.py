"""CMS's archives as they come: many files, several forms of one table, damaged, locked and hostile ones."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from cutis.model.errors import DataError
from cutis.reference import importing
from cutis.reference.importing import import_files
from cutis.reference.release import read_manifest
from cutis.reference.store import Reference
from cutis.reference.vintage import date_in
from tests.unit.reference.test_importing import PPRRVU_HEAD, PPRRVU_ROW

GPCI = "mac,state,locality,name,work_gpci,pe_gpci,mp_gpci\n09102,FL,04,Miami,1.000,1.050,2.500\n"
MUE = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n{},1,2 Date of Service Edit: Policy,x\n"


def fee(row: str = PPRRVU_ROW) -> str:
    return "\n".join([*([","] * 9), PPRRVU_HEAD, row]) + "\n"


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as z:
        for name, text in members.items():
            z.writestr(name.replace("__", "."), text)
    return path


def rvu(tmp_path: Path) -> Path:
    return archive(
        tmp_path / "rvu27a.zip",
        PPRRVU2027_Jan_nonQPP__csv=fee(),
        PPRRVU2027_Jan_nonQPP__txt="17000 fixed width\n",
        PPRRVU2027_Jan_QPP__csv=fee(PPRRVU_ROW.replace("33.4009", "33.5675")),
        GPCI2027__csv=GPCI,
        ANES2027__csv="Contractor,Locality,Factor\n09102,04,20.1\n",
        RVU27A__pdf="words",
    )


def test_the_archive_of_relative_values_as_it_comes(tmp_path: Path) -> None:
    done = import_files([rvu(tmp_path)], tmp_path / "data")
    assert [(d.table, d.rows, d.effective_from) for d in done] == [
        ("fee", 1, date(2027, 1, 1)),
        ("gpci", 1, date(2027, 1, 1)),
    ]
    assert done[-1].notes == ("not read, being of no layout that Cutis knows: ANES2027.csv, PPRRVU2027_Jan_QPP.csv",)
    assert Reference([tmp_path / "data"]).table("fee")["cf"].to_list() == [334009]


def test_two_releases_at_once_stay_two(tmp_path: Path) -> None:
    files = []
    for day, code in (("01-01-2027", "11102"), ("04-01-2027", "11103")):
        files.append(tmp_path / f"MCR_MUE_PractitionerServices_Eff_{day}.csv")
        files[-1].write_text(MUE.format(code))
    done = import_files(files, tmp_path / "data")
    assert [d.effective_from for d in done] == [date(2027, 1, 1), date(2027, 4, 1)]
    with pytest.raises(DataError, match="would name two releases"):
        import_files(files, tmp_path / "data", release="ONE")


def test_one_file_without_a_date_stores_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "gpci_2027.csv").write_text(GPCI)
    (tmp_path / "mue.csv").write_text(MUE.format("11102"))
    with pytest.raises(DataError, match="give it with --from"):
        import_files([tmp_path / "gpci_2027.csv", tmp_path / "mue.csv"], tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_files_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a_2027.csv").write_text(MUE.format("11102"))
    (tmp_path / "b_2027.csv").write_text(MUE.format("11102").replace(",1,2 Date", ",3,2 Date"))
    with pytest.raises(DataError, match="differ on"):
        import_files([tmp_path / "a_2027.csv", tmp_path / "b_2027.csv"], tmp_path / "data")


def test_a_crash_before_the_manifest_leaves_the_old_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mue_2027.csv"
    path.write_text(MUE.format("11102"))
    import_files([path], tmp_path / "data")
    path.write_text(MUE.format("11103"))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importing, "write_manifest", crash)
        with pytest.raises(KeyboardInterrupt):
            import_files([path], tmp_path / "data")
    assert Reference([tmp_path / "data"]).table("mue")["code"].to_list() == ["11102"]
    import_files([path], tmp_path / "data")
    assert Reference([tmp_path / "data"]).table("mue")["code"].to_list() == ["11103"]
    assert len(read_manifest(tmp_path / "data")) == len(list((tmp_path / "data").glob("*.parquet"))) == 1


def test_the_same_file_twice_is_one_release(tmp_path: Path) -> None:
    path = tmp_path / "mue_2027.csv"
    path.write_text(MUE.format("11102"))
    import_files([path, path], tmp_path / "data")
    import_files([path], tmp_path / "data")
    assert [r.rows for r in read_manifest(tmp_path / "data")] == [1]


def test_a_damaged_archive(tmp_path: Path) -> None:
    path = rvu(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match="damaged ZIP archive"):
        import_files([path], tmp_path / "data")
    path.write_bytes(b"no archive at all")
    with pytest.raises(DataError, match="damaged ZIP archive"):
        import_files([path], tmp_path / "data")


def test_a_locked_archive(tmp_path: Path) -> None:
    path = archive(tmp_path / "locked_2027.zip", gpci_2027__csv=GPCI)
    data = bytearray(path.read_bytes())
    # the flag of encryption in the local header and in the directory
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match="locked with a password"):
        import_files([path], tmp_path / "data")


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "bomb_2027.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z, z.open("gpci.csv", "w", force_zip64=True) as member:
        block = b"0" * (8 << 20)
        for _ in range(76):
            member.write(block)
    with pytest.raises(DataError, match="more than any CMS table"):
        import_files([path], tmp_path / "data")
    inner = rvu(tmp_path)
    for depth in range(4):
        outer = tmp_path / f"nested{depth}.zip"
        with zipfile.ZipFile(outer, "w") as z:
            z.write(inner, "in.zip")
        inner = outer
    with pytest.raises(DataError, match="archives in archives"):
        import_files([inner], tmp_path / "data")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "gpci_2027.csv").write_text(GPCI)
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DataError, match="cannot be written"):
        import_files([tmp_path / "gpci_2027.csv"], tmp_path / "data")


@pytest.mark.parametrize(
    ("name", "table", "day"),
    [
        ("MCR_MUE_PractitionerServices_Eff_04-01-2026.xlsx", "mue", date(2026, 4, 1)),
        ("ccipra-v322r0-f1.TXT", "ptp", date(2026, 7, 1)),
        ("medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip", "ptp", date(2026, 7, 1)),
        ("April 2026 ASP Pricing File 031226.csv", "asp", date(2026, 4, 1)),
        ("july-2026-asp-pricing-file.zip", "asp", date(2026, 7, 1)),
        ("ZIP5_OCT2026.txt", "zip_locality", date(2026, 10, 1)),
        ("AOC_V2026Q3-MCR.txt", "addon", date(2026, 7, 1)),
        ("PPRRVU2026_Jul_nonQPP.csv", "fee", date(2026, 7, 1)),
        ("rvu26b.zip", "fee", date(2026, 4, 1)),
        ("26LOCCO.csv", "county", date(2026, 1, 1)),
        ("icd10cm_order_2026.txt", "icd10", date(2025, 10, 1)),
        ("icd10cm-order-April-2026.txt", "icd10", date(2026, 4, 1)),
        ("Eff_13-45-2026.csv", "mue", None),
        ("table.csv", "mue", None),
    ],
)
def test_the_first_service_date_in_the_name(name: str, table: str, day: date | None) -> None:
    assert date_in(name, table) == day
