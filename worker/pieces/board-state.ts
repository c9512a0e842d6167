/** What there is of the pieces of a board, by their numbers from 0. */
export type BoardState = {
  /** Those whose input is there. */
  inputs: ReadonlySet<number>;
  /** The highest claim of each that was claimed, from 1. */
  claims: ReadonlyMap<number, number>;
  /** Those that somebody says are finished. */
  done: ReadonlySet<number>;
  /** Whether nothing is wanted any more. */
  isEnded: boolean;
};

// A board of so many pieces and attempts does not come about by itself.
const mostKeys = 50_000;

/** Reads the state of a board off the keys in its folder. Names that it does not know are left out. */
export async function stateOf(keys: AsyncIterable<string>, folder: string): Promise<BoardState> {
  const state = {
    inputs: new Set<number>(),
    claims: new Map<number, number>(),
    done: new Set<number>(),
    isEnded: false,
  };
  let seen = 0;
  for await (const key of keys) {
    seen += 1;
    if (seen > mostKeys) break;
    note(state, key.slice(folder.length));
  }
  return state;
}

type Collected = { inputs: Set<number>; claims: Map<number, number>; done: Set<number>; isEnded: boolean };

function note(state: Collected, name: string) {
  if (name === "ended.json") state.isEnded = true;
  const [, digits, what = ""] = /^(\d{1,5})\.(input|done\.json|\d{1,3}\.json)$/.exec(name) ?? [];
  if (digits === undefined) return;
  const piece = Number(digits);
  if (what === "input") state.inputs.add(piece);
  else if (what === "done.json") state.done.add(piece);
  else state.claims.set(piece, Math.max(state.claims.get(piece) ?? 0, Number.parseInt(what, 10)));
}
