import { expect, test } from "bun:test";
import { demandIn } from "#controlplane/queue/demand.ts";

const summary = {
  waiting: [
    { tenant: "acme", priority: "high" as const, count: 2 },
    { tenant: "acme", priority: "low" as const, count: 5 },
    { tenant: "other", priority: "normal" as const, count: 4 },
  ],
  running: [{ tenant: "acme", count: 1 }],
  ...{ oldest: undefined, ending: 3 },
};

test.each([
  ["all that waits, where nothing bounds a tenant", {}, 11],
  ["what is left of the most that a tenant may have running, over its classes", { acme: { maxRunning: 4 } }, 3 + 4],
  ["nothing of a tenant that has as many as it may", { acme: { maxRunning: 1 } }, 4],
  ["nothing, not less, of a tenant that has more than it may by now", { acme: { maxRunning: 0 } }, 4],
  ["no more than waits", { acme: { maxRunning: 100 }, other: { maxRunning: 4 } }, 11],
  ["the bound of a tenant that has nothing running", { other: { maxRunning: 1 } }, 7 + 1],
])("wanted is %s", (_, bounds: Record<string, { maxRunning: number }>, expected) => {
  const shares = Object.fromEntries(Object.entries(bounds).map(([name, bound]) => [name, { weight: 1, ...bound }]));
  expect(demandIn(summary, shares)).toBe(expected);
});

test("an empty room wants nothing", () => {
  expect(demandIn({ waiting: [], running: [], oldest: undefined, ending: 0 }, {})).toBe(0);
});
