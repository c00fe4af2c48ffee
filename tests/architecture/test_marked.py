"""No text reaches people unmarked: code, templates and scripts are read for sentences and labels outside of gettext."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from config.audit import acts
from tests.architecture import source

MARKS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
}
# Two words in a row, or one word with its capital: what people read. One small word is a code.
WORDY = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{2,}|\{\w*\} [a-z]{2,}|^[A-Z][a-z]{2,}[.!?]?$")
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|WHERE|FROM|AND|ANY|NULL|IN|redis\.call|JOIN|ORDER BY)\b")
# Classes of shapes in charts, such as `held bad`.
CLASSES = re.compile(r"^[a-z]+ (bad|ok|warn|inverse|nothing|small|second|map|strong\{\})$|^caption strong")
COLUMNS = re.compile(r"^[a-z_]+(, [a-z_]+)+$")
# Who reads these is a program, or who runs the system, and English is what they are promised.
ENGLISH = re.compile(
    r"/(demo|management|embedded|verification|backups|rest|api)/|_api\.py$|/api\.py$|/schema\.py$|config/(api|settings|supervisor|window)\.py$"
    r"|/specimens\.py$|/(models|migrations)/|verification\.py$|/models\.py$|/audit/chain\.py$|/apps\.py$|reference\.py$"
)
QUIET = re.compile(
    r"(^|\.)(_?log\w*|warning|info|debug|error|exception|execute|compile|salted_hmac|Text|Line|Path|Rect|TypeVar|bind|partition)$"
    r"|^(\w+Error|ImproperlyConfigured|UnknownJob|\w+Gone|RawSQL|super\(\)\.__init__|annotate|OpenApi\w+|extend_schema)$"
)
# Words that are no sentence: names of others' things, states as they are recorded, and English that is kept for good and
# spoken by `config.ui.recorded`, `inventory.names` or `config.approvals.said`.
KEPT = {
    "Requests are not counted, so nobody is slowed down", "The broker took no hint; the sweep will do the work",
    "not sent", "text/csv; charset=utf-8", 'attachment; filename="{}"',
    "Referer", "Lax", "Edge", "Firefox", "Chrome", "Safari", "Android", "Windows", "Linux", "Mac OS X", "Vary",
    "openid profile email", "api token", "private, no-cache", "Strategic Reserve", "Strategic Reserve, {}", "in work",
    "in force", "to be ended", "to come", "in store", "in date", "part received", "stood for", "broke glass", "not justified",
    "short ton", "long ton", "troy oz", "no database", "kept site", "Received, not yet accepted", "Retest failed",
    "Retest or expiry date passed", "Split off {}", "{} left to {}", "Under 3 months", "3 to 6 months", "More than 6 months",
    "Promised for {}", "Passed on {}, next due {}", "Failed on {}: suspended", "Nothing handles the topic {}.", "Row", "View",
    "Invalid token.", "sign-in name {}", "sign-in address {}", "work place {}", "{} at {}", "{} Nd", "{}: {}",
}  # fmt: skip
PLACES = {
    "Quarantine",
    "In transit",
    "At a processor",
    "On loan",
    "Suppliers",
    "Consumers",
    "Process",
    "Samples",
    "Losses",
    "Gains",
}


class Reader(ast.NodeVisitor):
    """Every string of a file that a person could read, outside of marks, docstrings, errors for programmers and SQL."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: list[tuple[int, str]] = []
        self._skipped = {
            node.body[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func)
        if name.rpartition(".")[2] not in MARKS and not QUIET.search(name):
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        pass

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(ast.unparse(target) in ("__all__", "code") for target in node.targets):
            self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        pass  # annotations in quotes

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name != "__str__":
            for part in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults, *node.body):
                if part:
                    self.visit(part)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._read(node.lineno, "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values))  # type: ignore[misc]
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self._marked_in_vain(part)
                self.visit(part.value)

    def _marked_in_vain(self, part: ast.FormattedValue) -> None:
        """A mark inside of an f-string is not found by what makes the catalogue."""
        for node in ast.walk(part.value):
            if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] not in MARKS:
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                self.found.append((node.lineno, f"{ast.unparse(node.args[0])} (marked inside of an f-string)"))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node not in self._skipped:
            self._read(node.lineno, node.value)

    def _read(self, line: int, text: str) -> None:
        bare = re.sub(r"<[^>]*>", " ", text)
        if (
            WORDY.search(bare)
            and not SQL.search(text)
            and not COLUMNS.match(text)
            and not CLASSES.match(text)
            and text not in KEPT | PLACES
        ):
            self.found.append((line, text))


