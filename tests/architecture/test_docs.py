"""The documents name what an operator can set and has to watch."""

import re

from config.jobs import schedule
from tests.architecture import source

OPERATE = (source.ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table() -> None:
    settings = (source.ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert len(names) > 10
    assert {name for name in names if f"`{name}`" not in OPERATE} == set()


def test_every_job_is_in_the_table() -> None:
    assert {job.name for job in schedule.all_jobs() if f"| `{job.name}` |" not in OPERATE} == set()


def test_the_table_says_when_each_night_job_runs() -> None:
    for job in schedule.all_jobs():
        if job.nightly_at:
            (line,) = [line for line in OPERATE.splitlines() if line.startswith(f"| `{job.name}` |")]
            assert f"| {job.nightly_at:%H:%M}" in line, line


def test_every_file_that_the_documents_name_is_there() -> None:
    for document in sorted((source.ROOT / "docs").glob("*.md")):
        named = re.findall(r"`((?:config|inventory|procurement|reserve|tests)/[a-z_/.]+)`", document.read_text("utf-8"))
        missing = [name for name in named if not any((source.ROOT / f"{name}{end}").exists() for end in ("", ".py"))]
        assert missing == [], document.name
