/** Reads the blocks that the build embedded in the page; packed ones as atlas/packing.py writes them. */

/** What is read, column by column; `format.ts` says what it is then. */
type Column = (number | null)[];

/** What the head says of one column of numbers. */
interface Head {
  path: string[];
  n: number;
  pair?: 1;
  double?: 1;
  digits: number;
  decimals: number;
  /** Columns that the guess is made from; BEFORE: the value before; none: 0. */
  guess: number[];
  shifts: 0 | 1;
  width: number;
}

interface Tree {
  [key: string]: Tree | Column | Float64Array | Column[] | null;
}

/** What is printed in ASCII but " & <. */
const LETTERS = Array.from({ length: 94 }, (_, i) => i + 33).filter((code) => ![34, 38, 60].includes(code));
const BEFORE = -1;
const NEWLINE = 10;
/** Parsed, not computed: a power may be off by its last bit. */
const POWERS = Array.from({ length: 43 }, (_, i) => Number(`1e${i - 20}`));
const power = (exponent: number) => POWERS[exponent + 20];

function blockText(id: string): string {
  const element = document.getElementById(id);
  if (!element?.textContent) throw new Error(`The page has no block "${id}"; it was not saved completely.`);
  return element.textContent;
}

export function readJson(id: string): unknown {
  return JSON.parse(blockText(id));
}

/** `typed`: columns as Float64Array, which have no null. */
export async function readPacked(id: string, typed = false): Promise<unknown> {
  const stream = new Blob([bytesOf(blockText(id))]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpack(new Uint8Array(await new Response(stream).arrayBuffer()), typed);
}

/** 13 bits in two of 91 characters, lowest bit first; a last six or fewer in one. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const codes = new Uint8Array(127);
  LETTERS.forEach((letter, code) => (codes[letter] = code));
  const pairs = text.length >> 1;
  const bytes = new Uint8Array((pairs * 13 + (text.length % 2) * 6) >> 3);
  let [held, count, at] = [0, 0, 0];
  for (let i = 0; i < text.length; i += 2) {
    const single = i + 1 === text.length;
    held |= (codes[text.charCodeAt(i)] + (single ? 0 : 91 * codes[text.charCodeAt(i + 1)])) << count;
    for (count += single ? 6 : 13; count >= 8; count -= 8, held >>>= 8) bytes[at++] = held & 255;
  }
  return bytes;
}

/** The data of a block, its columns put back where they belong; a column is worked out when it is first read. */
export function unpack(bytes: Uint8Array, typed = false): unknown {
  let at = bytes.indexOf(NEWLINE);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, at))) as { data: Tree; columns: Head[] };
  at += 1;
  const parts = head.columns.map((column) => bytes.subarray(at, (at += sizeOf(column))));
  const known: Float64Array[] = [];
  const values = (i: number): Float64Array => (known[i] ??= head.columns[i].double ? doubles(parts[i], head.columns[i].n) : decimals(head.columns[i], parts[i], values));
  head.columns.forEach((column, i) => put(head.data, column, () => (typed ? values(i) : plain(values(i)))));
  return head.data;
}

const sizeOf = ({ n, double, shifts, width }: Head): number => n * (double ? 8 : shifts + width);

function plain(values: Float64Array): Column {
  const column: Column = [];
  // Array.from takes several times as long.
  for (let i = 0; i < values.length; i++) column.push(Number.isNaN(values[i]) ? null : values[i]);
  return column;
}

function doubles(planes: Uint8Array, n: number): Float64Array {
  const bytes = new Uint8Array(8 * n);
  for (let plane = 0; plane < 8; plane++) for (let i = 0; i < n; i++) bytes[8 * i + plane] = planes[plane * n + i];
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: n }, (_, i) => view.getFloat64(8 * i, true));
}

function decimals(column: Head, part: Uint8Array, known: (i: number) => Float64Array): Float64Array {
  const { n, guess, width } = column;
  const shifts = column.shifts ? new Int8Array(part.subarray(0, n)) : null;
  const steps = part.subarray(shifts ? n : 0);
  // The geometry's long columns among them, which the opening waits for: a third of the time.
  if (column.decimals === 0 && width <= 3 && guess.every((at) => at === BEFORE)) return wholes(steps, n, width, guess.length > 0);
  const [base, up, down] = guess.map((at) => (at === BEFORE ? null : known(at)));
  const [none, whole] = [guess.length === 0, column.decimals === 0];
  const values = new Float64Array(n).fill(NaN);
  let last = 0;
  for (let i = 0; i < n; i++) {
    const step = stepAt(steps, n, width, i);
    if (step === 0) continue;
    const half = Math.floor(step / 2);
    const away = step === 2 * half ? -half : half;
    let guessed = none ? 0 : base ? base[i] : last;
    if (up && down) guessed *= up[i] / down[i];
    if (!Number.isFinite(guessed)) guessed = 0;
    if (whole) last = Math.floor(guessed + 0.5) + away;
    else {
      const scale = power(placesOf(guessed, column) + (shifts ? shifts[i] : 0));
      last = (Math.floor(guessed * scale + 0.5) + away) / scale;
    }
    values[i] = last;
  }
  return values;
}

/** A step's bytes stand in planes: the lowest of all values, then the next of all. */
function stepAt(planes: Uint8Array, n: number, width: number, i: number): number {
  let step = 0;
  for (let at = i + n * (width - 1); at >= 0; at -= n) step = step * 256 + planes[at];
  return step;
}

/** Whole numbers by their difference from the one before, or from 0. */
function wholes(planes: Uint8Array, n: number, width: number, added: boolean): Float64Array {
  const values = new Float64Array(n);
  let last = 0;
  for (let i = 0; i < n; i++) {
    let step = width > 0 ? planes[i] : 0;
    if (width > 1) step |= planes[i + n] << 8;
    if (width > 2) step |= planes[i + 2 * n] << 16;
    const away = step & 1 ? step >> 1 : -(step >> 1);
    last = added ? last + away : away;
    values[i] = step === 0 ? NaN : last;
  }
  return values;
}

/** The decimals that a value of this size has in a column: fewer for large ones. */
function placesOf(value: number, { digits, decimals: most }: Head): number {
  let places = most;
  while (places > 0 && Math.abs(value) >= power(digits - places)) places -= 1;
  return places;
}

function put(data: Tree, { path, pair }: Head, read: () => Column | Float64Array): void {
  let place = data;
  for (const key of path.slice(0, -1)) place = place[key] as Tree;
  const key = path[path.length - 1];
  if (!pair) {
    whenRead(place, key, read);
    return;
  }
  const first = place[key] as Column[] | null;
  const values = read();
  if (!first) place[key] = Array.from(values, (value) => [value]);
  else first.forEach((item, i) => item.push(values[i]));
}

/** A property that is worked out when it is first read, and then stays. */
export function whenRead<T>(place: Record<string, T>, key: string, read: () => T): void {
  const settle = (value: T) => Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
  Object.defineProperty(place, key, {
    get: () => {
      const value = read();
      settle(value);
      return value;
    },
    set: settle,
    enumerable: true,
    configurable: true,
  });
}
