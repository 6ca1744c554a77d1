"""Recipes: the steps of an index with their arguments, to rebuild, vary and compare a result."""

from __future__ import annotations

from typing import Any, Literal

from regional_atlas.config.index import ComparisonConfig, IndexConfig, NodeConfig
from regional_atlas.config.index.steps import STEPS
from regional_atlas.core.errors import InputError
from regional_atlas.core.model import Model

__all__ = ["Recipe", "Step", "recipe_of"]


class Step(Model):
    """A verb, the table it reads, the table it writes, and its arguments.

    Examples
    --------
    >>> spec = IndexConfig.model_validate(
    ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}]})
    >>> [(step.verb, step.reads, step.writes) for step in recipe_of(spec).steps][:2]
    [('screen', 'raw', 'screened'), ('denominate', 'screened', 'denominated')]
    """

    verb: Literal[
        "screen",
        "denominate",
        "impute",
        "treat",
        "normalise",
        "weight",
        "aggregate",
        "rank",
        "tiers",
    ]
    reads: str
    writes: str
    arguments: dict[str, Any]


class Recipe(Model):
    """Everything that a result follows from, besides the data.

    Examples
    --------
    >>> spec = IndexConfig.model_validate(
    ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}]})
    >>> recipe = recipe_of(spec)
    >>> Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    True
    """

    id: str
    nodes: list[NodeConfig]
    comparisons: list[ComparisonConfig]
    steps: list[Step]

    def __repr__(self) -> str:
        """Name the index and its steps."""
        return f"<Recipe of {self.id!r}: {', '.join(step.verb for step in self.steps)}>"

    def config(self, verb: str) -> Any:
        """Return the checked arguments of a step, its defaults where the recipe has no such step.

        Examples
        --------
        >>> spec = IndexConfig.model_validate(
        ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}]})
        >>> recipe_of(spec).config("normalise").method
        'percentile_rank'
        """
        for step in self.steps:
            if step.verb == verb:
                return STEPS[verb].model_validate(step.arguments)
        return STEPS[verb]()

    def edit(self, verb: str, **changes: Any) -> Recipe:
        """Return a recipe in which a step has other arguments: a what-if.

        Parameters
        ----------
        verb : str
            A step of the recipe.
        **changes
            Arguments by name, as in the index file.

        Returns
        -------
        Recipe

        Raises
        ------
        InputError
            When there is no such step or argument, or a value is not allowed.

        Examples
        --------
        >>> spec = IndexConfig.model_validate(
        ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}]})
        >>> recipe_of(spec).edit("normalise", method="z_score").config("normalise").method
        'z_score'
        """
        if verb not in {step.verb for step in self.steps} & set(STEPS):
            allowed = ", ".join(step.verb for step in self.steps if step.verb in STEPS)
            raise InputError(f"the recipe has no step {verb!r} to edit; allowed: {allowed}")
        try:
            merged = STEPS[verb].model_validate(self.config(verb).model_dump(mode="json") | changes)
        except ValueError as error:
            raise InputError(f"{verb}: {error}") from error
        steps = [
            step.model_copy(update={"arguments": merged.model_dump(mode="json")})
            if step.verb == verb
            else step
            for step in self.steps
        ]
        return self.model_copy(update={"steps": steps})


_ROUTE = [
    ("screen", "raw", "screened"),
    ("denominate", "screened", "denominated"),
    ("impute", "denominated", "imputed"),
    ("treat", "imputed", "treated"),
    ("normalise", "treated", "normalised"),
    ("weight", "normalised", "weights"),
    ("aggregate", "normalised", "nodes"),
    ("rank", "nodes", "ranked"),
    ("tiers", "ranked", "scores"),
]


def recipe_of(spec: IndexConfig) -> Recipe:
    """Write down the steps that an index file asks for.

    Examples
    --------
    >>> spec = IndexConfig.model_validate(
    ...     {"id": "demo", "title": "Demo", "nodes": [{"code": "a", "title": "A"}]})
    >>> [step.verb for step in recipe_of(spec).steps][:3]
    ['screen', 'denominate', 'impute']
    """
    steps = []
    for verb, reads, writes in _ROUTE:
        if verb == "denominate":
            arguments = {node.code: node.denominator for node in spec.nodes if node.denominator}
        else:
            arguments = getattr(spec, verb).model_dump(mode="json")
        steps.append(
            Step.model_validate(
                {"verb": verb, "reads": reads, "writes": writes, "arguments": arguments}
            )
        )
    return Recipe(id=spec.id, nodes=spec.nodes, comparisons=spec.comparisons, steps=steps)
