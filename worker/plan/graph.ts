/** A chain of filters that makes one output's picture from the source's. */
export type Chain = (from: string, to: string) => string;

/** A chain that needs no branches. */
export const straight =
  (filters: readonly string[]): Chain =>
  (from, to) =>
    `[${from}]${filters.join(",")}[${to}]`;

/** The decoded video that a graph begins with. */
export type GraphSource = {
  /** Chains that come before all others. */
  chains: readonly string[];
  /** The labels of its pictures. */
  from: readonly string[];
  /** The filters that make one video of what these labels name. */
  filters: readonly string[];
};

/** One stream of the first input, or of so many inputs, which are pieces of one video. */
export const streamOf = (index: number, pieces = 1): GraphSource => ({
  chains: [],
  from: Array.from({ length: pieces }, (_, at) => `${at}:${index}`),
  filters: pieces > 1 ? [`concat=n=${pieces}`] : [],
});

/** The `-filter_complex` of these chains over one decoded video; the made pictures are `v0`, `v1` and so on. */
export function graphOf(source: GraphSource, before: readonly string[], chains: readonly Chain[]): string[] {
  if (chains.length === 0) return [];
  const inputs = chains.map((_, at) => `s${at}`);
  const split = [...source.filters, ...before, `split=${chains.length}`].join(",");
  const parts = chains.map((chain, at) => chain(`s${at}`, `v${at}`));
  const whole = `[${source.from.join("][")}]${split}[${inputs.join("][")}]`;
  return ["-filter_complex", [...source.chains, whole, ...parts].join(";")];
}
