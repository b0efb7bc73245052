"""The text of a note kept as PDF, by pypdf where it is installed (`pip install cutis[pdf]`)."""

from importlib import import_module
from pathlib import Path

from cutis.model.errors import ConfigError, InputError


def note_text(path: Path) -> str:
    """The text of a note file: plain text as UTF-8 (else Windows-1252), PDF by its text layer.

    Raises:
        InputError: the file cannot be read, or the PDF has no text layer (a scan).
        ConfigError: the file is a PDF and pypdf is not installed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"note {path.name} cannot be read: {error.strerror}") from None
    if data[:5] == b"%PDF-":
        return _pdf_text(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _pdf_text(path: Path) -> str:
    try:
        pypdf = import_module("pypdf")  # an optional extra
    except ImportError:
        raise ConfigError(f"{path.name} is a PDF; to read it install the extra: pip install 'cutis[pdf]'") from None
    try:
        text = "\n".join(page.extract_text() or "" for page in pypdf.PdfReader(path).pages)
    except Exception as error:  # noqa: BLE001 - a damaged file fails anywhere in the library, in many ways
        reason = " ".join(str(error).split())[:80] or type(error).__name__
        raise InputError(f"note {path.name} is not a readable PDF: {reason}") from None
    if not text.strip():
        raise InputError(f"note {path.name} has no text layer: it is a scan; make it searchable first")
    return text
