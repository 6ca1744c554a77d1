"""Files that a project keeps of what a command makes: each option may replace its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from regional_atlas.config.project import Project
from regional_atlas.core.errors import results_of
from regional_atlas.core.outputs import OutputFile, check_outputs

__all__ = ["check_own_outputs"]


def check_own_outputs(
    project: Project, outputs: Sequence[OutputFile], makes: Mapping[str, str], *, overwrite: bool
) -> None:
    """Refuse outputs as `check_outputs` does; every other file of the project is an input.

    Parameters
    ----------
    project : Project
    outputs : sequence of OutputFile
    makes : mapping of str to str
        By option, the key of `atlas.toml` whose file it may write again.
    overwrite : bool
        Whether somebody else's files may be replaced; inputs never are.

    Raises
    ------
    InputError
        With one problem for each option.
    """
    results_of(
        *(
            partial(
                check_outputs,
                [output],
                project.inputs(makes=[makes[output.name]]),
                overwrite=overwrite,
            )
            for output in outputs
        )
    )
    # One file for two options.
    check_outputs(outputs, [], overwrite=True)
