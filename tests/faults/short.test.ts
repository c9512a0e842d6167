import { expect, test } from "bun:test";
import { kindNames } from "./kinds.ts";
import { runFaults } from "./run.ts";

const seed = 20_261_123;
const quick = kindNames.filter((kind) => kind !== "worker frozen beyond keepalive");

test(`whatever breaks, every job ends in exactly one way and nothing is left over (seed ${seed})`, async () => {
  const { complaints, jobs, struck } = await runFaults({ seed, jobs: 12, faults: 10, only: quick });
  expect(complaints).toEqual([]);
  expect(jobs).toHaveLength(12);
  expect(struck.size).toBeGreaterThan(5);
});
