"""Values of an encounter as charts write them: centimetres, counts, yes and no, texts."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(mm|cm)?")
_COUNT_WORDS: Final = {w: n for n, w in enumerate([
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
])} | {"single": 1, "both": 2, "pair": 2, "couple": 2, "dozen": 12, "thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip
MOST: Final = 2_000  # lesions, tests or minutes of one day
_TRUE: Final = frozenset({"yes", "true", "y", "1", "present", "extensive", "done"})
_FALSE: Final = frozenset({"no", "false", "n", "0", "none", "absent", "not done", ""})


def _numbers(value: Any) -> list[Decimal]:
    """Numbers of a value in cm: 0.9, "9 mm", "1.2 x 0.8 cm", [1.2, 0.8]."""
    if isinstance(value, str):
        found = _NUMBER.findall(value.lower())
        units = [unit for _, unit in found if unit]
        unit = units[-1] if units else "cm"
        return [Decimal(n) * (Decimal("0.1") if (u or unit) == "mm" else 1) for n, u in found]
    if isinstance(value, list | tuple):
        return [n for v in value for n in _numbers(v)]
    if isinstance(value, bool):
        raise ValueError("a measure is a number of centimetres, not true or false")  # noqa: TRY004 - pydantic wants it
    try:
        return [Decimal(str(value))]
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number") from None


def _greatest(value: Any) -> Any:
    if value is None or isinstance(value, Decimal | int | float):
        return value if not isinstance(value, bool) else _numbers(value)
    return max(_numbers(value), default=None)


def _least(value: Any) -> Any:
    if value is None or isinstance(value, Decimal | int | float):
        return value
    return min(_numbers(value), default=None)


def _list(value: Any) -> Any:
    return value if value is None else _numbers(value)


def _whole(value: Any) -> Any:
    """A whole number from a number or its words: 3, "3 lesions", "three", "a dozen"; a list counts its entries."""
    if isinstance(value, list | tuple):
        return sum(value) if all(isinstance(v, int) for v in value) else len(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= MOST:
        raise ValueError(f"a count is a whole number from 0 to {MOST}")
    if isinstance(value, str):
        found = re.search(r"\d+", value)
        if found:
            return _whole(int(found.group()[:20]))
        return next((_COUNT_WORDS[w] for w in re.findall(r"[a-z]+", value.lower()) if w in _COUNT_WORDS), None)
    return value


def _days(value: Any) -> Any:
    """Days from a number of days, or of weeks or months told in words."""
    number = _whole(value) if isinstance(value, str) else value
    if isinstance(value, str) and isinstance(number, int):
        said = value.lower()
        return number * (7 if "week" in said or "wk" in said else 30 if "month" in said else 1)
    return number


def _wholes(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if isinstance(value, str):
        return [int(n) for n in re.findall(r"\d+", value)]
    if isinstance(value, dict):
        return list(value.values())
    return value


def _truth(value: Any) -> Any:
    """True or false from the words of a chart; other words ("extensive undermining") mean that it was there."""
    if isinstance(value, str):
        word = value.strip().lower()
        return False if word in _FALSE else (word in _TRUE or bool(word))
    return value


def _layers(value: Any) -> Any:
    """Whether a closure had layers, from a word or from their number."""
    number = _whole(value) if isinstance(value, str) else value
    if isinstance(number, int) and not isinstance(number, bool):
        return number > 1
    return False if isinstance(value, str) and value.strip().lower().startswith("one") else _truth(value)


def _text(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value)
    return value if value is None or isinstance(value, str) else str(value)


def _texts(value: Any) -> Any:
    if value is None:
        return []
    if isinstance(value, list | tuple | dict):
        return list(value.values() if isinstance(value, dict) else value)
    return [value if isinstance(value, str) else str(value)]


Centimetres = Annotated[
    Decimal | None, BeforeValidator(_greatest, json_schema_input_type=float | str | list[float | str] | None)
]
Narrowest = Annotated[
    Decimal | None, BeforeValidator(_least, json_schema_input_type=float | str | list[float | str] | None)
]
Dimensions = Annotated[
    list[Decimal] | None, BeforeValidator(_list, json_schema_input_type=list[float | str] | str | float | None)
]
Count = Annotated[int | None, BeforeValidator(_whole, json_schema_input_type=int | str | None)]
Days = Annotated[int | None, BeforeValidator(_days, json_schema_input_type=int | str | None)]
Counts = Annotated[list[int] | None, BeforeValidator(_wholes, json_schema_input_type=list[int] | int | str | None)]
Truth = Annotated[bool | None, BeforeValidator(_truth, json_schema_input_type=bool | str | None)]
Layers = Annotated[bool | None, BeforeValidator(_layers, json_schema_input_type=bool | int | str | None)]
Text = Annotated[str | None, BeforeValidator(_text, json_schema_input_type=str | list[str] | None)]
Texts = Annotated[list[str], BeforeValidator(_texts, json_schema_input_type=str | list[str] | None)]
