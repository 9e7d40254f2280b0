"""The rules of the house that no other tool knows: sizes, file names, and where queries may be written.

file      at most 400 lines of Python (migrations apart)
function  at most 60 lines; in views 25
names     an app holds only the file names of NAMES and FOLDERS
views     never touch `Model.objects`: a scoped query of queries.py gives what a view may see
SQL       is never an f-string
gettext   takes no f-string and no positional placeholder
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES, VIEW_LINES = 400, 60, 25
NAMES = frozenset(
    "__init__ apps enums models rules queries actions jobs forms api views urls admin context".split()  # noqa: SIM905 -- reads as the list it is
)
FOLDERS = frozenset(
    "models actions views queries forms formats core migrations templates static templatetags management locale data".split()  # noqa: SIM905 -- as above
)
# These are no apps of the one shape; each has its reason in docs/adr.
FREE = frozenset({"settings", "launch", "arena", "verify"})
EXTRA_NAMES = {"kernel": {"navigation", "middleware"}}
GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"})


def tracked(pattern: str) -> list[Path]:
    """Files that git knows, or does not ignore."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / line for line in found.stdout.splitlines() if (ROOT / line).is_file()]


def sizes(path: Path, tree: ast.Module, text: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > FILE_LINES:
        yield f"{lines} lines; a file has at most {FILE_LINES}: make it a package, a file a noun"
    is_view = "views" in path.relative_to(ROOT).parts or path.name == "views.py"
    limit = VIEW_LINES if is_view and "tests" not in path.relative_to(ROOT).parts else FUNCTION_LINES
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield f"line {node.lineno}: {node.name} has {length} lines, at most {limit}"


def calls(path: Path, tree: ast.Module) -> Iterator[str]:
    in_views = path.name == "views.py" or path.parent.name == "views"
    for node in ast.walk(tree):
        if in_views and isinstance(node, ast.Attribute) and node.attr == "objects":
            yield f"line {node.lineno}: a view asks queries.py, never Model.objects"
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if name in {"execute", "executemany", "raw", "RawSQL"} and isinstance(first, ast.JoinedStr):
            yield f"line {node.lineno}: SQL is never an f-string; use parameters or psycopg.sql"
        if name in GETTEXT and isinstance(first, ast.JoinedStr):
            yield f"line {node.lineno}: a translated string is no f-string; use named placeholders"
        if name in GETTEXT and isinstance(first, ast.Constant) and re.search(r"%[sd]|\{\}", str(first.value)):
            yield f"line {node.lineno}: placeholders of translated strings have names"


def app_names() -> Iterator[str]:
    for app in sorted((ROOT / "src" / "cyberweek").iterdir()):
        if not (app / "__init__.py").exists() or app.name in FREE:
            continue
        for entry in sorted(app.iterdir()):
            if entry.name.startswith("__pycache__"):
                continue
            allowed = FOLDERS if entry.is_dir() else NAMES | EXTRA_NAMES.get(app.name, set())
            if entry.stem not in allowed:
                yield f"{entry.relative_to(ROOT)}: not a name of the house; put it where it belongs or write the ADR"


def main() -> int:
    found = list(app_names())
    for path in tracked("*.py"):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        where = path.relative_to(ROOT)
        found += [f"{where}: {say}" for say in sizes(path, tree, text)]
        if "src" in where.parts:
            found += [f"{where}: {say}" for say in calls(path, tree)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
