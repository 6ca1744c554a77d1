import { useMemo } from "preact/hooks";
import { sameFilter } from "../state/state.ts";
import { filterChoices, filterTitle } from "../state/filter.ts";
import { useApp, useWords } from "./context.ts";
import { CloseIcon, FilterIcon } from "./icons.tsx";
import { useMenu } from "./menu.ts";
import { MoreFilters } from "./more-filters.tsx";

/** Filters as chips over the map, and the menu that adds them. */
export function Filters() {
  const app = useApp();
  const { w } = useWords();
  const { atlas, state } = app;
  return (
    <div class="ra-filters">
      <FilterMenu />
      {state.filters.map((filter) => {
        const title = filterTitle(atlas, filter, state.lang);
        return (
          <button
            key={`${filter.scope}:${filter.value}`}
            type="button"
            class="ra-chip"
            aria-label={`${w("removeFilter")}: ${title ?? ""}`}
            onClick={() => app.store.dispatch({ type: "unfilter", filter })}
          >
            {title}
            <CloseIcon />
          </button>
        );
      })}
      {state.filters.length > 1 && (
        <button type="button" class="ra-chip" onClick={() => app.store.dispatch({ type: "unfilter", filter: null })}>
          {w("clearFilters")}
        </button>
      )}
    </div>
  );
}

/** The ranking whose tiers can be filtered by: the plate's, else the first that has tiers. */
function tieredRanking(app: ReturnType<typeof useApp>): string | null {
  const own = app.view?.ranking;
  if (own && own.tiers.length > 0) return own.id;
  return app.atlas.spec.rankings.find((ranking) => ranking.tiers.length > 0)?.id ?? null;
}

function FilterMenu() {
  const app = useApp();
  const { w } = useWords();
  const { open, setOpen, box, onKeyDown } = useMenu();
  const { atlas, state } = app;
  const { filters, lang } = state;
  const ranking = tieredRanking(app);
  const choices = useMemo(() => (open ? filterChoices(atlas, filters, ranking, lang, { tier: w("tier"), type: w("unitType") }) : []), [open, atlas, filters, ranking, lang]);

  return (
    <div ref={box} class="ra-filter-menu" onKeyDown={onKeyDown}>
      <button type="button" class="ra-chip ra-chip-main" aria-expanded={open} onClick={() => setOpen(!open)}>
        <FilterIcon />
        {w("filter")}
      </button>
      {open && (
        <div class="ra-popover">
          {choices.map((group) => (
            <label key={group.scope} class="ra-field">
              <span>{group.title}</span>
              <select
                value=""
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  event.currentTarget.value = "";
                  if (value) app.store.dispatch({ type: "filter", filter: { scope: group.scope, value } });
                }}
              >
                <option value="">–</option>
                {group.options.map((option) => (
                  <option
                    key={option.value}
                    value={option.value}
                    disabled={state.filters.some((filter) => sameFilter(filter, { scope: group.scope, value: option.value }))}
                  >
                    {option.title}
                  </option>
                ))}
              </select>
            </label>
          ))}
          <MoreFilters onDraw={() => setOpen(false)} />
        </div>
      )}
    </div>
  );
}
