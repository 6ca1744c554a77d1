import { useId, useRef, useState } from "preact/hooks";
import type { Found } from "../state/search.ts";
import { useApp, useShared, useWords } from "./context.ts";
import { CloseIcon, SearchIcon } from "./icons.tsx";
import { usePressOutside } from "./menu.ts";

const LIMIT = 12;

/** Finds units and areas; a combobox after the WAI-ARIA pattern. */
export function SearchBox() {
  const app = useApp();
  const { map } = useShared();
  const { w } = useWords();
  const [query, setQuery] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const list = useId();
  const found = query ? app.search.find(query, app.state.lang, LIMIT) : [];

  usePressOutside(box, open, () => setOpen(false));

  const choose = (item: Found) => {
    if (item.kind === "unit") {
      app.select([item.unit]);
      map.goToUnits([item.unit]);
    } else {
      app.openArea(item.area);
    }
    setQuery("");
    setOpen(false);
    input.current?.blur();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length > 0) setActive((active + step + found.length) % found.length);
    } else if (event.key === "Enter" && found[active]) {
      choose(found[active]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setQuery("");
      setOpen(false);
      input.current?.blur();
    }
  };

  const expanded = open && query !== "";
  return (
    <div class="ra-search" ref={box} role="search">
      <SearchIcon />
      <input
        ref={input}
        class="ra-search-input"
        type="text"
        role="combobox"
        aria-expanded={expanded}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={expanded && found[active] ? `${list}-${active}` : undefined}
        aria-label={w("search")}
        placeholder={w("search")}
        value={query}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      {query ? (
        <button type="button" class="ra-button ra-search-clear" aria-label={w("close")} onClick={() => setQuery("")}>
          <CloseIcon />
        </button>
      ) : (
        <kbd class="ra-key ra-wide-only">/</kbd>
      )}
      {expanded && (
        <div class="ra-results">
          <ul id={list} role="listbox" aria-label={w("search")}>
            {found.map((item, i) => (
              <li
                key={item.kind === "unit" ? item.unit : `${item.area.scope}:${item.area.id}`}
                id={`${list}-${i}`}
                role="option"
                aria-selected={i === active}
                class={i === active ? "ra-result ra-active" : "ra-result"}
                onPointerEnter={() => setActive(i)}
                onClick={() => choose(item)}
              >
                <span>{item.title}</span>
                <span class="ra-quiet">{item.place}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 && (
            <p class="ra-empty">
              <strong>{w("noMatch")}</strong>
              <br />
              {w("noMatchHint")}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
