"""Certificates: a record of a run from which it can be repeated, and the comparison of a run with its record.

A certificate holds hashes and counts, the options, the text of the configuration and of the practice's rules; of findings only
fingerprints. It has no timestamp: the same run gives the same bytes.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from cutis.engine.config import Config, parse
from cutis.engine.options import Options
from cutis.engine.report import Report
from cutis.engine.settings import Given, options
from cutis.model.errors import InputError
from cutis.model.finding import FINGERPRINT, Severity
from cutis.model.version import VERSION
from cutis.rulekit.custom import RuleFile

SCHEMA_NUMBER: Final = 1
KIND: Final = "cutis-certificate"
MOST_BYTES: Final = 256 << 20
NAMED: Final = 5
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Input:
    """The file that was checked."""

    name: str
    sha256: str
    bytes: int


def input_of(path: Path) -> Input:
    """Name, hash and size of a file as it lies on the disk.

    Raises:
        InputError: it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    return Input(path.name, digest.hexdigest(), size)


def make(
    report: Report, given: Input, made: Options, config: Config, findings: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    """The certificate of a run.

    Args:
        report: of the run, with fingerprints.
        given: the file that was checked.
        made: options of the run.
        config: that the options came from.
        findings: every finding as JSON, shown or set aside, in the order of the report.
    """
    severities, digest = Counter[str](), hashlib.sha256()
    for finding in findings:
        digest.update(json.dumps(finding, sort_keys=True, ensure_ascii=False).encode() + b"\n")
        severities[finding["severity"]] += 1
    return {
        "schema": SCHEMA_NUMBER,
        "kind": KIND,
        "cutis": VERSION,
        "input": {"name": given.name, "sha256": given.sha256, "bytes": given.bytes},
        "options": _options(made, report),
        "config": _config(config),
        "rules": [{"name": f.name, "sha256": f.sha256, "text": f.text} for f in config.rule_files],
        "baseline": _baseline(report),
        "tables": [
            {"table": r.table, "release": r.release, "sha256": r.sha256}
            for r in report.releases
        ],
        "rules_run": sorted(report.rules_run),
        "rules_not_run": [{"rule": rule, "reason": reason} for rule, reason in _silent(report)],
        "counts": _counts(report, severities),
        "result": {"sha256": digest.hexdigest(), "findings": severities.total(), "fingerprints": _fingerprints(report)},
    }  # fmt: skip


def _options(made: Options, report: Report) -> dict[str, Any]:
    return {
        "select": list(made.select),
        "ignore": list(made.ignore),
        "locality": made.locality,
        "state": made.state,
        "payer": made.payer,
        "as_of": made.controls.as_of.isoformat() if made.controls.as_of else None,
        "waivers_held_against": report.as_of.isoformat() if report.as_of else None,
    }


def _config(config: Config) -> dict[str, Any] | None:
    return {"name": config.name, "sha256": config.sha256, "text": config.text} if config.name else None


def _baseline(report: Report) -> dict[str, Any] | None:
    use = report.set_aside.baseline
    return {"name": use.name, "sha256": use.sha256, "known": sum(use.known.values())} if use else None


def _silent(report: Report) -> Iterator[tuple[str, str]]:
    reasons = [(n.rule, n.reason) for n in report.not_checked if n.lines == 0]
    reasons += [(p.rule, f"failed: {p.message}") for p in report.problems]
    yield from sorted(reasons)


def _counts(report: Report, severities: Mapping[str, int]) -> dict[str, int]:
    """Claims, and findings whether shown or set aside: a baseline does not change what is found."""
    names = ("claims_read", "claims_refused", "clm_segments", "lines", "waived")
    found = {f"{s.value}s": severities.get(s.value, 0) for s in Severity}
    return {name: getattr(report.summary, name) for name in names} | found


def _fingerprints(report: Report) -> dict[str, list[str]]:
    """Per rule, in order; one for each finding, equal ones as often as they occur."""
    found: dict[str, list[str]] = {}
    for batch in report.store.batches():
        for rule, mark in batch.select("rule", FINGERPRINT).iter_rows():
            found.setdefault(rule, []).append(mark)
    return {rule: sorted(marks) for rule, marks in sorted(found.items())}


def as_text(certificate: Mapping[str, Any]) -> str:
    """The file."""
    return json.dumps(certificate, indent=1, ensure_ascii=False) + "\n"


_SHAPE: Final[dict[str, type | tuple[type, ...]]] = {
    "cutis": str, "input": dict, "options": dict, "config": (dict, type(None)), "rules": list,
    "baseline": (dict, type(None)), "tables": list, "rules_run": list, "rules_not_run": list, "counts": dict,
    "result": dict,
}  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    """Read a certificate.

    Raises:
        InputError: it is not there, is none, is damaged, or of another schema.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputError(f"certificate {path.name} is over {MOST_BYTES >> 20} MB")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"certificate {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise InputError(f"certificate {path.name} is not JSON; write it with cutis check FILE --certificate") from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise InputError(f"{path.name} is no certificate of Cutis; write one with cutis check FILE --certificate")
    if content.get("schema") != SCHEMA_NUMBER:
        raise InputError(
            f"certificate {path.name} has schema {content.get('schema')!r}; this version reads {SCHEMA_NUMBER}"
        )
    damaged = [key for key, kind in _SHAPE.items() if not isinstance(content.get(key), kind)]
    damaged += [
        f"input.{k}" for k in ("name", "sha256") if not damaged and not isinstance(content["input"].get(k), str)
    ]
    lists = ("tables", "rules", "rules_not_run")
    damaged += [k for k in lists if not damaged and not all(isinstance(item, dict) for item in content[k])]
    marks = content["result"].get("fingerprints") if not damaged else {}
    if not damaged and not (isinstance(marks, dict) and all(isinstance(m, list) for m in marks.values())):
        damaged.append("result.fingerprints")
    if damaged:
        raise InputError(f"certificate {path.name} is damaged: {', '.join(damaged)} is missing or not as written")
    return content


def repeat(certificate: Mapping[str, Any]) -> tuple[Options, Config]:
    """Options and configuration to repeat a run with, from the certificate alone.

    The baseline is not needed: what is known or new does not change what is found.

    Raises:
        ConfigError: the configuration or a rule in it is not valid under this version.
        InputError: the record of options or rules is damaged.
    """
    try:
        files = tuple(RuleFile(str(f["name"]), str(f["text"])) for f in certificate["rules"])
        wanted = certificate["options"]
        select, ignore = tuple(map(str, wanted["select"])), tuple(map(str, wanted["ignore"]))
        config = certificate["config"]
        text, name = (str(config["text"]), str(config["name"])) if config else ("", "")
        locality, state, payer = wanted["locality"], wanted["state"], wanted["payer"]
        as_of = date.fromisoformat(wanted["as_of"]) if wanted["as_of"] else None
    except (KeyError, TypeError, ValueError):
        raise InputError("the certificate is damaged: its options, rules or configuration are not as written") from None
    read_config = parse(text, name, Path(), files, with_baseline=False)
    return options(
        read_config, Given(select, ignore, locality, state, as_of, payer=payer, fingerprints=True)
    ), read_config


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a run is not as its certificate says."""

    what: str  # input, version, table, rules, findings, counts
    text: str


def compare(was: Mapping[str, Any], now: Mapping[str, Any], places: Mapping[str, str]) -> list[Difference]:
    """What differs between a certificate and that of the repeated run; empty where they agree.

    Args:
        was: the certificate.
        now: that of the repeated run.
        places: by fingerprint, where the finding stands in the repeated run; a certificate itself names no claim.
    """
    return [*_inputs(was, now), *_tables(was, now), *_rules(was, now), *_findings(was, now, places)]


def _inputs(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    if was["input"]["sha256"] != now["input"]["sha256"]:
        sizes = f"{was['input'].get('bytes')} bytes then, {now['input']['bytes']} now"
        yield Difference("input", f"the input is not the file that was checked ({sizes})")
    if was["cutis"] != now["cutis"]:
        yield Difference("version", f"Cutis was {was['cutis']}, now {now['cutis']}")


def _tables(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = ({(t.get("table"), t.get("release")): t.get("sha256") for t in x["tables"]} for x in (was, now))
    for table, release in sorted({*before, *after}, key=str):
        key = (table, release)
        if key not in after:
            yield Difference("table", f"table {table}: release {release} was used and is not there now")
        elif key not in before:
            yield Difference("table", f"table {table}: release {release} is used now and was not then")
        elif before[key] != after[key]:
            yield Difference("table", f"table {table}: release {release} is from another file (sha256)")


def _rules(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = set(map(str, was["rules_run"])), set(now["rules_run"])
    for name in sorted(before - after):
        yield Difference("rules", f"rule {name} ran then and does not now")
    for name in sorted(after - before):
        yield Difference("rules", f"rule {name} runs now and did not then")


def _findings(was: Mapping[str, Any], now: Mapping[str, Any], places: Mapping[str, str]) -> Iterator[Difference]:
    before, after = was["result"]["fingerprints"], now["result"]["fingerprints"]
    differ = False
    for rule in sorted({*before, *after}):
        old, new = Counter(map(str, before.get(rule, []))), Counter(after.get(rule, []))
        gone, come = old - new, new - old
        if gone or come:
            differ = True
            where = [places.get(mark, "?") for mark in sorted(come)]
            named = f" ({'; '.join(sorted(where)[:NAMED])}{'; …' if len(where) > NAMED else ''})" if where else ""
            yield Difference("findings", f"{rule}: {gone.total()} gone, {come.total()} new{named}")
    if not differ and was["result"].get("sha256") != now["result"]["sha256"]:
        yield Difference("findings", "the same lines are found, but a message, amount, severity or release differs")
    if was["counts"] != now["counts"]:
        names = sorted(n for n in {*was["counts"], *now["counts"]} if was["counts"].get(n) != now["counts"].get(n))
        said = ", ".join(f"{n} {was['counts'].get(n)} then, {now['counts'].get(n)} now" for n in names)
        yield Difference("counts", f"counts differ: {said}")
