"""Writes what follows from the page format and the catalogues: types, kinds, words, reference.

python docs/make_format.py          write them
python docs/make_format.py --check  exit with 1 where one is not what the code says
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from regional_atlas.config.plates import PlateConfig
from regional_atlas.core.catalogues import ENGLISH, message_ids
from regional_atlas.page import format as page_format
from regional_atlas.page.words import PREFIX

ROOT = Path(__file__).resolve().parent.parent
TYPES = ROOT / "src/regional_atlas/page/web/src/format.ts"
WORDS = ROOT / "src/regional_atlas/page/web/src/text/words.ts"
KINDS = ROOT / "src/regional_atlas/page/web/src/plates/index.ts"
READY = ROOT / "src/regional_atlas/page/plates/_ready.py"
REFERENCE = ROOT / "docs/reference/page-format.md"
LISTING = re.compile(r"(<!-- from (\w+) to (\w+) -->\n```ts\n).*?(\n```)", re.DOTALL)

PLATES = "regional_atlas.page.plates"
WIDTH = 100
WORDS_LEAD = "/** Messages of the catalogues that the page writes. Written by `make format`. */"
LEAD = "/** Written by `make format` from src/regional_atlas/page/format.py; change that. */"


def typescript(schema: dict[str, Any]) -> dict[str, str]:
    """Write the definitions of a JSON Schema as TypeScript, in the order of the module."""
    named = schema["$defs"]
    order = [name for name in vars(page_format) if name in named]
    assert sorted(order) == sorted(named)
    return {name: "\n".join(_definition(name, named)) for name in order}


def words() -> str:
    """Write the ids of the page's messages as a TypeScript union: those that English has."""
    ids = [name for name in message_ids(ENGLISH) if name.startswith(PREFIX)]
    union = "\n".join(f'  | "{name.removeprefix(PREFIX)}"' for name in ids)
    return f"{WORDS_LEAD}\nexport type Word =\n{union};\n"


def registry(schema: dict[str, Any]) -> str:
    """Write the registry of the script's kinds of plate; without one's module it fails."""
    kinds = sorted(schema["$defs"]["Plate"]["discriminator"]["mapping"])
    lines = [
        "/** Written by `make format`: every kind of plate, by its name in atlas.toml. */",
        'import type { Kinds } from "../state/plate.ts";',
        *(f'import {{ {kind} }} from "./{kind}.tsx";' for kind in kinds),
        "",
        f"export const KINDS: Kinds = {{ {', '.join(kinds)} }};",
    ]
    return "\n".join(lines) + "\n"


def ready() -> str:
    """Write the registry of the build's kinds of plate; without one's module it fails."""
    union, _ = get_args(PlateConfig)
    models = {
        get_args(model.model_fields["kind"].annotation)[0]: model.__name__
        for model in get_args(union)
    }
    cases = [
        line
        for kind, model in models.items()
        for line in (
            f"        case declared.{model}():",
            f"            return {kind.upper()}.of(config)",
        )
    ]
    lines = [
        '"""Every kind of plate, by what atlas.toml declares. Written by `make format`."""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import assert_never",
        "",
        "from regional_atlas.config import plates as declared",
        "from regional_atlas.page.format import Plate",
        "from regional_atlas.page.plates._kind import Ready",
        *(f"from {PLATES}.{kind} import KIND as {kind.upper()}" for kind in sorted(models)),
        "",
        '__all__ = ["ready"]',
        "",
        "",
        "def ready(config: declared.PlateConfig) -> Ready[Plate]:",
        '    """Hand a plate that is declared to the module of its kind."""',
        "    match config:",
        *cases,
        "        case _:",
        "            assert_never(config)",
    ]
    return "\n".join(lines) + "\n"


def listing(types: dict[str, str], first: str, last: str) -> str:
    """Join a run of the definitions as the reference shows them."""
    order = list(types)
    run = order[order.index(first) : order.index(last) + 1]
    return "\n\n".join(types[name] for name in run).replace("export ", "").replace("readonly ", "")


def _definition(name: str, named: dict[str, Any]) -> Iterator[str]:
    found = named[name]
    yield from _comment(found, "")
    if "properties" not in found:
        yield f"export type {name} = {_type(found)};"
        return
    bases = getattr(getattr(page_format, name), "__bases__", [object])
    base = bases[0].__name__
    inherited = named.get(base, {}).get("properties", {})
    yield f"export interface {name}{f' extends {base}' if inherited else ''} {{"
    assert set(found["required"]) == set(found["properties"]), f"{name} has optional keys"
    for key, value in found["properties"].items():
        if key not in inherited:
            yield from _comment(value, "  ")
            yield f"  readonly {key}: {_type(value)};"
    yield "}"


def _comment(found: dict[str, Any], indent: str) -> Iterator[str]:
    text = " ".join(found.get("description", "").split())
    if len(indent) + len(text) + 7 <= WIDTH:
        yield from [f"{indent}/** {text} */"] if text else []
        return
    yield f"{indent}/**"
    yield from (f"{indent} * {line}" for line in textwrap.wrap(text, WIDTH - len(indent) - 3))
    yield f"{indent} */"


def _type(found: dict[str, Any]) -> str:
    if "$ref" in found:
        return str(found["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "oneOf"):
        if several in found:
            return " | ".join(_type(part) for part in found[several])
    if "const" in found:
        return _literal(found["const"])
    if "enum" in found:
        return " | ".join(_literal(value) for value in found["enum"])
    if "prefixItems" in found:
        return f"readonly [{', '.join(_type(part) for part in found['prefixItems'])}]"
    if found["type"] == "array":
        items = _type(found["items"])
        return f"readonly ({items})[]" if "|" in items or " " in items else f"readonly {items}[]"
    if found["type"] == "object":
        return f"Readonly<Record<string, {_type(found['additionalProperties'])}>>"
    return str({"integer": "number"}.get(found["type"], found["type"]))


def _literal(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def main() -> int:
    """Write or check the files."""
    schema = page_format.schema()
    types = typescript(schema)
    kinds = registry(schema)
    listed = LISTING.sub(
        lambda found: found[1] + listing(types, found[2], found[3]) + found[4],
        REFERENCE.read_text("utf-8"),
    )
    module = "\n\n".join([LEAD, *types.values()]) + "\n"
    stale = []
    made = (
        (TYPES, module), (KINDS, kinds), (READY, ready()), (WORDS, words()), (REFERENCE, listed),
    )  # fmt: skip
    for path, text in made:
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
    if stale:
        print(f"out of date, run `make format`: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
