/** Keeps the last answer for as long as the arguments stay the same: for what several maps of one size share. */
export function remember<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null;
  return (...args) => {
    if (!last || args.some((arg, i) => arg !== last!.args[i])) last = { args, result: work(...args) };
    return last.result;
  };
}