def unmarked(text: str) -> list[tuple[int, str]]:
    tree = ast.parse(text)
    reader = Reader(tree)
    reader.visit(tree)
    return reader.found


def test_code_marks_what_people_read() -> None:
    found = [
        f"{path}:{line}: {text!r}"
        for path in source.files()
        if not ENGLISH.search(str(path))
        for line, text in unmarked(source.text(path))
    ]
    assert not found, "mark with gettext, or name in KEPT with its reason:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "planted",
    [
        'class Gone(Refused):\n    template = "There is no such lot."',
        'label = forms.CharField(label="Reason")',
        'messages.success(request, f"Moved {mass} of lot {lot}.")',
        'choices = [("a", "All sites")]',
        'raise BadTarget(why="Nothing would change.")',
        'Column("net", "Net mass", read)',
        'format_html("<b>{}</b> was received", name)',
    ],
)
def test_a_text_that_somebody_forgot_to_mark_is_found(planted: str) -> None:
    assert unmarked(planted)


# ---- templates ------------------------------------------------------------------------------------------------------
SPOKEN = {"title", "placeholder", "aria-label", "alt", "aria-description", "data-label"}
MARKED = re.compile(
    r"{%-? *(blocktranslate|blocktrans|comment)\b.*?{%-? *end\1[^%]*%}"
    r"|{% block body_class %}.*?{% endblock body_class %}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
# The page of parts shows made-up text; it is for who builds the system and says so with lang="en".
OURS = re.compile(r"specimens/|ui/components\.html|admin/")
SHOWN_ALIKE = re.compile(r"kg|lb|UTC|CSV|XLSX|HHI|API|FEFO|QR|TOTP|Authorization|Token|manage\.py[\w ]*|Nd|utf")


class Markup(HTMLParser):
    """The text and the spoken attributes of a template whose tags and variables were taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mute += tag in ("script", "style", "code", "symbol")
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self._mute -= tag in ("script", "style", "code", "symbol")

    def handle_data(self, data: str) -> None:
        if not self._mute:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    markup = Markup()
    markup.feed(MARKED.sub("", template))
    texts = [SHOWN_ALIKE.sub("", " ".join(text.split())) for text in markup.found]
    literals = re.findall(
        r'{%-? *(?:panel|stat|empty|callout|badge|field|pager|form_errors|sort_head)\b[^%]*?[ =]"([^"]*)"', template
    )
    return [text for text in texts if re.search(r"[A-Za-z]{2,}", text)] + [text for text in literals if " " in text]


def templates() -> Iterator[Path]:
    for path in source.files("*.html"):
        if not OURS.search(str(path)):
            yield path


def test_templates_mark_what_people_read() -> None:
    found = [f"{path}: {text!r}" for path in templates() for text in bare_words(source.text(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "planted", ["<p>Nothing is held</p>", '<a title="Sign out">×</a>', '{% empty "No lots match" %}']
)
def test_a_template_that_somebody_forgot_to_mark_is_found(planted: str) -> None:
    assert bare_words(planted)


def test_scripts_say_only_what_the_server_gave_them() -> None:
    """Sentences stand in the page (ui/says.html, data attributes), because the server knows the person's language."""
    found = []
    for path in source.files("*.js"):
        if path.name.endswith(".min.js"):
            continue
        code = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)|(?m:\s//\s.*$)", "", source.text(path), flags=re.DOTALL)
        for _quote, text in re.findall(r"""(["'`])((?:(?!\1).)*)\1""", code):
            if re.search(r"^[A-Z][a-z]+ [a-z]+|[a-z]{2,} [a-z]{2,} [a-z]{2,}", text) and not re.search(
                r"[\[\]>=#]|use strict", text
            ):
                found.append(f"{path}: {text!r}")
    assert not found, "\n".join(found)


def test_every_kind_of_command_has_a_name() -> None:
    kinds = {
        kind
        for path in source.files()
        if "management" not in path.parts
        for kind in re.findall(
            r'kind="((?:accounts|approvals|delegations|inventory|jobs|people|procurement|reserve)\.\w+)"',
            source.text(path),
        )
    }
    assert kinds <= set(acts.NAMES), sorted(kinds - set(acts.NAMES))
