"""Small: what does not fit on a page or two is two things."""

import re
from pathlib import Path

from tests.architecture import source

FILE, FUNCTION, TEMPLATE = 400, 70, 200
# Named for a place in the machinery and not for a subject of the domain.
NO_SUBJECT = {"utils", "helpers", "services", "selectors", "managers", "signals", "common", "misc"}


def length(path: Path) -> int:
    return source.text(path).count("\n")


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert {str(path): length(path) for path in source.files() if length(path) > FILE} == {}


def test_no_function_is_longer_than_seventy_lines() -> None:
    long = {
        f"{path}:{function.lineno} {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in source.files()
        for function in source.functions(path)
    }
    assert {name: lines for name, lines in long.items() if lines > FUNCTION} == {}


def test_no_template_is_longer_than_two_hundred_lines() -> None:
    # The sprite is a drawing.
    templates = [path for path in source.files("*.html") if path.name != "icons.html"]
    assert {str(path): length(path) for path in templates if length(path) > TEMPLATE} == {}


def test_files_are_named_for_what_they_know() -> None:
    assert [str(path) for path in source.files() if NO_SUBJECT & {path.stem, *path.parent.parts}] == []


def test_a_type_is_ignored_with_a_reason_only() -> None:
    bare = re.compile(r"# type: ignore(?!\[[a-z-]+(, [a-z-]+)*\]\s+#)")
    found = [
        f"{path}:{number}"
        for path in source.files()
        for number, line in enumerate(source.text(path).splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []
