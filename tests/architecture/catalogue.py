"""The catalogue of the second language, and what the tree asks of it.

`python -m tests.architecture.catalogue` takes new strings into locale/fr (kept translations stay, gone strings go) and
writes the .mo that a machine without gettext runs on. Translate what it lists as missing, then run it again.
"""

import io
import os
import re
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "locale" / "fr" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
WORDS = dict.fromkeys(
    ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
)
Id = str | tuple[str, str]


def asked() -> dict[tuple[str, str], tuple[str, str]]:
    """Every string that code and templates ask for: (context, string) -> (plural or "", the file)."""
    from django.utils.translation.template import templatize

    found: dict[tuple[str, str], tuple[str, str]] = {}
    for app in ("config", "inventory", "procurement", "reserve"):
        for path in sorted((ROOT / app).rglob("*")):
            if path.suffix == ".html":
                source = f"({templatize(path.read_text(), origin=str(path))})"
            elif path.suffix == ".py" and "migrations" not in path.parts:
                source = path.read_text()
            else:
                continue
            for _line, word, messages, _comments in extract_python(
                io.BytesIO(source.encode()), WORDS, [], {"encoding": "utf-8"}
            ):
                given = [text for text in ((messages,) if isinstance(messages, str) else messages or ()) if text]
                context = given.pop(0) if str(word).startswith("pg") and given else ""
                if given:
                    plural = given[1] if str(word).startswith("ng") and len(given) > 1 else ""
                    known = found.get((context, given[0]), ("", ""))[0]
                    found[context, given[0]] = (plural or known, str(path.relative_to(ROOT)))
    return found


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|%%", text))


def kept() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="fr", domain="django")


def compiled() -> Catalog:
    with MO.open("rb") as file:
        return read_mo(file)


def renew() -> list[str]:
    """Write both files anew from what the tree asks for, and return what is not translated yet."""
    old = kept() if PO.exists() else Catalog(locale="fr")
    new = Catalog(locale="fr", project="Strategic Reserve", version="1", fuzzy=False)
    new.revision_date = new.creation_date = old.creation_date if PO.exists() else new.creation_date
    missing = []
    for (context, text), (plural, path) in sorted(asked().items()):
        before = old.get(text, context or None)
        string = before.string if before and bool(before.pluralizable) == bool(plural) else ("", "") if plural else ""
        new.add((text, plural) if plural else text, string, locations=[(path, 0)], context=context or None)
        if not (all(string) if isinstance(string, tuple | list) else string):
            missing.append(text)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=120, include_lineno=False, sort_output=True)
    with PO.open("rb") as file, MO.open("wb") as target:
        write_mo(target, read_po(file, locale="fr", domain="django"))
    return missing


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    for text in renew():
        print(f"not translated: {text}")  # noqa: T201
