import { type Definition, makeFamily } from "./family.ts";

export type Definitions = Readonly<Record<string, Definition>>;

type NamesOf<D extends Definitions, T extends Definition["type"]> = {
  [N in keyof D]: D[N]["type"] extends T ? N : never;
}[keyof D] &
  string;
type LabelsOf<D extends Definitions, N extends keyof D> = Readonly<Record<D[N]["labels"][number], string>>;

export type Metrics<D extends Definitions> = {
  /** Adds to a counter or gauge; 1 unless told otherwise. */
  add<N extends NamesOf<D, "counter" | "gauge">>(name: N, labels: LabelsOf<D, N>, by?: number): void;
  /** Counts a value in a histogram. */
  observe<N extends NamesOf<D, "histogram">>(name: N, labels: LabelsOf<D, N>, value: number): void;
  /** Sets all that a gauge has to say. */
  replace<N extends NamesOf<D, "gauge">>(name: N, entries: readonly (readonly [LabelsOf<D, N>, number])[]): void;
  /** The Prometheus text format. */
  text(): string;
};

export const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** The metrics of a process; their names begin with the prefix. */
export function makeMetrics<const D extends Definitions>(prefix: string, definitions: D): Metrics<D> {
  const families = new Map(
    Object.entries(definitions).map(([name, definition]) => [name, makeFamily(prefix + name, definition)]),
  );
  return {
    add: (name, labels, by = 1) => families.get(name)?.add(labels, by),
    observe: (name, labels, value) => families.get(name)?.add(labels, value),
    replace(name, entries) {
      families.get(name)?.clear();
      for (const [labels, value] of entries) families.get(name)?.add(labels, value);
    },
    text: () => [...families.values()].flatMap((family) => family.lines().map((line) => `${line}\n`)).join(""),
  };
}
