import { expect, test } from "bun:test";
import type { Webhook } from "#shared/webhooks/pending.ts";
import { dueAtStart, isExpired, pauseMs } from "#shared/webhooks/pending.ts";

const webhook: Webhook = { id: "a-1", job: "a", sequence: 1, url: "", body: "", since: 0, attempts: 1, tried: 1_000 };
const [longest, shortest] = [() => 0, () => 1];

test("pauses double up to an hour, less a random part of up to a half", () => {
  expect([1, 2, 3, 6].map((attempts) => pauseMs(attempts, longest))).toEqual([1_000, 2_000, 4_000, 32_000]);
  expect([1, 2, 3, 6].map((attempts) => pauseMs(attempts, shortest))).toEqual([500, 1_000, 2_000, 16_000]);
  expect(pauseMs(13, longest)).toBe(3_600_000);
  expect(pauseMs(5_000, longest)).toBe(3_600_000);
});

test("a worker that starts tries what was last tried ten seconds ago, whatever pause it is in", () => {
  expect(dueAtStart({ ...webhook, attempts: 20 })).toBe(11_000);
  expect(dueAtStart(webhook)).toBeLessThanOrEqual(2_000);
});

test("a webhook is given up a day after its event", () => {
  expect(isExpired(webhook, 24 * 3_600_000)).toBe(false);
  expect(isExpired(webhook, 24 * 3_600_000 + 1)).toBe(true);
});
