import { expect, test } from "bun:test";
import { makeEndLost } from "#controlplane/queue/end-lost.ts";
import { makeLog } from "#shared/log.ts";
import { makeCompleteEnds } from "#shared/queue/complete-end.ts";
import { makeHandOvers } from "#shared/queue/hand-overs.ts";
import { makeRecords } from "#shared/records.ts";
import type { Storage } from "#shared/storage/storage.ts";
import { openWebhooks } from "#shared/webhooks/notify.ts";
import { jsonOf } from "#tests/support/control-plane.ts";
import { outcome } from "#tests/support/outcome.ts";
import { eventually } from "#tests/support/service.ts";
import { accepted, eventOf } from "./jobs.ts";
import { anId, workersOfRoom } from "./rig.ts";

/** A storage that takes so many writes and no more; the last one is done, and its answer lost. */
function dyingAfter(storage: Storage, writes: number): Storage & { isDead(): boolean } {
  let done = 0;
  const dying =
    <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (done >= writes) throw new Error("this control plane is dead");
      const answer = await work(...args);
      done += 1;
      if (done === writes) throw new Error("this control plane died");
      return answer;
    };
  return {
    ...storage,
    write: dying(storage.write),
    remove: dying(storage.remove),
    create: dying(async (...args: Parameters<NonNullable<Storage["create"]>>) => {
      return (await storage.create?.(...args)) ?? false;
    }),
    isDead: () => done >= writes,
  };
}

test("a control plane may die after each write with which it ends a lost job: the next one ends it as that began to", async () => {
  await using room = await workersOfRoom();
  const log = makeLog("test", { level: "silent" });
  let deaths = 0;
  for (let isDead = true; isDead; deaths += 1) {
    const jobId = anId();
    await room.records.write(accepted(jobId, room), room.signal);
    const storage = dyingAfter(room.storage, deaths + 1);
    const place = { storage, prefix: room.prefix, now: Date.now, log };
    const [handOvers, records] = [makeHandOvers(place), makeRecords(place)];
    const webhooks = openWebhooks({ ...place, ...room.webhooks, records, patienceMs: 0 });
    const ends = makeCompleteEnds({ ...place, handOvers, records, leave: webhooks.leave });
    const event = eventOf(jobId, { sequence: 2, status: "failed", message: `death ${deaths}` });
    await outcome(makeEndLost({ handOvers, records, ends, orderOf: async () => undefined })(event));
    await webhooks.retries.stop();
    isDead = storage.isDead();

    await using service = await room.startControlPlane(["127.0.0.1:9"]);
    const { order: _, ...told } = await jsonOf(await service.get(`/jobs/${jobId}`));
    expect(told).toMatchObject({ status: "failed", message: `death ${deaths}` });
    expect((await room.recordOf(jobId))?.event).toMatchObject({ status: "failed", sequence: told.sequence });
    const ids = () => room.receiver.received.filter((one) => one.event.job_id === jobId).map(({ id }) => id);
    await eventually(() => ids().length > 0, "the receiver is told");
    expect(new Set(ids())).toEqual(new Set([`${jobId}-${told.sequence}`]));
  }
  expect(deaths).toBeGreaterThan(5);
});
