/** Colours that the page computes or adds itself. */

/** Okabe–Ito, with wine in place of black, which text and lines use. */
export const CATEGORIES = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#882255"];

type Rgb = [number, number, number];

function parse(hex: string): Rgb {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

/** `share` of `over` laid on `base`. */
export function mix(base: string, over: string, share: number): string {
  const [a, b] = [parse(base), parse(over)];
  const part = (i: number) =>
    Math.round(a[i] + (b[i] - a[i]) * share)
      .toString(16)
      .padStart(2, "0");
  return `#${part(0)}${part(1)}${part(2)}`;
}
