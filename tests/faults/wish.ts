import type { Random } from "#tests/fuzz/random.ts";

/** A job that a client is to order, and how. */
export type Wish = {
  key: string;
  preset: "tiny" | "hls_tiny";
  storage: "local" | "s3";
  /** Where the output goes. */
  path: string;
  source: "short.mp4" | "long.mp4" | "missing.mp4";
  isCancelled: boolean;
  /** Whether it is posted twice at once, through both control planes. */
  isDoubled: boolean;
  /** Which control plane it asks first. */
  startsAtSecond: boolean;
};

export function wishOf(n: number, random: Random, isDoubled: boolean): Wish {
  const preset = random.pick(["tiny", "hls_tiny"] as const);
  const folder = `films/${n}/`;
  return {
    key: `order-${n}-of-${crypto.randomUUID()}`,
    preset,
    storage: random.pick(["local", "s3"] as const),
    path: preset === "tiny" ? `${folder}film.mp4` : folder,
    source: random.chance(0.05) ? "missing.mp4" : random.pick(["short.mp4", "short.mp4", "long.mp4"] as const),
    isCancelled: random.chance(0.1),
    isDoubled,
    startsAtSecond: random.chance(0.5),
  };
}
