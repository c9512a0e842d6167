import { expect, test } from "bun:test";
import { anOrder, jsonOf, startTestControlPlane, type TestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker, startHangingPort } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";
import { sleepingFakes } from "#tests/support/sleeping-workers.ts";

/** So many sleeping machines, and how many jobs each has taken. */
async function startFarm(size: number, slots = 1) {
  const farm = await sleepingFakes(size, () => startFakeWorker({ slots }));
  return { ...farm, accepted: () => farm.workers.map(({ journal }) => journal.size) };
}

// Far longer than any test, and than any question to a worker that has just answered.
const config = { startupTimeoutMs: 600_000 };
const isPatient = ({ timeoutMs }: { timeoutMs: number }) => timeoutMs > 500_000;

/** Orders a job, which wakes one machine and, until that has booted, no other. */
async function orderWakesOne({ woken }: Awaited<ReturnType<typeof startFarm>>, service: TestControlPlane) {
  const posted = service.submit();
  await eventually(() => woken().length > 0, "a machine is woken");
  expect(woken()).toHaveLength(1);
  expect(woken()[0]?.calls.filter((call) => !isPatient(call))).toEqual([]);
  woken()[0]?.boot();
  await posted;
  expect(woken()).toHaveLength(1);
}

test("one order on a sleeping farm wakes one machine, however long that boots", async () => {
  await using farm = await startFarm(8);
  await using service = await startTestControlPlane({ workers: farm.addresses, config });
  await orderWakesOne(farm, service);
});

test("eight orders at once wake eight machines, and each takes one", async () => {
  await using farm = await startFarm(8);
  await using service = await startTestControlPlane({ workers: farm.addresses, config });
  const posted = Array.from({ length: 8 }, () => service.submit());
  await eventually(() => farm.woken().length === 8, "all machines are woken before any has booted");
  for (const front of farm.fronts) front.boot();
  expect(new Set(await Promise.all(posted)).size).toBe(8);
  expect(farm.accepted()).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
});

test("machines that fell asleep behind open connections are not asked in turn either", async () => {
  await using farm = await startFarm(4);
  let laterMs = 0;
  const deps = { now: () => Date.now() + laterMs };
  await using service = await startTestControlPlane({ workers: farm.addresses, config, deps });
  for (const front of farm.fronts) front.boot();
  await service.get("/workers/status");
  for (const front of farm.fronts) front.sleep();
  laterMs = 5_001;
  await orderWakesOne(farm, service);
});

test("an order that comes while a machine boots wakes another, and takes what answers first", async () => {
  await using farm = await startFarm(3, 9);
  await using service = await startTestControlPlane({ workers: farm.addresses, config });
  const first = service.submit();
  await eventually(() => farm.woken().length === 1, "a machine is woken");
  const [slow] = farm.woken();
  const second = service.submit();
  await eventually(() => farm.woken().length === 2, "another machine is woken");
  farm
    .woken()
    .find((front) => front !== slow)
    ?.boot();
  // The first order's machine never boots.
  await Promise.all([first, second]);
  expect(farm.woken()).toHaveLength(2);
});

test("more orders than machines wait for the machines that there are", async () => {
  await using farm = await startFarm(2, 9);
  await using service = await startTestControlPlane({ workers: farm.addresses, config });
  const posted = Array.from({ length: 6 }, () => service.submit());
  await eventually(() => farm.woken().length === 2, "both machines are woken");
  for (const front of farm.fronts) front.boot();
  await Promise.all(posted);
  expect(farm.accepted().reduce((a, b) => a + b)).toBe(6);
});

test("a machine that hangs behind its front gives way to the next after its time to start", async () => {
  await using farm = await startFarm(2);
  await using service = await startTestControlPlane({ workers: farm.addresses, config: { startupTimeoutMs: 3_000 } });
  const posted = service.submit();
  await eventually(() => farm.woken().length === 1, "a machine is woken");
  const [hanging] = farm.woken();
  for (const front of farm.fronts) if (front !== hanging) front.boot();
  await posted;
  expect(farm.woken()).toHaveLength(2);
});

test("a worker that has just answered and then freezes makes way for the next after a moment", async () => {
  await using farm = await startFarm(1);
  farm.fronts[0]?.boot();
  await using other = await startFakeWorker({ slots: 9 });
  await using service = await startTestControlPlane({ workers: [...farm.addresses, other.address], config });
  await service.get("/workers/status");
  farm.fronts[0]?.sleep();
  await service.submit();
  await service.submit();
  expect(other.journal.size).toBe(2);
});

test("a worker that is waited for is starting, and looking wakes no other", async () => {
  await using farm = await startFarm(2);
  await using service = await startTestControlPlane({ workers: farm.addresses, config });
  const status = async () => (await jsonOf(await service.get("/workers/status?wake=false"))).workers;
  const posted = service.submit();
  await eventually(() => farm.woken().length === 1, "a machine is woken");
  const [booting] = farm.woken();
  const asleep = { reachable: false, asleep: true };
  const starting = { reachable: false, starting: true };
  expect(await status()).toEqual(
    farm.fronts.map((front) => ({ address: front.address, ...(front === booting ? starting : asleep) })),
  );
  booting?.boot();
  await posted;
  expect(await status()).toContainEqual(expect.objectContaining({ address: booting?.address, reachable: true }));
});

test("a machine that hangs before it speaks HTTP/2 is starting for as long as somebody waits for it", async () => {
  using hanging = await startHangingPort();
  await using service = await startTestControlPlane({ workers: [hanging.address], config });
  const leaving = new AbortController();
  const posted = service.post(anOrder, {}, leaving.signal).catch(() => {});
  await eventually(() => hanging.connections() > 0, "the machine is connected to");
  expect(await jsonOf(await service.get("/workers/status"))).toMatchObject({
    workers: [{ reachable: false, starting: true }],
  });
  leaving.abort();
  await posted;
  await eventually(async () => {
    const { workers } = await jsonOf(await service.get("/workers/status?wake=false"));
    return workers[0].asleep === true;
  }, "nobody waits for it any more");
});

test("a look at a job and its cancel wait for the machine that boots", async () => {
  await using farm = await startFarm(1);
  const [front] = farm.fronts;
  const [worker] = farm.workers;
  front?.boot();
  await using before = await startTestControlPlane({ workers: farm.addresses, config });
  const jobId = await before.submit();
  worker?.tell(jobId, { status: "processing" });
  await before.stop();
  front?.sleep();
  await using service = await startTestControlPlane({ workers: farm.addresses, config });
  const looked = service.get(`/jobs/${jobId}`);
  const cancelled = service.get(`/jobs/${jobId}`, { method: "DELETE" });
  await eventually(() => front?.isWoken() === true, "the machine is asked");
  expect(front?.calls.filter((call) => !isPatient(call))).toEqual([]);
  front?.boot();
  expect(await jsonOf(await looked)).toMatchObject({ job_id: jobId, status: "processing" });
  expect((await cancelled).status).toBe(202);
});
