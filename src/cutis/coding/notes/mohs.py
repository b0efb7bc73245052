"""Stages and blocks of Mohs surgery, in the ways charts write them."""

import re
from typing import Final

from cutis.coding.notes.acts import Act
from cutis.coding.notes.document import Document
from cutis.coding.notes.measures import ROMAN, WORDS

_BLOCK: Final = r"(?:tissue\s+)?(?:blocks?|blks?|bl|pieces?|specimens?|sections?)(?![a-z])"
_WORD_NUMBERS: Final = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE
)
_ORDINALS: Final = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "sixth": 6,
    "6th": 6,
}
_STAGE_BLOCKS: Final = re.compile(
    rf"(?:(?<!\d\s)(?<!\d)(?:stages?|layers?|stg)\s*#?\s*(?P<number>\d|iv|v?i{{1,3}}|v)\b|(?P<ordinal>{'|'.join(_ORDINALS)})\s+(?:stage|layer))"
    rf"(?:(?!stage|layer|\d)[^;.\n]){{0,40}}?(?P<blocks>\d+)\s*{_BLOCK}",
    re.IGNORECASE,
)
_STAGES: Final = re.compile(r"(?<![\d/])(\d{1,2})\s*-?\s*(?:mohs\s+)?(?:stages?|layers?|stg)\b", re.IGNORECASE)
_TIMES_STAGES: Final = re.compile(
    r"(?:stages?|layers?)\s*(?:x|:|=|\u00d7)\s*(\d{1,2})\b(?!\s*(?:blocks?|tissue|pieces?))|\bx\s*(\d{1,2})\b(?=\s*(?:stages?|same day|today|passes|,|$))",
    re.IGNORECASE,
)
_LIST: Final = re.compile(rf"(\d+(?:\s*(?:/|,|&|and|\+)\s*\d+)+)\s*(?:{_BLOCK})", re.IGNORECASE)
_LIST_AFTER: Final = re.compile(
    rf"{_BLOCK}(?:\s*(?:per|in each)\s+stage)?\s*(?:[:=(]|were|of)?\s*(\d+(?:\s*(?:/|,|&|and|\+)\s*\d+)*)(?![\d.]*\s*(?:cm|mm|stages?|x))",
    re.IGNORECASE,
)
_SINGLE: Final = re.compile(
    rf"(?<![\d/.])(\d+)\s*{_BLOCK}(?P<each>\s*(?:each|per stage|in each|/stage|per layer))?", re.IGNORECASE
)
# "I - 2 blocks, II - 1 block": the stages by their Roman numbers alone.
_ROMAN_BLOCKS: Final = re.compile(
    rf"(?<![a-z])(?P<number>iv|v|i{{1,3}})\s*[-\u2013:=(]\s*(?P<blocks>\d+)\s*{_BLOCK}", re.IGNORECASE
)
# "stages I-IV", "stages 1 to 3": as many as the last.
_STAGE_RANGE: Final = re.compile(
    r"(?:stages?|layers?)\s*#?\s*(?:1|i)\s*(?:-|\u2013|to|through|thru)\s*(\d|iv|v?i{1,3}|v)\b(?!\s*(?:blocks?|blks?|tissue|pieces?|specimens?|sections?))",
    re.IGNORECASE,
)
# "2 stages 3/3": the blocks of each stage, where as many numbers stand there as stages.
_BARE_LIST: Final = re.compile(
    r"(?:stages?|layers?)\s*[:(,]?\s*(\d+(?:\s*[/,]\s*\d+)+)(?![\d.]*\s*(?:cm|mm))", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    r"(?<!\d\s)(?<!\d)\b(?:stages?|layers?)\s*#?\s*(\d|iv|v?i{1,3}|v)\b(?!\s*(?:blocks|tissue|pieces))", re.IGNORECASE
)


def _text(document: Document, act: Act) -> tuple[str, int, int]:
    parts, low, high = [], len(document.text), 0
    for first, last in sorted(set(act.ranges)):
        if first < last:
            start, end = document.tokens[first].start, document.tokens[last - 1].end
            parts.append(document.text[start:end])
            low, high = min(low, start), max(high, end)
    text = "; ".join(parts)
    return _WORD_NUMBERS.sub(lambda m: str(WORDS[m.group().lower()]), text), low, high


def _stage_number(word: str) -> int:
    return int(word) if word.isdecimal() else ROMAN[word.lower()]


def _blocks(text: str, by_stage: dict[int, int], count: int) -> list[int] | None:
    """Blocks stage by stage, or one number for all."""
    blocks: list[int] | None = None
    if by_stage and sorted(by_stage) == list(range(1, max(by_stage) + 1)):
        blocks = [by_stage[n] for n in sorted(by_stage)]
    elif listed := (_LIST.search(text) or _LIST_AFTER.search(text)):
        blocks = [int(n) for n in re.findall(r"\d+", listed.group(1))]
    elif (bare := _BARE_LIST.search(text)) and len(re.findall(r"\d+", bare.group(1))) == count:
        blocks = [int(n) for n in re.findall(r"\d+", bare.group(1))]
    elif len(every := _SINGLE.findall(text)) > 1 and len(every) == count:
        blocks = [int(n) for n, _ in every]
    elif single := _SINGLE.search(text):
        blocks = [int(single.group(1))]
        if single["each"] and count > 1:
            blocks *= count
    return blocks


def stages(document: Document, act: Act) -> None:
    """Set `stages` and `blocks` (one number a stage) of a Mohs act where the note gives them.

    Where only a total of blocks over several stages is given, `blocks_total` is set and `blocks` is not: which
    stage they fell in decides the units, so it is asked.
    """
    text, low, high = _text(document, act)
    by_stage: dict[int, int] = {}
    for match in _STAGE_BLOCKS.finditer(text):
        number = _ORDINALS[match["ordinal"].lower()] if match["ordinal"] else _stage_number(match["number"])
        by_stage.setdefault(number, int(match["blocks"]))
    if not by_stage:
        by_stage = {ROMAN[m["number"].lower()]: int(m["blocks"]) for m in _ROMAN_BLOCKS.finditer(text)}
    ranges = [_stage_number(n) for n in _STAGE_RANGE.findall(text)]
    stated = ranges + [int(m) for m in _STAGES.findall(text)] + [int(a or b) for a, b in _TIMES_STAGES.findall(text)]
    numbered = [_stage_number(n) for n in _NUMBERED.findall(text)]
    count = max(stated, default=0) or max([*by_stage, *numbered], default=0)
    if by_stage and sorted(by_stage) == list(range(1, max(by_stage) + 1)):
        count = max(count, len(by_stage))
    blocks = _blocks(text, by_stage, count)
    if count:
        act.put("stages", count, low, high)
    if blocks and (len(blocks) == count or (not count and len(blocks) > 1)):
        act.put("blocks", tuple(blocks), low, high)
        act.put("stages", len(blocks), low, high)
    elif blocks and len(blocks) == 1:
        act.put("blocks_total", blocks[0], low, high)
