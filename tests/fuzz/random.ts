export type Random = ReturnType<typeof makeRandom>;

const strange = [
  "",
  " ",
  "\0",
  "..",
  "../../etc/passwd",
  "%2e%2e%2f",
  "a/b",
  "\u{1F600}",
  "\u202e",
  "é".normalize("NFD"),
  "\ud800",
  "null",
  "-1",
  "__proto__",
  "{{7*7}}",
  "' OR 1=1",
  "x".repeat(70),
  "y".repeat(5_000),
];
const numbers = [0, -0, 1, -1, 0.5, 2 ** 31, -(2 ** 31), 2 ** 53, 1e308, Number.MAX_SAFE_INTEGER];

/** Everything a fuzzer draws, from a seed: the same seed draws the same (mulberry32). */
export function makeRandom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  const pick = <T>(from: readonly T[]): T => {
    const [one] = from.slice(below(from.length));
    if (one === undefined) throw new Error("there is nothing to pick from");
    return one;
  };
  const chance = (probability: number) => next() < probability;
  const bytes = (most: number) => Uint8Array.from({ length: below(most + 1) }, () => below(256));
  const text = (): string =>
    chance(0.5)
      ? (strange[below(strange.length)] ?? "")
      : String.fromCodePoint(...Array.from({ length: below(20) }, () => below(0xd7ff)));
  const number = () => (chance(0.5) ? (numbers[below(numbers.length)] ?? 0) : below(1_000_000));
  const json = (depth = 3): unknown => {
    const leaves: (() => unknown)[] = [text, number, () => null, () => chance(0.5)];
    if (depth === 0 || chance(0.5)) return pick(leaves)();
    const items = Array.from({ length: below(4) }, () => json(depth - 1));
    return chance(0.5) ? items : Object.fromEntries(items.map((item) => [text(), item]));
  };
  /** The same with some of its bits turned, cut or doubled. */
  const mutated = (given: Uint8Array) => {
    const changed = Uint8Array.from(given);
    for (let n = below(4); n > 0 && changed.length > 0; n -= 1) changed[below(changed.length)] = below(256);
    return chance(0.3) ? changed.subarray(0, below(changed.length + 1)) : changed;
  };
  return { below, pick, chance, bytes, text, number, json, mutated };
}
