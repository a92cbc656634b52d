"""What a newcomer meets: how much is in a folder, a module, a function; what is documented; which way arrows point."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import rooms

ROOT = Path(__file__).resolve().parent.parent
MOST_MODULES, LONGEST_MODULE, MEDIAN_MODULE, LONGEST_BODY = 16, 300, 120, 40


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its path, its lines that hold code (no blank line, comment or docstring), its functions' bodies."""

    path: Path
    lines: int
    bodies: tuple[tuple[str, int], ...]
    public: int
    bare: tuple[str, ...]


def modules() -> list[Module]:
    """Return every module of ``grader`` and ``course`` but the rooms' ``__init__``."""
    return [_module(path) for path in sources() if path.name != "__init__.py"]


def sources() -> Iterator[Path]:
    """Yield the Python files of ``grader`` and ``course``."""
    for folder in ("grader", "course"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def crowded() -> dict[str, int]:
    """Return folder -> modules in it."""
    return dict(Counter(str(p.parent.relative_to(ROOT)) for p in sources() if p.name != "__init__.py"))


def _module(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = _docstrings(tree)
    code = {
        line
        for node in ast.walk(tree)
        if isinstance(node, (ast.stmt, ast.expr)) and not _is_text(node)
        for line in (node.lineno, node.end_lineno or node.lineno)
    }
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    public = [n for n in _public(tree) if not _overrides(n)]
    return Module(
        path.relative_to(ROOT),
        len(code - said),
        tuple((f.name, _body(f)) for f in functions),
        len(public),
        tuple(n.name for n in public if not ast.get_docstring(n)),
    )


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _docstrings(tree: ast.Module) -> set[int]:
    return {n for t in ast.walk(tree) if _is_text(t) for n in range(t.lineno, (t.end_lineno or t.lineno) + 1)}  # type: ignore[attr-defined]


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                bare = not node.bases
                for inner in node.body:
                    if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and bare and inner.name[0] != "_":
                        yield inner


def _overrides(node: ast.AST) -> bool:
    return any(ast.unparse(d).endswith(("overload", "setter")) for d in getattr(node, "decorator_list", ()))


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if _is_text(function.body[0]) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _upward() -> str:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return next((line for line in done.stdout.splitlines() if line.startswith("Contracts:")), done.stdout[-300:])


def bench(_folder: Path) -> None:
    """Print the figures of the house beside what they must reach."""
    found, folders = modules(), crowded()
    lines = [m.lines for m in found]
    bodies = sorted(((size, f"{m.path}:{name}") for m in found for name, size in m.bodies), reverse=True)
    sizes = sorted(size for size, _ in bodies)
    longest = max(found, key=lambda m: m.lines)
    bare = [f"{m.path}:{name}" for m in found for name in m.bare]
    documented = 100 - 100 * len(bare) / max(1, sum(m.public for m in found))
    fullest = max(folders, key=lambda f: folders[f])
    print(f"modules: {len(found)} in {len(folders)} folders; fullest {fullest}: {folders[fullest]} (≤ {MOST_MODULES})")
    print(f"lines of code of a module: median {statistics.median(lines)} (≤ {MEDIAN_MODULE}), "
          f"longest {longest.path}: {longest.lines} (≤ {LONGEST_MODULE})")  # fmt: skip
    print(f"lines of a body: median {statistics.median(sizes)}, p90 {sizes[9 * len(sizes) // 10]}, "
          f"longest {bodies[0][1]}: {bodies[0][0]} (≤ {LONGEST_BODY})")  # fmt: skip
    print(f"public docstrings: {documented:.1f} %{' without: ' + ', '.join(bare[:5]) if bare else ''}")
    arrows = rooms.arrows()
    print(
        f"rooms: {sum(map(len, rooms.lines()))}, arrows {len(arrows)}, circles {len(rooms.circles(arrows))}; "
        f"{_upward()}"
    )
