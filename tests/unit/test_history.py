"""History: kept once, read as it stands now, told in numbers, and seen by a check without being judged."""

import json
import sys
from pathlib import Path

import polars as pl
import pytest

from cutis.engine.options import Options
from cutis.engine.run import check
from cutis.history.past import History
from cutis.history.store import MARK, HistoryStore
from cutis.history.summary import summary
from cutis.model import columns as c
from cutis.model.errors import ConfigError, InputError
from cutis.reference.store import Reference
from tests.support.x12 import claim, file
from tests.support.x835 import answer, remittance

ROOT = Path(__file__).parents[2]


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def made(folder: Path, *texts: str) -> HistoryStore:
    store = HistoryStore.create(folder / "db")
    for n, text in enumerate(texts):
        store.add(put(folder, f"{n}.x12", text))
    return store


def numbered(number: str, frequency: str, line: str = "17110*185", when: str = "260715*1800") -> str:
    return file(claim(number, (line,), "ABK:B078")).replace("11:B:1", f"11:B:{frequency}").replace("260715*1800", when)


def standing(history: History) -> list[tuple]:
    rows = pl.concat(list(history.lines()), how="diagonal")
    return rows.sort(c.CLAIM_ID, c.LINE).select(c.CLAIM_ID, c.CODE, c.UNITS, c.PAST_OUTCOME).rows()


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    text = numbered("A1", "1")
    store = made(tmp_path, text)
    before = {f.name: f.read_bytes() for f in store.folder.iterdir()}
    _, new = store.add(put(tmp_path, "again.837", text))
    assert not new
    assert {f.name: f.read_bytes() for f in HistoryStore(store.folder).folder.iterdir()} == before


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_replacements_and_voids_whatever_the_order_of_adding(tmp_path: Path, order: tuple[int, ...]) -> None:
    texts = [
        numbered("A1", "1"),
        numbered("A1", "7", "17111*200", "260801*1200"),
        numbered("A1", "8", when="260901*1200"),
    ]
    two = made(tmp_path, *(texts[i] for i in order if i < 2))
    assert standing(History.of(two)) == [("A1", "17111", 1.0, None)]
    store = HistoryStore.create(tmp_path / "three")
    for i in order:
        store.add(put(tmp_path, f"x{i}", texts[i]))
    assert standing(History.of(store)) == []
    assert summary(store, History.of(store))["claims"] == 3


def test_answers_of_a_remittance(tmp_path: Path) -> None:
    claims = file(
        claim("A1", ("11102*165", "17110:59*185", "17110*185")),
        claim("A2", ("99213*140",)),
        claim("A3", ("99213*140",)),
    )
    first = remittance(
        answer("A1", ("11102*165*0*CO-151-165", "17110:59*185*100*CO-45-85", "17110*185*50*CO-59-10,CO-97-125")),
        answer("A2", ("99213*140*0*CO-45-40,PR-1-100",)),
        answer("A3", ("99213*140*80*CO-45-60",)),
    )
    taken = remittance(answer("A3", ("99213*-140*-80*CO-45--60",), status="22")).replace("20260801", "20260901")
    store = made(tmp_path, claims, first, taken)
    assert standing(History.of(store)) == [
        ("A1", "11102", 1.0, "denied"), ("A1", "17110", 1.0, "paid"), ("A1", "17110", 1.0, "reduced"),
        ("A2", "99213", 1.0, "paid"), ("A3", "99213", 1.0, None),
    ]  # fmt: skip


def test_a_claim_answered_as_a_whole(tmp_path: Path) -> None:
    whole = remittance(["CLP*A1*4*185*0**MB*ICN1*11*1", "CAS*CO*29*185"])
    assert standing(History.of(made(tmp_path, numbered("A1", "1"), whole))) == [("A1", "17110", 1.0, "denied")]


def test_no_names_and_no_member_ids_in_the_store(tmp_path: Path) -> None:
    store = made(tmp_path, numbered("A1", "1"), remittance(answer("A1")))
    frames = [pl.read_parquet(f) for f in store.folder.glob("*.parquet")]
    text = "".join(f.write_ndjson() for f in frames) + "".join(f.read_text() for f in store.folder.glob("*.json"))
    text += json.dumps(summary(store, History.of(store)))
    for word in ("FERN", "IDA", "9ZZ00000000"):
        assert word not in text
    assert not {c.LINE_NOTE, c.CLAIM_NOTE} & {n for f in frames for n in f.columns}


def found(path: Path, ref: Reference, *history: Path) -> list[tuple]:
    rows = check(path, Options(history=history), ref).findings.filter(pl.col("severity") != "info")
    return rows.select("rule", c.CLAIM_ID, c.LINE).rows()


