import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import { jsonOf, startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";
import { sleepingFakes } from "#tests/support/sleeping-workers.ts";

const capabilities = ["plan"];
const onPlan = async () => ({ presets: [{ preset: "tiny", outputType: "single" }] });
const ask = (service: TestControlPlane) =>
  service.get("/plan", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ input_url: "http://127.0.0.1:9/source.mp4" }),
  });
const answers = { presets: [{ preset: "tiny", output_type: "single", renditions: [] }] };

test("a sleeping worker is woken for a plan", async () => {
  await using asleep = await sleepingFakes(1, () => startFakeWorker({ capabilities, onPlan }));
  await using service = await startTestControlPlane({ workers: asleep.addresses });
  const asked = ask(service);
  await eventually(() => asleep.woken().length === 1, "the machine is started");
  for (const front of asleep.fronts) front.boot();
  expect(await jsonOf(await asked)).toEqual(answers);
});

test("a full worker, a draining one and one of a former version leave a plan to the next", async () => {
  await using draining = await startFakeWorker({ capabilities, draining: true });
  await using full = await startFakeWorker({ capabilities, slots: 0 });
  await using former = await startFakeWorker();
  await using untrue = await startFakeWorker({ capabilities, foreign: true });
  await using able = await startFakeWorker({ capabilities, onPlan });
  const all = [draining, full, former, untrue];
  await using service = await startTestControlPlane({ workers: [...all, able].map(({ address }) => address) });
  expect(await jsonOf(await ask(service))).toEqual(answers);
  expect(all.flatMap(({ requests }) => requests)).toEqual([]);
});

test("what is wrong with the source is said by one worker, and no other is asked", async () => {
  const refuse = async () => {
    throw new Fault("source_failed", "the source is not a media file that can be read");
  };
  await using one = await startFakeWorker({ capabilities, onPlan: refuse });
  await using other = await startFakeWorker({ capabilities, onPlan: refuse });
  await using service = await startTestControlPlane({ workers: [one.address, other.address] });
  const answer = await ask(service);
  expect({ status: answer.status, ...(await jsonOf(answer)) }).toMatchObject({ status: 422, kind: "source_failed" });
  expect(one.requests.length + other.requests.length).toBe(1);
});

test("a source that takes its worker down is not opened by a second one", async () => {
  const workers = [0, 1].map((at) =>
    startFakeWorker({
      capabilities,
      onPlan: async () => {
        void (await workers[at])?.kill();
        return new Promise(() => {});
      },
    }),
  );
  await using stack = new AsyncDisposableStack();
  const started = (await Promise.all(workers)).map((worker) => stack.use(worker));
  await using service = await startTestControlPlane({ workers: started.map(({ address }) => address) });
  const answer = await ask(service);
  expect({ status: answer.status, ...(await jsonOf(answer)) }).toMatchObject({ status: 503, kind: "unreachable" });
  expect(started.flatMap(({ requests }) => requests)).toHaveLength(1);
});

test("the worker's call ends when the client leaves", async () => {
  const called = Promise.withResolvers<AbortSignal>();
  await using worker = await startFakeWorker({
    capabilities,
    onPlan: (_, signal) => {
      called.resolve(signal);
      return new Promise(() => {});
    },
  });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const leaving = new AbortController();
  const asked = fetch(`${service.api}/plan`, {
    ...{ method: "POST", headers: { "Content-Type": "application/json" }, signal: leaving.signal },
    body: JSON.stringify({ input_url: "http://127.0.0.1:9/source.mp4" }),
  }).catch(() => undefined);
  const signal = await called.promise;
  const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
  leaving.abort();
  await ended;
  expect(await asked).toBeUndefined();
});
