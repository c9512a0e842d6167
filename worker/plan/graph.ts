/** A chain of filters that makes one output's picture from the source's. */
export type Chain = (from: string, to: string) => string;

/** A chain that needs no branches. */
export const straight =
  (filters: readonly string[]): Chain =>
  (from, to) =>
    `[${from}]${filters.join(",")}[${to}]`;

/**
 * The `-filter_complex` of these chains over one decoded video, which may come in pieces, an input each; the made
 * pictures are `v0`, `v1` and so on.
 */
export function graphOf(videoIndex: number, before: readonly string[], chains: readonly Chain[], pieces = 1): string[] {
  if (chains.length === 0) return [];
  const inputs = chains.map((_, at) => `s${at}`);
  const source = Array.from({ length: pieces }, (_, at) => `[${at}:${videoIndex}]`).join("");
  const joined = pieces > 1 ? [`concat=n=${pieces}`] : [];
  const split = [...joined, ...before, `split=${chains.length}`].join(",");
  const parts = chains.map((chain, at) => chain(`s${at}`, `v${at}`));
  return ["-filter_complex", [`${source}${split}[${inputs.join("][")}]`, ...parts].join(";")];
}
