"""The parts of each family of rules that can be taken out, to see what goes wrong without them."""

import ast
import importlib
import inspect
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.dates.grammar import find
from qa.dates.grammar.rules import Context, Readings, Rule

ROOT = Path(__file__).resolve().parent.parent
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Part:
    """What is put in place of names of modules, and which of them the lines are counted of."""

    name: str
    changes: tuple[tuple[str, str, Any], ...]
    counted: tuple[tuple[str, str], ...] = ()

    def lines(self) -> int:
        """How many lines of code it has."""
        wanted = self.counted or tuple((module, name) for module, name, _ in self.changes)
        return sum(
            count_names(module, {n for m, n in wanted if m == module})
            for module in {m for m, _ in wanted}
        )


def count_names(module: str, names: set[str]) -> int:
    """The lines of the module's functions, constants and rules of these names."""
    source = Path(inspect.getfile(importlib.import_module(module))).read_text(encoding="utf-8")
    total = 0
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(name=name):
                own = {name}
            case ast.Assign(targets=targets):
                own = {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                own = {f"rule {name}"}
            case _:
                continue
        if names & own:
            total += (node.end_lineno or node.lineno) - node.lineno + 1
    return total


@contextmanager
def taken_out(part: Part) -> Iterator[None]:
    """Within it, the part does nothing."""
    kept = []
    for module_name, name, value in part.changes:
        module = importlib.import_module(module_name)
        if name == "rule":
            name, value = "_RULES", tuple(r for r in find._RULES if r.name not in value)
        kept.append((module, name, getattr(module, name)))
        setattr(module, name, value)
    _forget()
    try:
        yield
    finally:
        for module, name, value in reversed(kept):
            setattr(module, name, value)
        _forget()


def _forget() -> None:
    """Empty what the rules remember."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("qa.dates", "qa.agreement", "index.pages")):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _rule(name: str) -> Part:
    rule = next(rule for rule in find._RULES if rule.name == name)
    module, function = rule.resolve.__module__, rule.resolve.__name__
    return Part(
        f"“{name}”",
        (("qa.dates.grammar.find", "rule", (name,)),),
        ((module, function), (module, f"rule {name}")),
    )


def _no(module: str, *names: str, value: object = None) -> Part:
    """The named functions of a module answer nothing, its sets and tables are empty."""
    changes = []
    for name in names:
        was = getattr(importlib.import_module(module), name)
        given = value
        if value is None:
            if isinstance(was, re.Pattern):
                given = _NEVER
            elif callable(was):
                given = lambda *_, **__: None  # noqa: E731
            else:
                given = type(was)()
        elif callable(was) and not callable(value):
            given = lambda *_, **__: value  # noqa: E731
        changes.append((module, name, given))
    return Part(", ".join(names), tuple(changes))


def _false(*_: object, **__: object) -> bool:
    return False


G = "qa.dates.grammar."
P = "index.pages."
TIMES = [
    *(_rule(rule.name) for rule in find._RULES),
    Part(
        "tense (all is past)",
        ((G + "rules", "is_ahead", _false), (G + "rules", "is_ahead_by_lead", _false)),
    ),
    _no(G + "year_rules", "_is_counted", value=_false),
    _no(G + "year_rules", "_stands_as_year", value=_false),
    _no(G + "weekday_rules", "_is_name", value=_false),
]
YEARS = [
    _no("qa.dates.publication", "_weigh_own_dates"),
    _no("qa.dates.publication", "_weigh_others"),
    _no("qa.dates.publication", "_weigh_told_date"),
]
BOILERPLATE = [
    *(
        _no(P + "boilerplate", name)
        for name in (
            "_mark_front_matter",
            "_spare_subject",
            "_mark_duplicates",
            "_mark_other_scripts",
            "_mark_notice",
            "_mark_link_lists",
            "_mark_around_story",
            "_mark_tail_links",
            "_mark_islands",
            "name_boilerplate",
        )
    ),
    _no(P + "boilerplate", "_has_headings", value=_false),
    _no(P + "boilerplate", "_is_broken_off", value=_false),
    _no(P + "boilerplate_lines", "_GLUED_LINK"),
    _no(P + "boilerplate_lines", "_GLUED_LABEL"),
    _no(P + "boilerplate_lines", "_ICON"),
    _no(P + "boilerplate_lines", "_is_menu", value=_false),
    _no(P + "boilerplate_phrases", "LABELS"),
    _no(P + "boilerplate_phrases", "ANYWHERE"),
    Part("OPENINGS", ((P + "boilerplate_phrases", "OPENINGS", {"none": "(?!)"}),)),
]
A = "qa.agreement."
AGREEMENT = [
    _no(A + "grouping", "_VERDICT"),
    _no(A + "grouping", "_SINGLE"),
    _no(A + "grouping", "_COUNTING"),
    _no(A + "grouping", "_LENGTH"),
    _no(A + "grouping", "read_quantity"),
    _no(A + "quantities", "_read_fraction"),
    _no(A + "quantities", "_read_hedge", value="exact"),
    _no(A + "quantities", "_AND_A_HALF"),
    _no(A + "quantities", "_TIMES"),
    _no(A + "quantities", "_RANGE"),
    _no(A + "quantities", "_NONE"),
    _no(A + "grouping", "_BEGINS_AS_NUMBER"),
    _no(A + "quantities", "_drop_unit", value=lambda one, other: one),
    _no(A + "grouping", "same_phrase", value=lambda one, other: one.lower() == other.lower()),
    Part("the encoder", (("benchmarks.rules_scores", "SIMILARITY", None),)),
]
NAMES = [
    *(
        _no(A + "names", name)
        for name in (
            "_CANONICAL",
            "_TITLES",
            "_LEADS",
            "_KINDS",
            "_MODIFIERS",
            "NEGATIONS",
        )
    ),
    *(
        _no(A + "names", name, value=_false)
        for name in (
            "_are_other_names",
            "_same_without_kind",
            "_is_contained",
            "_is_acronym",
            "_same_words",
            "_same_name",
        )
    ),
    _no(A + "names", "_read_place", value=()),
    _no(A + "names", "same_spelling", value=lambda one, other: one == other),
    _no(A + "names", "_skeleton", value=lambda word: word),
    _no(A + "names", "_numerals", value=set()),
]
FAMILIES = {
    "times": TIMES,
    "years": YEARS,
    "boilerplate": BOILERPLATE,
    "agreement": AGREEMENT,
    "names": NAMES,
}
_FILES = {
    "times": "qa/dates/grammar/*.py",
    "years": "qa/dates/publication.py",
    "boilerplate": "index/pages/*.py",
    "agreement": "qa/agreement/*.py",
    "names": "qa/agreement/names.py",
}


def count_fires(texts: Iterable[str]) -> dict[str, int]:
    """In how many texts each rule for time expressions gives a date, seldom ones first."""
    fired = Counter({rule.name: 0 for rule in find._RULES})
    found = set[str]()

    def watch(rule: Rule) -> Rule:
        def resolve(match: re.Match[str], context: Context) -> Readings | None:
            readings = rule.resolve(match, context)
            found.update((rule.name,) if readings else ())
            return readings

        return replace(rule, resolve=resolve)

    with taken_out(Part("", ((G + "find", "_RULES", tuple(map(watch, find._RULES))),))):
        for text in texts:
            find.find_dates(text, "2022-06-15")
            fired.update(found)
            found.clear()
    return dict(sorted(fired.items(), key=lambda item: item[1]))


def count_family(name: str) -> int:
    """How many lines of code a family of rules has."""
    return sum(
        len(file.read_text(encoding="utf-8").splitlines()) for file in ROOT.glob(_FILES[name])
    )
