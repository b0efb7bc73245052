"""What all tests share: the shipped reference, and the published files where they are present."""

from pathlib import Path

import pytest

from cutis.reference.store import BUILT_IN, Reference

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def ref() -> Reference:
    """The tables that ship; never those that a developer imported."""
    return Reference([BUILT_IN])


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"published files are not present at {SHARED.name}/ beside the repository")
    return SHARED


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or changes the tables of the person who runs it."""
    monkeypatch.setenv("CUTIS_DATA", str(tmp_path / "data"))
