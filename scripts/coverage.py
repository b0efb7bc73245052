"""docs/coverage.md: each numbered fact of dermatology billing with the rules that carry it out, or the reason why none does.

`python scripts/coverage.py` writes the page; with `--check` it says whether the page is as the catalogue would make it.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from cutis.model.finding import Evidence
from cutis.rulekit.catalogue import catalogue

ROOT = Path(__file__).parents[1]
PAGE, REASONS = ROOT / "docs" / "coverage.md", ROOT / "docs" / "coverage.yaml"
HEAD = """# Coverage

Each numbered fact of dermatology billing, with the rules that carry it out and the severity that their evidence earns, or
the reason why there is none. This page is made from the catalogue and `coverage.yaml` by `python scripts/coverage.py`.

*Evidence*: `cms-file` a table of CMS, `cms-manual` a manual of CMS, `published` published guidance, `recalled` known but not
verified against its source: a recalled rule is never an error.
"""


def answers() -> dict[str, list[str]]:
    """Per fact its rules, as cells of the page; empty where no rule carries it out."""
    found: dict[str, list[str]] = {}
    for rule in catalogue().values():
        for fact in rule.facts:
            evidence = "*recalled*" if rule.evidence is Evidence.RECALLED else rule.evidence.value
            found.setdefault(fact, []).append(
                f"[{rule.name}](rules/{rule.name}.md) ({rule.severity.value}, {evidence})"
            )
    return found


def reasons() -> dict[str, Any]:
    """The hand-kept file: names of subjects, and the facts without a rule."""
    content: dict[str, Any] = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    return content


def page() -> str:
    """The whole page.

    Raises:
        SystemExit: a fact has both rules and a reason why there is none.
    """
    rules, kept = answers(), reasons()
    if both := sorted(set(rules) & set(kept["no_rule"])):
        sys.exit(f"coverage.yaml gives a reason for facts that rules carry out: {', '.join(both)}")
    facts = sorted({*rules, *kept["no_rule"]})
    parts = [HEAD, f"{len(facts)} facts: {len(rules)} by rules, {len(kept['no_rule'])} with a reason.\n"]
    for subject, title in kept["subjects"].items():
        own = [f for f in facts if f.startswith(subject + "-")]
        rows = [f"| {f} | {'<br>'.join(rules[f]) if f in rules else kept['no_rule'][f]} |" for f in own]
        parts.append("\n".join([f"## {title}\n", "| fact | rules, or why none |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def main() -> None:
    text = page()
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != text:
            sys.exit("docs/coverage.md is not as the catalogue would make it: run python scripts/coverage.py")
        return
    PAGE.write_text(text, encoding="utf-8")
    print(text.splitlines()[len(HEAD.splitlines()) + 1])


if __name__ == "__main__":
    main()
