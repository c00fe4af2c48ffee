"""The tests notice a fault: each patch beside this file makes one in a copy of the code, and the tests it names must fail."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).parent
CODE = ("config", "inventory", "procurement", "reserve", "tests", "docs", "locale", "manage.py", "pyproject.toml")
FAILED = 1  # pytest's answer when tests failed; 2 to 5 mean that they could not be run


@dataclass(frozen=True)
class Mutant:
    """One seeded fault: what it does in words, the tests that have to notice it, the patch that makes it."""

    name: str
    fault: str
    tests: tuple[str, ...]
    patch: Path


def read(patch: Path) -> Mutant:
    fault, tests, *_ = patch.read_text().splitlines()
    return Mutant(patch.stem, fault, tuple(tests.removeprefix("Tests: ").split()), patch)


MUTANTS = [read(patch) for patch in sorted(HERE.glob("*.patch"))]


def apply(mutant: Mutant, tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "apply", *options, str(mutant.patch)],
        cwd=tree,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def run_tests(tree: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """The tests, on a database that all runs of this process share, in the servers that are up already."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_"))}
    shared = {"VAR_DIR": str(settings.VAR_DIR), "TEST_RUN": f"{os.getpid()}_mutants", "PYTHONDONTWRITEBYTECODE": "1"}
    options = ["-q", "-x", "--reuse-db", "--tb=line", "-m", "not browser"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=tree,
        env={**env, **shared},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code to spoil."""
    copy = tmp_path_factory.mktemp("mutants") / "code"
    copy.mkdir()
    for name in CODE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
        else:
            shutil.copy(source, copy / name)
    return copy


def test_there_are_a_dozen_and_more_in_ledger_approvals_and_shortfall() -> None:
    spoiled = {re.search(r"^\+\+\+ b/(\S+)", mutant.patch.read_text(), re.MULTILINE)[1] for mutant in MUTANTS}  # type: ignore[index]  # no match fails here
    assert len(MUTANTS) >= 12
    assert {"inventory/ledger/post.py", "config/approvals/requests.py", "reserve/shortfall.py"} <= spoiled


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_its_patch_fits_the_code_as_it_is(mutant: Mutant) -> None:
    """Else the fault is no longer made: write the patch anew for the code that took its place."""
    assert apply(mutant, ROOT, "--check").stderr == ""
    assert mutant.tests
    assert all((ROOT / test).exists() for test in mutant.tests)


@pytest.mark.long
@pytest.mark.xdist_group("mutants")
def test_the_code_as_it_is_passes(tree: Path) -> None:
    """Else every mutant would be killed by a test that fails anyhow."""
    every = tuple(sorted({test for mutant in MUTANTS for test in mutant.tests}))
    done = run_tests(tree, every)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.long
@pytest.mark.xdist_group("mutants")
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_is_noticed(mutant: Mutant, tree: Path) -> None:
    assert apply(mutant, tree).stderr == ""
    try:
        done = run_tests(tree, mutant.tests)
    finally:
        apply(mutant, tree, "--reverse")
    assert done.returncode == FAILED, f"{mutant.fault} Nobody noticed.\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
