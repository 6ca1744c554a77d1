/** Background tiles, those that the project declares and those that a user added: only in web mercator, and only when the reader asks. */
import type { Tiles } from "../format.ts";
import { signal } from "../state/signal.ts";

/** Beyond their last zoom tiles are shown enlarged. */
const MAX_ZOOM = 20;

export class TileLayers {
  /** Whether the reader asked for tiles on this visit. */
  readonly wanted = signal(false);
  private readonly held = signal<readonly L.Layer[]>([]);
  private key: string | null;
  private own: L.TileLayer | null = null;
  private shown = false;
  private readonly add: (layer: L.Layer) => L.Map;

  constructor(
    private readonly map: L.Map,
    readonly declared: Tiles | null,
  ) {
    this.key = declared?.key ?? null;
    this.add = map.addLayer.bind(map);
    // Tiles fit web mercator alone, and ask their host as soon as they are on the map.
    map.addLayer = (layer: L.Layer) => {
      if (!(layer instanceof L.GridLayer)) return this.add(layer);
      if (!this.held.value.includes(layer)) this.held.value = [...this.held.value, layer];
      return this.shown ? this.add(layer) : map;
    };
  }

  get any(): boolean {
    return this.declared !== null || this.held.value.length > 0;
  }

  /** Whom the tiles that a user added are by: Folium writes it as markup, of which the words are kept. */
  get credits(): string[] {
    const texts = this.held.value.map((layer) => layer.getAttribution?.() ?? "");
    return texts.map((text) => new DOMParser().parseFromString(text, "text/html").body.textContent.trim()).filter(Boolean);
  }

  get needsKey(): boolean {
    return this.declared !== null && this.declared.url.includes("{key}") && !this.key;
  }

  /** The reader asks for tiles; a key stays in the page for as long as it is open. */
  ask(key: string | null): void {
    if (key) this.key = key;
    this.wanted.value = true;
  }

  show(mercator: boolean): void {
    const shown = mercator && this.wanted.value;
    if (shown === this.shown) return;
    this.shown = shown;
    if (!shown) for (const layer of this.all()) this.map.removeLayer(layer);
    else for (const layer of this.all()) this.add(layer);
  }

  private all(): readonly L.Layer[] {
    if (this.declared && !this.own) {
      const { url, subdomains, max_zoom: last } = this.declared;
      const options = { subdomains: [...subdomains], maxNativeZoom: last, maxZoom: MAX_ZOOM, key: encodeURIComponent(this.key ?? "") };
      this.own = L.tileLayer(url, options);
    }
    return this.own ? [this.own, ...this.held.value] : this.held.value;
  }
}
