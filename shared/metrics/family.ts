type Described = { help: string; labels: readonly string[] };

/** What is measured; its name says the unit as Prometheus has it: `_seconds`, `_bytes`, `_total`. */
export type Definition =
  | (Described & { type: "counter" | "gauge" })
  | (Described & { type: "histogram"; buckets: readonly number[] });

type Labels = Readonly<Record<string, string>>;
/** Of a histogram, `below` counts the values of each bucket and none of those before it. */
type Series = { labels: string; sum: number; count: number; below: number[] };

/** What comes with yet other labels is counted together, as `other`: nobody can fill the memory by making up labels. */
const mostSeries = 500;

/** One metric with all its labels. */
export function makeFamily(name: string, definition: Definition) {
  const buckets = definition.type === "histogram" ? definition.buckets : [];
  const all = new Map<string, Series>();

  const textOf = (value: (label: string) => string) =>
    definition.labels.map((label) => `${label}="${escaped(value(label))}"`).join();
  const seriesOf = (labels: Labels): Series => {
    const asked = textOf((label) => labels[label] ?? "");
    const text = all.has(asked) || all.size < mostSeries ? asked : textOf(() => "other");
    const series = all.get(text) ?? { labels: text, sum: 0, count: 0, below: buckets.map(() => 0) };
    all.set(text, series);
    return series;
  };
  // What has no labels is there from the beginning, so that its first increase is one.
  if (definition.labels.length === 0) seriesOf({});

  return {
    add(labels: Labels, value: number) {
      const series = seriesOf(labels);
      series.sum += value;
      series.count += 1;
      const bucket = buckets.findIndex((most) => value <= most);
      if (bucket >= 0) series.below[bucket] = (series.below[bucket] ?? 0) + 1;
    },
    clear: () => all.clear(),
    lines: () => [
      `# HELP ${name} ${definition.help}`,
      `# TYPE ${name} ${definition.type}`,
      ...[...all.values()].flatMap((series) =>
        definition.type === "histogram" ? histogram(name, buckets, series) : line(name, series.labels, series.sum),
      ),
    ],
  };
}

function histogram(name: string, buckets: readonly number[], { labels, sum, count, below }: Series): string[] {
  let counted = 0;
  const bucketLine = (most: string, value: number) =>
    line(`${name}_bucket`, `${labels}${labels && ","}le="${most}"`, value);
  return [
    ...buckets.map((most, index) => {
      counted += below[index] ?? 0;
      return bucketLine(String(most), counted);
    }),
    bucketLine("+Inf", count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ];
}

const line = (name: string, labels: string, value: number) => `${name}${labels && `{${labels}}`} ${value}`;

const escaped = (value: string) => value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
