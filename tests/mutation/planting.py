"""All faults of a module planted at once, each behind a switch: a run costs one fork, not one import of the service."""

from __future__ import annotations

import ast
import copy
import importlib.abc
import importlib.machinery
import pathlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any

from tests.mutation import faults
from tests.mutation.active import ACTIVE

SWITCH = "__planted__"


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault: where it stands and what is wrong there."""

    number: int
    where: str
    line: int
    what: str
    code: str = ""

    @property
    def key(self) -> str:
        """What it is called in ``equivalent.py``: it does not move with the lines."""
        return f"{self.where}: {self.code or '-'}: {self.what}"

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.what}: {self.code}"


class Planter(ast.NodeTransformer):
    """Puts ``wrong if planted(n) else right`` in place of every expression a function evaluates."""

    def __init__(self, where: str, made: list[Fault]) -> None:
        self.where, self.made = where, made
        self.inside = 0
        self.annotation: ast.expr | None = None

    def _switch(self, right: ast.expr, wrongs: Iterable[tuple[str, ast.expr]], was: ast.expr) -> ast.expr:
        for what, wrong in wrongs:
            fault = Fault(len(self.made), self.where, was.lineno, what, " ".join(ast.unparse(was).split()))
            self.made.append(fault)
            on = ast.Call(ast.Name(SWITCH, ast.Load()), [ast.Constant(fault.number)], [])
            right = ast.IfExp(on, wrong, right)
        return right

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Only what runs when it is called; signatures and decorators stay."""
        before, self.annotation = self.annotation, node.returns
        self.inside += 1
        node.body = [self.visit(statement) for statement in node.body]
        self.inside -= 1
        self.annotation = before
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Its body runs later, wherever it stands."""
        self.inside += 1
        node.body = self.visit(node.body)
        self.inside -= 1
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """The value, not the annotation."""
        node.value = self.visit(node.value) if node.value else None
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Words are not rules."""
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """A place in a list is no figure."""
        node.value = self.visit(node.value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """What is given back may be wrong as a whole."""
        if node.value is not None and self.inside:
            was = copy.deepcopy(node.value)
            wrongs = list(faults.of_answer(was, self.annotation))
            node.value = self._switch(self.visit(node.value), wrongs, was)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """A call for its effect may be forgotten."""
        if self.inside:
            was = copy.deepcopy(node.value)
            wrongs = list(faults.of_statement(was))
            node.value = self._switch(self.visit(node.value), wrongs, was)
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Conditions, then every expression by its kind."""
        if not self.inside:
            return super().generic_visit(node)
        was = copy.deepcopy(node)
        super().generic_visit(node)
        if isinstance(node, ast.If | ast.IfExp) and isinstance(was, ast.If | ast.IfExp):
            node.test = self._switch(node.test, faults.of_test(was.test), was.test)
        return self._switch(node, faults.faults_of(was), was) if isinstance(node, ast.expr) else node


def planted(source: str, where: str, made: list[Fault]) -> ast.Module:
    """The module with its faults; they are added to ``made`` in order of their numbers."""
    tree = Planter(where, made).visit(ast.parse(source))
    return ast.fix_missing_locations(tree)


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles the planted source and keeps no bytecode of it."""

    made: list[Fault]

    def get_code(self, fullname: str) -> CodeType:
        path = pathlib.Path(self.get_filename(fullname))
        tree = planted(path.read_text(encoding="utf-8"), str(path.relative_to(pathlib.Path.cwd())), self.made)
        return compile(tree, str(path), "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        vars(module)[SWITCH] = ACTIVE
        super().exec_module(module)


class Finder(importlib.abc.MetaPathFinder):
    """Loads the target modules with their faults; everything else is left to the others."""

    def __init__(self, files: Iterable[pathlib.Path]) -> None:
        self.made: list[Fault] = []
        self.files = dict(_named(files))

    def find_spec(self, fullname: str, _path: Any, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """The spec of a target module."""
        file = self.files.get(fullname)
        if file is None:
            return None
        loader = _Loader(fullname, str(file))
        loader.made = self.made
        folders = [str(file.parent)] if file.name == "__init__.py" else None
        spec = importlib.machinery.ModuleSpec(fullname, loader, origin=str(file), is_package=folders is not None)
        spec.has_location = True
        spec.submodule_search_locations = folders
        return spec

    def install(self) -> None:
        """Before the service is imported."""
        sys.meta_path.insert(0, self)


def _named(files: Iterable[pathlib.Path]) -> Iterator[tuple[str, pathlib.Path]]:
    for file in files:
        parts = file.with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file.absolute()
