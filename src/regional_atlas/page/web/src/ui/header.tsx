import { useApp, useSignal, useWords } from "./context.ts";
import { ExportMenu } from "./export-menu.tsx";
import { HelpIcon, ListIcon, MoonIcon, PrintIcon, SunIcon } from "./icons.tsx";
import { SearchBox } from "./search-box.tsx";

export function Header({ onPlates, onHelp }: { onPlates: () => void; onHelp: () => void }) {
  const app = useApp();
  const { w, t } = useWords();
  const dark = useSignal(app.night);
  const other = app.state.lang === "zh" ? "en" : "zh";
  return (
    <header class="ra-header">
      <button type="button" class="ra-button ra-plates-button" aria-label={w("plates")} onClick={onPlates}>
        <ListIcon />
      </button>
      <h1 class="ra-title">{t(app.atlas.spec.title)}</h1>
      <SearchBox />
      <div class="ra-tools">
        <button
          type="button"
          class="ra-button ra-lang"
          lang={other}
          title={other === "en" ? "English" : "中文"}
          onClick={() => app.store.dispatch({ type: "lang", lang: other })}
        >
          {other === "en" ? "EN" : "中"}
        </button>
        <button
          type="button"
          class="ra-button"
          aria-label={w("theme")}
          aria-pressed={dark}
          title={w("theme")}
          onClick={() => app.store.dispatch({ type: "dark", dark: !dark })}
        >
          {dark ? <SunIcon /> : <MoonIcon />}
        </button>
        <ExportMenu />
        <button type="button" class="ra-button ra-wide-only" aria-label={w("print")} title={w("print")} onClick={() => window.print()}>
          <PrintIcon />
        </button>
        <button type="button" class="ra-button ra-wide-only" aria-label={w("help")} title={`${w("help")} ?`} onClick={onHelp}>
          <HelpIcon />
        </button>
      </div>
    </header>
  );
}
