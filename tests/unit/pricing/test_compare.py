"""What a release changes: each kind of change, the dollars of claims on file, and what is not compared."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cutis.model.errors import ConfigError
from cutis.model.shorthand import frame
from cutis.output import compare as face
from cutis.pricing.compare import compare
from cutis.pricing.locality import NATIONAL, by_key
from cutis.reference.release import Release, write_manifest
from cutis.reference.store import BUILT_IN, Reference

NEXT = date(2026, 10, 1)


@pytest.fixture(scope="module")
def ref(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The shipped tables, and made-up ones of a next quarter: 11102 dearer, 17000 gone, one code new, one edit gone."""
    folder = tmp_path_factory.mktemp("next")
    base = Reference([BUILT_IN])
    fee = base.table("fee").filter(pl.col("code").is_in(["11102", "11104", "17000"]), pl.col("modifier") == "")
    new = fee.filter(pl.col("code") != "17000").with_columns(
        pl.when(pl.col("code") == "11102").then(pl.col("work") + 100).otherwise("work").cast(pl.Int32).alias("work")
    )
    new = pl.concat([new, new.filter(pl.col("code") == "11104").with_columns(pl.lit("11199").alias("code"))])
    mue = base.table("mue").filter(pl.col("code") == "11102", pl.col("release") == "MUE-2026Q2")
    edit = base.scan("ptp").filter(pl.col("column_one") == "11102", pl.col("column_two") == "17000").collect()[:1]
    edit = edit.with_columns(pl.lit("17000").alias("column_one"), pl.lit("88305").alias("column_two"))
    tables = {"fee": new, "mue": mue.with_columns(pl.lit(9, pl.Int32).alias("mue")), "ptp": edit}
    entries = []
    for name, rows in tables.items():
        dated = rows.with_columns(
            pl.lit(NEXT).alias("effective_from"), pl.lit(None, pl.Date).alias("effective_to"), pl.lit(f"{name}-next").alias("release")
        )  # fmt: skip
        dated.write_parquet(folder / f"{name}.parquet")
        entries.append(
            Release(
                name,
                f"{name}-next",
                "made up",
                "",
                None,
                NEXT,
                None,
                None,
                rows.height,
                "",
                f"{name}.parquet",
                partial=name == "ptp",
            )
        )
    write_manifest(folder, entries)
    return Reference([BUILT_IN, folder])


def test_codes_and_dollars(ref: Reference) -> None:
    made = compare(ref, "RVU26C", "fee-next", locality=NATIONAL, codes=["11102", "11104", "17000", "11199"])
    rows = {r["code"]: r for r in made.changes["fee"].to_dicts()}
    assert {k: r["change"] for k, r in rows.items()} == {"11102": "changed", "17000": "deleted", "11199": "added"}
    assert (rows["11102"]["nonfacility_cents_before"], rows["11102"]["nonfacility_cents_after"]) == (9553, 12893)
    assert rows["17000"]["nonfacility_cents_after"] is None


def test_claims_on_file(ref: Reference) -> None:
    lines = frame(["11102 x2", "11104 pos=22", "17000"])
    made = compare(ref, "RVU26C", "fee-next", locality=NATIONAL, lines=lines)
    assert made.effect is not None
    rows = {r["code"]: r for r in made.effect.to_dicts()}
    assert rows["11102"]["cents_change"] == 2 * (12893 - 9553)
    assert set(rows) == {"11102", "17000"}


