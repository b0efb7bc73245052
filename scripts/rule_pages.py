"""Hook of mkdocs: a page for each rule and fault, generated from the catalogue at build time."""

from typing import Any

from mkdocs.structure.files import File, Files

from cutis.output.pages import as_dict, as_markdown, find
from cutis.parse.faults import FAULTS
from cutis.parse.remit_faults import REMITTANCE_FAULTS
from cutis.rulekit.catalogue import catalogue


def on_files(files: Files, config: Any) -> Files:
    """Add the pages and their list."""
    names = [*catalogue(), *FAULTS, *REMITTANCE_FAULTS]
    rows = ["# All rules", "", "| family | rule | severity | what it finds |", "|---|---|---|---|"]
    for name in names:
        page = find(name)
        facts = as_dict(page)
        rows.append(f"| {facts['family']} | [{name}]({name}.md) | {facts['severity']} | {facts['what']} |")
        files.append(File.generated(config, f"rules/{name}.md", content=as_markdown(page)))
    files.append(File.generated(config, "rules/index.md", content="\n".join(rows) + "\n"))
    return files
