import { columns, dots, line, points, roundUp } from "../shapes.ts";

/** One line, column or set of dots; `colour` is the name of the job state whose colour it has. */
export type Series = { label: string; colour: string; values: readonly number[] };

export type ChartProps = {
  /** The heading. */
  title: string;
  /** What the chart shows, in words, for those who cannot see it. */
  summary: string;
  /** The times of the values in Unix milliseconds, ascending. */
  times: readonly number[];
  /** What is drawn, in the order of the legend. */
  series: readonly Series[];
  /** How the values are drawn. */
  shape: "columns" | "lines" | "dots";
  /** Formats the number at the top of the scale; default: as it is. */
  write?: (value: number) => string;
};

export const Chart = ({ title, summary, times, series, shape, write = String }: ChartProps) => (
  <figure class="card chart">
    <figcaption>
      <h2>{title}</h2>
      <p>{times.length === 0 ? "Nothing to show yet" : summary}</p>
    </figcaption>
    <div class="plot">
      <span>{times.length > 0 && write(topOf(series, shape))}</span>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
        {pathsOf(times, series, shape).map((path, index) => (
          <path key={series[index]?.label} class={`${shape} ${series[index]?.colour}`} d={path} />
        ))}
      </svg>
      <p>
        <span>{times[0] !== undefined && shortTime(times[0])}</span>
        <span>{times.length > 1 && shortTime(times.at(-1) ?? 0)}</span>
      </p>
    </div>
    <ul class="legend" aria-hidden="true">
      {series.length > 1 &&
        series.map(({ label, colour }) => (
          <li key={label} class={colour}>
            {label}
          </li>
        ))}
    </ul>
  </figure>
);

function pathsOf(times: readonly number[], series: readonly Series[], shape: ChartProps["shape"]): string[] {
  const top = topOf(series, shape);
  const all = series.map(({ values }) => values);
  if (shape === "columns") return columns(all, top);
  const draw = shape === "lines" ? line : dots;
  return all.map((values) => draw(points(times, values, top)));
}

function topOf(series: readonly Series[], shape: ChartProps["shape"]) {
  const all = series.map(({ values }) => values);
  const sums = (all[0] ?? []).map((_, index) => all.reduce((sum, values) => sum + (values[index] ?? 0), 0));
  return roundUp(Math.max(0, ...(shape === "columns" ? sums : all.flat())));
}

const shortTime = (ms: number) =>
  new Date(ms).toLocaleString(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false });