def test_two_dates_compare_all_tables_in_force(ref: Reference) -> None:
    made = compare(ref, "2026-07-01", "2026-10-01", locality=by_key(ref, "09102-04"), codes=["11102", "11104"])
    assert made.changes["mue"].to_dicts()[0]["mue_after"] == 9
    assert made.changes["fee"]["change"].to_list() == ["changed"]
    assert made.changes["ptp"].is_empty()
    out = io.StringIO()
    face.write_csv(made, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert {"table": "mue", "key": "11102", "change": "changed", "value": "mue", "before": "1", "after": "9"} in rows
    assert ("fee", "work", "0.64", "1.64") in {(r["table"], r["value"], r["before"], r["after"]) for r in rows}
    for write in (face.write_text, face.write_html):
        page = io.StringIO()
        write(made, page)
        assert "0.64" in page.getvalue()
        assert "11102" in page.getvalue()


def test_edits_and_the_claims_that_hold_both_codes(ref: Reference) -> None:
    for lines, claims in ((frame(["17000", "88305"]), 1), (frame(["17000", "88305 on=2026-01-05"]), 0)):
        for sides in (("PTP-2024Q3", "ptp-next"), ("2026-07-01", "2026-10-01")):
            made = compare(ref, *sides, locality=NATIONAL, lines=lines)
            assert made.changes["ptp"]["change"].to_list() == ["added"]
            assert made.pairs is not None
            assert made.pairs.height == claims


def test_what_cms_dates_before_the_older_release_was_not_added_since(ref: Reference) -> None:
    # a part of a later release stands over the older one, whose rows it took: by CMS's dates all are of 2020 or before
    made = compare(ref, "PTP-2024Q3", "PTP-2026Q3-subset", locality=NATIONAL)
    assert made.changes["ptp"].is_empty()
    assert "251 rows of PTP-2026Q3-subset are dated before PTP-2024Q3 by CMS itself: not added since" in made.notes


def test_a_code_without_a_price_on_one_side_has_no_sum_there(ref: Reference) -> None:
    made = compare(ref, "RVU26C", "fee-next", locality=NATIONAL, lines=frame(["11102 x2", "17000", "17000 pos=22"]))
    assert made.effect is not None
    rows = {r["code"]: r for r in made.effect.to_dicts()}
    assert (rows["17000"]["cents_before"], rows["17000"]["cents_after"], rows["17000"]["cents_change"]) == (
        6647 + 4776, None, None,
    )  # fmt: skip
    text = io.StringIO()
    face.write_text(made, text)
    assert "1 code, 1 line: $191.06 before, $257.86 after (+$66.80); 1 code without a price" in text.getvalue()
    same = compare(ref, "RVU26C", "fee-next", locality=NATIONAL, lines=frame(["11104"]))
    text = io.StringIO()
    face.write_text(same, text)
    assert "no line changes its price" in text.getvalue()


def test_what_is_not_loaded_is_said(ref: Reference) -> None:
    made = compare(ref, "2024-01-01", "2026-07-15", locality=NATIONAL, codes=["11102", "17000"])
    assert "fee is not compared: no release in force on 2024-01-01 is loaded" in made.notes


def test_a_part_of_a_release_deletes_nothing(ref: Reference) -> None:
    made = compare(ref, "PTP-2024Q3", "PTP-2026Q3-subset", locality=NATIONAL)
    assert "deleted" not in made.changes["ptp"]["change"].to_list()
    assert any("only a part" in n for n in made.notes)


def test_unknown_and_unlike_releases_are_refused(ref: Reference) -> None:
    with pytest.raises(ConfigError, match="there is no release 'RVU99A'; releases are"):
        compare(ref, "RVU99A", "RVU26C", locality=NATIONAL)
    with pytest.raises(ConfigError, match="compare two of one table"):
        compare(ref, "MUE-2026Q2", "RVU26C", locality=NATIONAL)


def test_the_command(tmp_path: Path, capsys) -> None:
    from cutis.cli.compare import compare as command

    day = Path(__file__).parents[3] / "examples" / "clinic_day.837"
    command("2026-04-01", "2026-07-01", claims=day, every=False, format_="json")
    made = json.loads(capsys.readouterr().out)
    assert set(made) == {"schema", "before", "after", "changes", "effect", "pairs", "notes"}
    assert made["effect"] == []
    command("MUE-2024", "MUE-2026Q2", claims=None, every=True, format_="html", output=tmp_path / "x.html")
    assert "Unit limits" in (tmp_path / "x.html").read_text()
