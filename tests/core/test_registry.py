"""Registries of methods: names, functions and documents agree."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from regional_atlas.config.index import IndexConfig
from regional_atlas.config.index import methods as registered
from regional_atlas.core.registry import Method, Registry
from regional_atlas.core.texts import Text

REGISTRIES = [value for value in vars(registered).values() if isinstance(value, Registry)]


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.kind)
def test_every_method_says_what_it_is(registry: Registry) -> None:
    for name, method in registry.items():
        assert method.name == name
        assert method.formula
        if isinstance(method.title, Text):
            assert {"en", "zh", "fr"} <= set(method.title)


def test_a_method_needs_a_function_and_a_function_an_entry() -> None:
    registry = Registry("mean", [Method("plain", Text("mean"), "x")])
    assert list(registry.bound({"plain": len})) == ["plain"]
    with pytest.raises(LookupError, match="mean: not in both, plain"):
        registry.bound({})
    with pytest.raises(LookupError, match="mean: not in both, other"):
        registry.bound({"plain": len, "other": len})


def test_a_wrong_name_is_told_the_right_ones() -> None:
    adapter = TypeAdapter(Annotated[str, registered.NORMALISATIONS])
    with pytest.raises(
        ValidationError, match="unknown normalisation 'minmax'; did you mean 'min_m"
    ):
        adapter.validate_python("minmax")
    for wrong in (1, None, ["min_max"]):
        with pytest.raises(ValidationError, match="unknown normalisation"):
            adapter.validate_python(wrong)
    assert adapter.dump_python(adapter.validate_python("z_score")) == "z_score"
    assert "enum" in adapter.json_schema()


def test_index_files_name_registered_methods() -> None:
    nodes = [{"code": "a", "title": "A"}]
    with pytest.raises(ValidationError, match=r"unknown aggregation 'mean'; .*allowed: arithmetic"):
        IndexConfig.model_validate(
            {"id": "x", "title": "X", "nodes": nodes, "aggregate": {"method": "mean"}}
        )
