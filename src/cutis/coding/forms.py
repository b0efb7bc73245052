"""Shapes in which encounters arrive, brought to the one shape of the model before it is read.

Practice systems write the same facts in many ways: `lesion_mm`, `Lesion Size (cm)`, `sites` as a list, a size for each of
several lesions, one procedure without a list around it. Nothing is added here and nothing is dropped: a key that no
one knows stays where it is, and the model reports it as not read.
"""

import re
from functools import lru_cache
from typing import Any, Final

from pydantic import AliasChoices, BaseModel

from cutis.coding.phrases import table
from cutis.model.errors import InputError

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_SIZES: Final = ("lesion_cm", "excised_cm", "size_cm", "repair_cm", "area_sqcm", "site")
_LISTED: Final = ("lesions", "tumors", "tumours", "wounds", "each")
_ANY_LISTED: Final = frozenset(_LISTED)
_VISIT_CODE: Final = re.compile(r"992[01][1-5]")
MOST_PARTS: Final = 200


def names(model: type[BaseModel]) -> dict[str, str]:
    """Every name under which a field of a model is known, to the field."""
    found: dict[str, str] = {}
    for field, info in model.model_fields.items():
        choices = info.validation_alias.choices if isinstance(info.validation_alias, AliasChoices) else ()
        for name in (field, *choices):
            found.setdefault(str(name), field)
    return found


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return _NOT_WORD.sub("_", name.strip().lower()).strip("_")


def _tenth(value: Any) -> Any:
    """Millimetres as a text that says so; the model reads the unit."""
    if isinstance(value, list | tuple):
        return [_tenth(v) for v in value]
    return f"{value} mm" if isinstance(value, int | float | str) and not isinstance(value, bool) else value


class Forms:
    """Brings mappings to the field names of one model.

    Args:
        model: whose fields are meant.
        name: of the model in tables/names.yaml, which holds further names of its fields.
    """

    def __init__(self, model: type[BaseModel], name: str) -> None:
        self.fields: Final = frozenset(model.model_fields)
        more: dict[str, list[str]] = table("names").get(name, {})
        self._names = names(model) | {other: field for field, others in more.items() for other in others}

    def plain(self, data: dict[str, Any]) -> dict[str, Any]:
        """The mapping by field names; the first of two names of one field wins, the other is kept as it is."""
        if self.fields.issuperset(data):
            return data
        found = {k: v for k, v in data.items() if k in self.fields}
        for name, value in data.items():
            if name in self.fields:
                continue
            key = _key(str(name))
            field, read = self._names.get(key), value
            if field is None and key.endswith("_mm"):
                field, read = self._names.get(key[:-3] + "_cm") or self._names.get(key[:-3]), _tenth(value)
            if field is None or field in found:
                found.setdefault(self._second(field, found, value) or str(name), value)
            else:
                found[field] = read
        return found

    @staticmethod
    def _second(field: str | None, found: dict[str, Any], value: Any) -> str | None:
        """A second word for the technique says how it was done."""
        return "method" if field == "technique" and "method" not in found and isinstance(value, str) else None


def listed(procedure: dict[str, Any]) -> list[dict[str, Any]]:
    """One procedure told with a list of its lesions as one for each.

    Raises:
        InputError: more parts than one patient's day can hold.
    """
    if _ANY_LISTED.isdisjoint(procedure):
        return [procedure]
    for key in _LISTED:
        parts = procedure.get(key)
        if isinstance(parts, list) and parts and all(isinstance(p, dict) for p in parts):
            if len(parts) > MOST_PARTS:
                raise InputError(f"a procedure names {len(parts)} lesions; {MOST_PARTS} are the most of one day")
            rest = {k: v for k, v in procedure.items() if k not in {key, "count", "spans"}}
            return [rest | p for p in parts]
    return [procedure]


