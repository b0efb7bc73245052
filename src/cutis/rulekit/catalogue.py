"""Every rule there is: built-in families and plug-ins come through the same door, an entry point.

A package named under the entry point group `cutis.rules` is walked; each module-level `Rule` in it is a rule.
There is no list to keep: to add a rule is to add a file.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType

from cutis.model.errors import ConfigError, RuleError
from cutis.rulekit.rule import Rule

GROUP = "cutis.rules"


@cache
def catalogue() -> Mapping[str, Rule]:
    """All rules by name, in the order of family and name.

    Raises:
        RuleError: two rules share a name or an alias, or a package of rules cannot be loaded.
    """
    packages = {e.value: f" (entry point {e.name!r})" for e in entry_points(group=GROUP)} | {GROUP: ""}
    rules: dict[str, Rule] = {}
    for name, called in sorted(packages.items()):
        for found in _walked(name, called):
            for key in (found.name, *found.aliases):
                if key in rules:
                    raise RuleError(f"two rules are called {key!r}: {rules[key].module} and {found.module}")
            rules[found.name] = found
    ordered = sorted(rules.values(), key=lambda r: (r.family, r.name))
    return MappingProxyType({r.name: r for r in ordered})


def _walked(name: str, called: str) -> list[Rule]:
    """The rules of a package that an entry point names.

    Raises:
        RuleError: it cannot be imported, or is no package; one that is quietly left out would be praised by silence.
    """
    try:
        return list(rules_in(importlib.import_module(name)))
    except RuleError as error:
        raise RuleError(f"{name}{called}: {error}; correct or uninstall it" if called else str(error)) from None
    except Exception as error:
        if not called:
            raise
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        raise RuleError(f"the rules of {name}{called} cannot be loaded ({said}); correct or uninstall them") from None


def rules_in(package: ModuleType) -> Iterator[Rule]:
    """The rules defined in a package's modules, walked in the order of their names.

    Raises:
        RuleError: it is a module and no package.
    """
    if not hasattr(package, "__path__"):
        raise RuleError("it is a module, not a package with a folder for each family of rules")
    for info in sorted(pkgutil.walk_packages(package.__path__, package.__name__ + "."), key=lambda i: i.name):
        module = importlib.import_module(info.name)
        yield from (v for v in vars(module).values() if isinstance(v, Rule) and v.module == module.__name__)


def with_own(own: Iterable[Rule]) -> Mapping[str, Rule]:
    """The catalogue and a practice's own rules, in the order of family and name.

    Raises:
        RuleError: a rule of the practice has the name of another.
    """
    rules = dict(catalogue())
    taken = {*rules, *(a for r in rules.values() for a in r.aliases)}
    for rule in own:
        if rule.name in taken:
            raise RuleError(f"two rules are called {rule.name!r}; give the one in {rule.module} another name")
        taken.add(rule.name)
        rules[rule.name] = rule
    ordered = sorted(rules.values(), key=lambda r: (r.family, r.name))
    return MappingProxyType({r.name: r for r in ordered})


def find(name: str, known: Iterable[str] = (), own: Iterable[Rule] = ()) -> Rule:
    """The rule of that name or former name, a practice's own among them.

    Raises:
        ConfigError: there is none; the sentence offers near names.
    """
    rules = with_own(own)
    if name in rules:
        return rules[name]
    for candidate in rules.values():
        if name in candidate.aliases:
            return candidate
    raise ConfigError(f"no rule is called {name!r}{near(name, [*rules, *known])}")


def near(name: str, names: Iterable[str]) -> str:
    """A hint of the nearest names, as ` (did you mean 'x'?)`, or nothing."""
    import difflib  # noqa: PLC0415 - only a wrong name needs it

    hits = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(repr(h) for h in hits)}?)" if hits else ""


def select(
    select: Iterable[str] = (), ignore: Iterable[str] = (), *, known: Iterable[str] = (), own: Iterable[Rule] = ()
) -> list[Rule]:
    """Rules chosen by name or family; nothing selected means all.

    Args:
        select: names or families to run.
        ignore: names or families to leave out.
        known: further names that are no rules of the catalogue but may be chosen (faults of the readers).
        own: rules of the practice.

    Raises:
        ConfigError: a name is neither; all unknown names are listed at once.
    """
    rules = with_own(own)
    families = {r.family for r in rules.values()}
    wanted, unwanted = set(select), set(ignore)
    aliases = {a: r.name for r in rules.values() for a in r.aliases}
    names = {*rules, *families, *aliases, *known}
    wrong = sorted((wanted | unwanted) - names)
    if wrong:
        raise ConfigError("; ".join(f"no rule or family is called {w!r}{near(w, names)}" for w in wrong))
    wanted |= {aliases[w] for w in wanted if w in aliases}
    unwanted |= {aliases[w] for w in unwanted if w in aliases}
    chosen = [r for r in rules.values() if not wanted or r.name in wanted or r.family in wanted]
    return [r for r in chosen if r.name not in unwanted and r.family not in unwanted]