def test_only_lines_of_the_new_file_are_found(tmp_path: Path, ref: Reference) -> None:
    wart = put(tmp_path, "wart.837", numbered("OLD", "1"))
    visit = put(
        tmp_path, "visit.837", file(claim("NEW", ("99213*140",), "ABK:L400")).replace("D8*20260715", "D8*20260720")
    )
    assert found(visit, ref) == []
    assert found(visit, ref, wart) == [("visit-in-global-period", "NEW", 1)]
    store = made(tmp_path, wart.read_text())
    assert found(visit, ref, store.folder) == found(visit, ref, wart, store.folder) == found(visit, ref, wart)


def test_a_claim_sent_again_replaced_or_denied_before(tmp_path: Path, ref: Reference) -> None:
    old = put(tmp_path, "old.837", numbered("OLD", "1"))
    again = put(tmp_path, "again.837", numbered("NEW", "1", when="260801*1200"))
    denied = put(tmp_path, "denied.835", remittance(answer("OLD", ("17110*185*0*CO-16-185",))))
    assert found(again, ref, old) == [("claim-sent-before", "NEW", 1)]
    assert found(again, ref, old, denied) == []
    assert found(put(tmp_path, "seven.837", numbered("OLD", "7")), ref, old) == []
    assert found(old, ref, old, again) == [("claim-sent-before", "OLD", 1)]
    assert found(old, ref, old) == []


def test_what_is_not_checked_is_said_once_a_rule(tmp_path: Path, ref: Reference) -> None:
    path = put(tmp_path, "a.837", file(*(claim(f"A{i}", ("99203*140",), "ABK:L400") for i in range(3))))
    said = {n.rule: n for n in check(path, Options(), ref).not_checked if "history" in n.reason}
    assert said["new-patient-seen-before"].lines == 3
    assert said["visit-in-global-period"].lines == 3
    assert said["claim-sent-before"].lines == 0
    old = put(tmp_path, "old.837", file(claim("OLD")).replace("D8*20260715", "D8*20260101"))
    with_old = {n.rule: n for n in check(path, Options(history=(old,)), ref).not_checked if "history" in n.reason}
    assert set(with_old) == {"new-patient-seen-before"}
    assert "three years" in with_old["new-patient-seen-before"].reason


def years(folder: Path) -> list[Path]:
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        from make_history import write
    finally:
        sys.path.pop(0)
    return write(folder, years=2, patients=12)


def test_made_up_years(tmp_path: Path, ref: Reference) -> None:
    files = years(tmp_path / "years")
    assert [f.read_bytes() for f in files] == [f.read_bytes() for f in years(tmp_path / "again")]
    store = HistoryStore.create(tmp_path / "db")
    for path in files:
        store.add(path)
    told = summary(store, History.of(store))
    assert told["lines_answered"] == told["lines_standing"] > 80
    assert told["paid"] + told["reduced"] + told["denied"] == told["lines_answered"]
    new = files[-2]
    whole = check(new, Options(history=(store.folder,)), ref)
    assert whole.findings.filter(pl.col("rule") == "claim-sent-before").is_empty()
    for size in (400, 2000):
        assert check(new, Options(history=(store.folder,), chunk_bytes=size), ref).findings.equals(whole.findings)
    turned = check(new, Options(history=tuple(reversed(files))), ref)
    assert turned.findings.equals(whole.findings)


def test_spilled_history_gives_the_same(tmp_path: Path, ref: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    from cutis.engine import run as engine
    from cutis.engine.store import LineStore

    files = years(tmp_path / "years")
    options = Options(history=tuple(files[:-2]))
    expected = check(files[-2], options, ref)
    monkeypatch.setattr(engine, "LineStore", lambda parts: LineStore(parts=5, limit=10))
    assert check(files[-2], options, ref).findings.equals(expected.findings)


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no history store"):
        HistoryStore(tmp_path / "none")
    with pytest.raises(InputError, match="is no history store"):
        HistoryStore(tmp_path)
    put(tmp_path, "a.txt", "x")
    with pytest.raises(InputError, match="not empty and no history store"):
        HistoryStore.create(tmp_path)
    with pytest.raises(InputError, match="there is no file or history store"):
        History.open([tmp_path / "none"])
    with pytest.raises(ConfigError, match="holds no claims"):
        History.open([put(tmp_path, "a.835", remittance(answer()))])
    store = made(tmp_path, numbered("A1", "1"))
    for victim in store.folder.glob("*.parquet"):
        victim.write_bytes(b"PAR1nonsense")
    with pytest.raises(InputError, match="missing or damaged"):
        History.open([store.folder])
    for victim in store.folder.glob("claims*.json"):
        victim.write_text("{}")
    with pytest.raises(InputError, match="is damaged"):
        HistoryStore(store.folder)
    assert (store.folder / MARK).exists()