def sized(procedure: dict[str, Any]) -> list[dict[str, Any]]:
    """One procedure with as many sizes as it has lesions as one for each; two sides of one lesion stay together."""
    # Most have no list at all; asking the values is quicker than asking each name.
    if list not in map(type, procedure.values()):
        return [procedure]
    count = procedure.get("count")
    number = int(count) if isinstance(count, int | str) and str(count).isdigit() else 0
    lists = {k: v for k in _SIZES if isinstance(v := procedure.get(k), list) and len(v) == number}
    if not 1 < number <= MOST_PARTS or not lists.keys() - {"site"}:
        return [procedure]
    rest = {k: v for k, v in procedure.items() if k not in {*lists, "count"}}
    return [rest | {k: v[i] for k, v in lists.items()} for i in range(number)]


def stains(procedure: dict[str, Any]) -> dict[str, Any]:
    """Stains named one by one: their number, and their names as the method."""
    named = procedure.get("stains")
    if isinstance(named, str) and not any(c.isdigit() for c in named):
        named = [n for n in re.split(r"[,;+]| and ", named) if n.strip()]
    if not isinstance(named, list) or not all(isinstance(n, str) for n in named):
        return procedure
    told = [t for t in (procedure.get("method"), *named) if isinstance(t, str)]
    return procedure | {"stains": len(named), "method": ", ".join(told)}


def stages(value: Any, blocks: Any) -> tuple[Any, Any]:
    """Stages given one by one, as numbers of blocks or mappings with them: how many, and the blocks of each."""
    if not isinstance(value, list):
        return value, blocks
    each = [v.get("blocks", v.get("sections")) if isinstance(v, dict) else v for v in value]
    known = [b for b in each if isinstance(b, int | str) and str(b).isdigit()]
    return len(value), blocks if blocks is not None or len(known) < len(value) else known


def visit(data: Any) -> Any:
    """A visit told by its code, by a word, or as a mapping."""
    if data is None or isinstance(data, dict):
        return data
    if isinstance(data, bool):
        return {} if data else None
    return {"mdm": str(data)} if _VISIT_CODE.search(str(data)) else {"reason": str(data)}


def earlier(data: Any) -> list[Any]:
    """Earlier operations, one or several; a bare code or name is one whose day is not told."""
    given = data if isinstance(data, list) else [data]
    return [{"proc": d} if isinstance(d, str) else d for d in given if d]


def patient(data: dict[str, Any]) -> dict[str, Any]:
    """A visit that says new or established by a truth instead of a word."""
    for word in ("new", "established"):
        told = data.get(word, data.get(f"{word}_patient"))
        if isinstance(told, bool) and "patient" not in data:
            other = "established" if word == "new" else "new"
            rest = {k: v for k, v in data.items() if k not in {word, f"{word}_patient"}}
            return rest | {"patient": word if told else other}
    return data


_ROOM: Final = re.compile(
    r"(?:return(?:ed)? to |back to |taken to |in )?(?:the )?(?:or|operating (?:room|theat(?:er|re))|procedure room|surgical suite|theat(?:er|re)|surgery center|asc)"
)
_OFFICE: Final = re.compile(r"(?:in )?(?:the )?(?:office|clinic|exam room|treatment room|bedside)(?: 11)?")


def room(data: dict[str, Any]) -> dict[str, Any]:
    """A place of the visit under a name that also means a part of the body: the operating room is a room, no site."""
    for name in ("location", "site", "place", "room", "setting", "place_of_service", "where", "return_to"):
        said = data.get(name)
        if not isinstance(said, str):
            continue
        plain = said.strip().lower()
        if _ROOM.fullmatch(plain):
            rest = {k: v for k, v in data.items() if k != name}
            return rest | ({} if "operating_room" in data else {"operating_room": True})
        if name != "site" and _OFFICE.fullmatch(plain):
            rest = {k: v for k, v in data.items() if k != name}
            return rest | ({} if "operating_room" in data else {"operating_room": False})
    return data


def other_surgeon(data: dict[str, Any]) -> dict[str, Any]:
    """An earlier operation that says the same physician did it, or did not."""
    for word in ("same_physician", "same_surgeon", "same_provider", "same_practice"):
        if isinstance(data.get(word), bool) and "elsewhere" not in data:
            return {k: v for k, v in data.items() if k != word} | {"elsewhere": not data[word]}
    return data
