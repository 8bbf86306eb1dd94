"""Who may import whom: ingest knows nothing of qa, qa nothing of eval; each heavy library has one home."""

import ast
import graphlib
from pathlib import Path

ROOT = Path(__file__).parent.parent
BELOW = ("ingest", "qa")
PACKAGES = {"ingest": {"ingest"}, "qa": {*BELOW}, "eval": {*BELOW, "eval"}, "app": {*BELOW, "app"}}
HOMES = {
    "chromadb": {"ingest.store"},
    "tantivy": {"ingest.store"},
    "gradio": {"app"},
    "langchain": {"qa.generate"},
    "langchain_huggingface": {"qa.generate", "eval.usual"},  # the benchmark measures the usual stack
    "sentence_transformers": {"ingest.embed"},
}


def modules() -> dict[str, Path]:
    packages = (file for package in ("ingest", "qa", "eval") for file in (ROOT / package).rglob("*.py"))
    files = [ROOT / "app.py", *packages]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}


def imports(node: ast.AST) -> set[str]:
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Import):
            found |= {alias.name for alias in one.names}
        elif isinstance(one, ast.ImportFrom) and one.module:
            found |= {one.module, *(f"{one.module}.{alias.name}" for alias in one.names)}
    return found


TREES = {name: ast.parse(file.read_text("utf-8")) for name, file in modules().items()}


def test_packages_import_downwards_only() -> None:
    own = set(PACKAGES)
    wrong = [
        f"{name} imports {target}"
        for name, tree in TREES.items()
        for target in imports(tree)
        if target.split(".")[0] in own - PACKAGES[name.split(".")[0]]
    ]
    assert wrong == []


def test_no_import_cycle() -> None:
    graph = {name: {target for target in imports(tree) if target in TREES} - {name} for name, tree in TREES.items()}
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_each_heavy_library_has_one_home() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, tree in TREES.items()
        for target in imports(tree)
        if name not in HOMES.get(target.split(".")[0], {name})
    ]
    assert wrong == []


def test_own_modules_are_imported_at_the_top() -> None:
    wrong = [
        f"{name}.{function.name} imports {target}"
        for name, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for target in imports(function)
        if target.split(".")[0] in PACKAGES
    ]
    assert wrong == []
