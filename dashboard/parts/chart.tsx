import { useSignal } from "@preact/signals";
import { columns, dots, line, middleOf, points, roundUp, type Series } from "../shapes.ts";

export type ChartProps = {
  /** The heading. */
  title: string;
  /** The figure of the whole range. */
  figure: string;
  /** What is counted, in a few words. */
  note: string;
  /** How each part of the range is called. */
  parts: readonly string[];
  /** What stands below the beginning and the end. Default: the first and the last part. */
  ends?: readonly [string, string];
  /** What is drawn, in the order of the legend. */
  series: readonly Series[];
  shape: "columns" | "lines";
  /** The top of the scale. Default: what fits. */
  top?: number;
  /** Formats a value. Default: as it is. */
  write?: (value: number) => string;
};

/** A chart whose values are told under the cursor, and by the arrow keys once it has the focus. */
export function Chart({ title, figure, note, parts, series, shape, top = topOf(series, shape), ...props }: ChartProps) {
  const { write = String, ends = [parts[0] ?? "", parts.at(-1) ?? ""] } = props;
  const at = useSignal<number | undefined>(undefined);
  const last = parts.length - 1;
  const move = (index: number) => {
    at.value = Math.max(0, Math.min(last, index));
  };
  const key = (event: KeyboardEvent) => {
    const now = at.value ?? last;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") at.value = undefined;
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  const point = ({ clientX, currentTarget }: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    move(Math.floor(((clientX - left) / (width || 1)) * parts.length));
  };
  const leave = () => {
    at.value = undefined;
  };
  const isEmpty = series.every(({ values }) => values.every((value) => value === undefined || value === 0));
  return (
    <figure class="card chart">
      <figcaption>
        <h2>{title}</h2>
        <b>{figure}</b>
        <small>{note}</small>
      </figcaption>
      {isEmpty ? (
        <p class="nothing">Nothing in this range</p>
      ) : (
        <div class="plot">
          <span>{write(top)}</span>
          <div
            class="field"
            role="slider"
            tabIndex={0}
            aria-label={`${title}, by time`}
            aria-valuemin={0}
            aria-valuemax={last}
            aria-valuenow={at.value ?? last}
            aria-valuetext={wordsOf(parts, series, at.value ?? last, write)}
            onKeyDown={key}
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={leave}
            onFocus={() => move(at.value ?? last)}
            onBlur={leave}
          >
            <Lines series={series} shape={shape} top={top} />
            {at.value !== undefined && <Values at={at.value} parts={parts} series={series} write={write} />}
          </div>
          <p>
            <span>{ends[0]}</span>
            <span>{ends[1]}</span>
          </p>
        </div>
      )}
      {series.length > 1 && !isEmpty && (
        <ul class="legend" aria-hidden="true">
          {series.map(({ label, colour }) => (
            <li key={label} class={colour}>
              {label}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

const Lines = ({ series, shape, top }: Pick<ChartProps, "series" | "shape"> & { top: number }) => {
  const all = series.map(({ values }) => values);
  const at = all.map((values) => points(values, top));
  const paths = shape === "columns" ? columns(all, top) : at.map(line);
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
      {paths.map((path, index) => (
        <path key={series[index]?.label} class={`${shape} ${series[index]?.colour}`} d={path} />
      ))}
      {shape === "lines" &&
        at.map((points, index) => (
          <path key={series[index]?.label} class={`dots ${series[index]?.colour}`} d={dots(points)} />
        ))}
    </svg>
  );
};

type ValuesProps = Pick<ChartProps, "parts" | "series"> & { at: number; write: (value: number) => string };

const Values = ({ at, parts, series, write }: ValuesProps) => {
  const left = middleOf(at, parts.length);
  return (
    <>
      <i class="cursor" style={{ left: `${left}%` }} />
      <div class={left > 50 ? "values on-left" : "values"} style={{ left: `${left}%` }} aria-hidden="true">
        <b>{parts[at]}</b>
        {series.map(({ label, colour, values }) => (
          <span key={label} class={colour}>
            {label} <b>{valueIn(values, at, write)}</b>
          </span>
        ))}
      </div>
    </>
  );
};

const valueIn = (values: Series["values"], at: number, write: (value: number) => string) => {
  const value = values[at];
  return value === undefined ? "–" : write(value);
};

const wordsOf = (parts: readonly string[], series: readonly Series[], at: number, write: (value: number) => string) =>
  `${parts[at]}: ${series.map(({ label, values }) => `${label} ${valueIn(values, at, write)}`).join(", ")}`;

function topOf(series: readonly Series[], shape: ChartProps["shape"]) {
  const all = series.map(({ values }) => values);
  const sums = (all[0] ?? []).map((_, index) => all.reduce((sum, values) => sum + (values[index] ?? 0), 0));
  return roundUp(Math.max(0, ...(shape === "columns" ? sums : all.flatMap((values) => values.map((v) => v ?? 0)))));
}
