import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import { anOrder, jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";

const withKey = { "Idempotency-Key": "key" };

test("workers that know nothing of keys are not asked, and if there are no others the header is refused", async () => {
  await using worker = await startFakeWorker({ foreign: true });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const refused = await service.post(anOrder, withKey);
  expect(refused.status).toBe(400);
  expect(await jsonOf(refused)).toMatchObject({ kind: "invalid", errors: [{ field: "Idempotency-Key" }] });
  expect(worker.requests).toEqual([]);
  expect((await service.post(anOrder)).status).toBe(202);
});

test("an order with a key whose fate stays unknown may be sent again: 503 with Retry-After", async () => {
  const onSubmit = () => {
    throw new Fault("unreachable", "the connection broke");
  };
  await using worker = await startFakeWorker({ capabilities: ["idempotency"], onSubmit });
  await using service = await startTestControlPlane({ workers: [worker.address], config: { startupTimeoutMs: 300 } });
  const answer = await service.post(anOrder, withKey);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(await jsonOf(answer)).toMatchObject({ kind: "unreachable", job_id: worker.requests[0]?.jobId });
});

test("a header that holds no key is refused before any worker is asked", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const refused = await service.post(anOrder, { "Idempotency-Key": "two words" });
  expect(refused.status).toBe(400);
  expect(await jsonOf(refused)).toMatchObject({ errors: [{ field: "Idempotency-Key" }] });
});
