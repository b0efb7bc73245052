"""Rules that a biller writes in YAML: read, checked, compiled to the same record as the built-in ones, and tested."""

from cutis.rulekit.custom.files import RuleFile, load_files, read_files
from cutis.rulekit.custom.testing import Tested, run_tests

__all__ = ["RuleFile", "Tested", "load_files", "read_files", "run_tests"]
