/** A rank or a count with its interval, as a thin bar on a scale from the first to the last. */
interface Props {
  low: number;
  high: number;
  at: number;
  least: number;
  most: number;
  label: string;
}

export function Interval({ low, high, at, least, most, label }: Props) {
  const share = (value: number) => (100 * (Math.min(most, Math.max(least, value)) - least)) / (most - least || 1);
  return (
    <span class="ra-interval" role="img" aria-label={label} title={label}>
      <i style={{ left: `${share(low)}%`, width: `${share(high) - share(low)}%` }} />
      <b style={{ left: `${share(at)}%` }} />
    </span>
  );
}
