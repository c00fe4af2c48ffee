"""What the code does not do: read the clock below the edge, count mass in floats, pass its own triggers."""

import ast
import re
from pathlib import Path

from tests.architecture import source

# Where a request, a job or a command comes in. `alarm` is a banner and `wiring` counts for the menu, both drawn by pages.
# `entering` is what allauth and axes call while a person comes in.
EDGE = {"views", "pages", "probes", "api", "rest", "middleware", "tasks", "commands", "alarm", "wiring", "entering"}
CLOCK = re.compile(
    r"(^|\.)(timezone\.now|datetime\.now|datetime\.utcnow|date\.today|datetime\.today|time\.time|localdate)$"
)
SQL_CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp)\(\)|\bcurrent_(date|time|timestamp)\b", re.IGNORECASE
)
# Shapes on the screen are no masses; times of processes are none either.
NO_MASS = (
    "config/ui/",
    "config/embedded/",
    "config/jobs/",
    "config/supervisor.py",
    "config/settings.py",
    "config/logs.py",
)


def at_the_edge(path: Path) -> bool:
    return bool(EDGE & {path.stem, path.stem.rpartition("_")[2], *path.parts})


def counts_mass(path: Path) -> bool:
    return not str(path).startswith(NO_MASS)


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path}:{number} {line.strip()}"
        for path in paths
        for number, line in enumerate(source.text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_clock_is_read_below_the_edge() -> None:
    below = [path for path in source.files() if not at_the_edge(path)]
    assert [f"{path}:{line} {name}" for path in below for line, name in source.calls(path) if CLOCK.search(name)] == []


def test_no_statement_of_ours_asks_the_database_what_time_it_is() -> None:
    strings = [
        f"{path}:{node.lineno}"
        for path in source.files()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "SELECT" in node.value
        if SQL_CLOCK.search(node.value)
    ]
    assert strings == []


def test_nothing_of_ours_passes_the_triggers() -> None:
    assert (
        found(
            re.compile(r"pgtrigger\.ignore|from pgtrigger import .*ignore|session_replication_role|DISABLE TRIGGER"),
            list(source.files()),
        )
        == []
    )


def test_no_float_touches_a_mass_or_money() -> None:
    wrong = []
    for path in filter(counts_mass, source.files()):
        fine = no_masses(path)
        for node in ast.walk(source.tree(path)):
            number = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if (number or (isinstance(node, ast.Name) and node.id == "float")) and node not in fine:
                wrong.append(f"{path}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}")
    assert wrong == []


def no_masses(path: Path) -> set[ast.AST]:
    """What may be a float: seconds, the odds in the demo, and what `isinstance` names to refuse it."""
    if str(path).startswith("reserve/demo/"):
        return {node for node in ast.walk(source.tree(path)) if not isinstance(node, ast.Call)} - called(path)
    fine: set[ast.AST] = set()
    for node in ast.walk(source.tree(path)):
        seconds = isinstance(node, ast.arg) and node.arg.endswith("_s")
        if seconds or (isinstance(node, ast.Call) and ast.unparse(node.func) in {"isinstance", "time.sleep"}):
            fine |= set(ast.walk(node))
    return fine


def called(path: Path) -> set[ast.AST]:
    return {node.func for node in ast.walk(source.tree(path)) if isinstance(node, ast.Call)}


def test_no_milligrams_are_divided() -> None:
    """`/` makes a float of two integers; shares are Decimals."""
    wrong = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path in filter(counts_mass, source.files())
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        if any(ast.unparse(side).endswith("_mg") for side in (node.left, node.right))
    ]
    assert wrong == []


def test_pages_hold_no_script_and_no_style_of_their_own() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    assert found(inline, list(source.files("*.html"))) == []


def test_pages_load_nothing_from_elsewhere() -> None:
    assert found(re.compile(r"(src|href|action)=\"(https?:)?//"), list(source.files("*.html"))) == []


def test_htmx_stands_in_fragments_and_components_only() -> None:
    """A page that extends the frame gets its swaps from the fragments that it includes."""
    pages = [path for path in source.files("*.html") if "{% extends" in source.text(path)]
    assert found(re.compile(r"\shx-(get|post|target|swap|trigger)"), pages) == []
