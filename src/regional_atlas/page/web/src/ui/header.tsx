import { type Language } from "../format.ts";
import { languages, type Lang } from "../text/offered.ts";
import { useApp, useShared, useSignal, useWords } from "./context.ts";
import { ExportMenu } from "./export-menu.tsx";
import { HelpIcon, ListIcon, MoonIcon, PrintIcon, SunIcon } from "./icons.tsx";
import { printPage } from "./printed.tsx";
import { SearchBox } from "./search-box.tsx";

export function Header({ onPlates, onHelp }: { onPlates: () => void; onHelp: () => void }) {
  const app = useApp();
  const { map } = useShared();
  const { w, t } = useWords();
  const dark = useSignal(app.night);
  return (
    <header class="ra-header">
      <button type="button" class="ra-button ra-plates-button" aria-label={w("plates")} onClick={onPlates}>
        <ListIcon />
      </button>
      <h1 class="ra-title">{t(app.atlas.spec.title)}</h1>
      <SearchBox />
      <div class="ra-tools">
        <LanguageSwitch />
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
        <button type="button" class="ra-button ra-wide-only" aria-label={w("print")} title={w("print")} onClick={() => void printPage(app, map)}>
          <PrintIcon />
        </button>
        <button type="button" class="ra-button ra-wide-only" aria-label={w("help")} title={`${w("help")} ?`} onClick={onHelp}>
          <HelpIcon />
        </button>
      </div>
    </header>
  );
}

/** One button where there is one other language, a list where there are more. */
function LanguageSwitch() {
  const app = useApp();
  const { w, lang } = useWords();
  const all = languages();
  const choose = (tag: Lang) => app.store.dispatch({ type: "lang", lang: tag });
  if (all.length < 2) return null;
  if (all.length === 2) {
    const other = all.find(({ tag }) => tag !== lang)!;
    return (
      <button type="button" class="ra-button ra-lang" lang={other.tag} title={other.name} onClick={() => choose(other.tag)}>
        {mark(other)}
      </button>
    );
  }
  return (
    <span class="ra-button ra-lang">
      <span aria-hidden="true">{mark(all.find(({ tag }) => tag === lang)!)}</span>
      <select aria-label={w("language")} title={w("language")} value={lang} onChange={(event) => choose(event.currentTarget.value)}>
        {all.map(({ tag, name }) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

/** EN, FR, AR, 中: a language in the space of a button. */
const mark = ({ tag, name }: Language): string => (/^\p{Script=Han}/u.test(name) ? name[0] : tag.split("-")[0].toUpperCase());
