import { expect, test } from "bun:test";
import { makeLookup } from "#controlplane/lookup/lookup.ts";
import { makeFindOut } from "#controlplane/queue/find-out.ts";
import { openLink } from "#controlplane/workers/link.ts";
import { openLinks } from "#controlplane/workers/links.ts";
import { makeFeed } from "#shared/job/feed.ts";
import { makeLog } from "#shared/log.ts";
import { startBootFront } from "#tests/support/boot-front.ts";
import { type Journal, startFakeWorker } from "#tests/support/fake-worker.ts";
import { eventually } from "#tests/support/service.ts";
import { waitingOrder } from "#tests/support/waiting-orders.ts";

const log = makeLog("test", { level: "silent" });

test("what became of an order is waited for while its worker boots behind a front that accepts connections", async () => {
  await using worker = await startFakeWorker();
  using front = await startBootFront(worker.port);
  const order = waitingOrder();
  const feed = makeFeed();
  feed.publish({ jobId: order.id, sequence: 1, status: "queued", attempt: 1, timestamp: new Date().toISOString() });
  worker.journal.set(order.id, {
    request: { jobId: order.id } as Parameters<Journal["set"]>[1]["request"],
    feed,
    attempt: 1,
  });
  const startupTimeoutMs = 600_000;
  const links = openLinks([front.address], {
    open: (address) => openLink(address, { now: Date.now }),
    ...{ resolveSrv: async () => ({ records: [], ttl: 0 }) as never, allowsPlaintext: true, now: Date.now, log },
  });
  const readRecord = async () => undefined;
  const { askWorker } = makeLookup({ links, readRecord, readsRecords: true, startupTimeoutMs, now: Date.now, log });
  const findOut = makeFindOut({
    ...{ links, readRecord, askWorker, startupTimeoutMs, jobTimeoutMs: 0, now: Date.now },
    handOvers: {
      readClaim: async () => ({ number: 1, address: front.address, admission: "a" }),
      readEnd: async () => undefined,
    },
  });
  const place = { state: "offered", number: 1, address: front.address, offeredAt: 0, isCancelled: false } as const;
  const found = findOut({ ...order, place });
  await eventually(() => front.isWoken(), "the machine is woken");
  expect(front.calls.filter(({ timeoutMs }) => timeoutMs < 500_000)).toEqual([]);
  front.boot();
  expect(await found).toEqual({ is: "accepted", address: front.address });
  links.close();
});
