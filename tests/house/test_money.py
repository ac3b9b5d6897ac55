"""No floats near money: yen are whole numbers and rates are fractions."""

import ast

from tests.house.places import parse, python_files, shown


def _is_yen(node: ast.AST) -> bool:
    name = getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "arg", None) or ""
    return isinstance(name, str) and name.endswith("_yen")


def _handles_yen(scope: ast.AST) -> bool:
    return any(_is_yen(node) for node in ast.walk(scope))


def _scopes(tree: ast.Module) -> list[ast.AST]:
    """The functions of a module, and what stands outside of them."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    outside = ast.Module([node for node in tree.body if not isinstance(node, ast.FunctionDef)], [])
    return [outside, *functions]


def _floats(scope: ast.AST) -> set[int]:
    return {
        node.lineno
        for node in ast.walk(scope)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("float", "round")
        )
        or (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and (_handles_yen(node.left) or _handles_yen(node.right))
        )
    }


def float_lines(tree: ast.Module) -> list[int]:
    """Lines with a float literal, float(), round() or a true division, where amounts in yen are handled."""
    return sorted({line for scope in _scopes(tree) if _handles_yen(scope) for line in _floats(scope)})


def caught(code: str) -> list[int]:
    return float_lines(ast.parse(code))


def test_no_float_comes_near_money():
    found = [f"{shown(path)}:{line}" for path in python_files() for line in float_lines(parse(path))]
    assert found == []


def test_a_rate_as_a_float_is_caught():
    assert caught("def grant(cost_yen):\n    return cost_yen * 0.6667") == [2]


def test_true_division_of_an_amount_is_caught():
    assert caught("def share(row):\n    return row.cap_yen / 3") == [2]


def test_bankers_rounding_and_float_are_caught():
    assert caught("def f(total_yen):\n    a = round(total_yen)\n    return float(a)") == [2, 3]


def test_a_constant_of_a_module_is_caught():
    assert caught("LIMIT_yen = 1.5") == [1]


def test_floats_far_from_money_may_stay():
    assert (
        caught(
            "def f(score):\n    return round(score / 3, 4) * 0.5\ndef g(cap_yen):\n    return cap_yen // 3"
        )
        == []
    )
