import { type Client, mayKnow } from "#controlplane/auth/client.ts";
import type { ListedJob, ListQuery } from "#controlplane/lookup/list.ts";
import { checkVisible } from "#controlplane/lookup/visible.ts";
import { allowedPriority } from "#controlplane/orders/priority.ts";
import type { View } from "#controlplane/watch/hub.ts";
import { ignoring } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { isWaitingId } from "#shared/job/id.ts";
import type { Priority } from "#shared/job/priority.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { demandIn } from "./demand.ts";
import type { Endings } from "./endings.ts";
import {
  isBeforeWorker,
  type Placed,
  RoomFault,
  type Share,
  type WaitingOrder,
  type WaitingRoom,
} from "./waiting-room.ts";
import { type makeWaitingViews, waitingEvent } from "./waiting-views.ts";

type Options = {
  room: WaitingRoom;
  endings: Pick<Endings, "cancel">;
  views: ReturnType<typeof makeWaitingViews>;
  open(placed: Placed): JobRequestInit | undefined;
  seal(order: Omit<WaitingOrder, "sealed">, request: JobRequestInit): string;
  /** What each tenant gets of the workers. */
  shares(): Readonly<Record<string, Share>>;
};

/** What clients do with jobs that wait. */
export type WaitingJobs = ReturnType<typeof makeWaitingJobs>;

export function makeWaitingJobs({ room, endings, views, open, seal, shares }: Options) {
  const find = async (jobId: string) => {
    const placed = isWaitingId(jobId) ? await room.find(jobId) : undefined;
    return placed && isBeforeWorker(placed) ? placed : undefined;
  };
  /** The same for a client; throws `not_found` for a job of another tenant. */
  const findFor = async (jobId: string, client: Client) => {
    const placed = await find(jobId);
    if (placed) checkVisible(client, { tenant: placed.tenant });
    return placed;
  };
  /** While the room is away, its workers and records still tell of a job that one has accepted: it is looked for there. */
  const unlessAway = (found: ReturnType<typeof find>) => found.catch(ignoring((error) => error instanceof RoomFault));

  return {
    /** The view of a job that no worker has accepted; undefined for all others. */
    async view(jobId: string): Promise<View | undefined> {
      const placed = await unlessAway(find(jobId));
      return placed && (await views.view(placed));
    },
    /** Cancels a job that no worker has accepted, or has the worker cancel it that is just accepting it. False for all others. */
    async cancel(jobId: string, client: Client): Promise<boolean> {
      const placed = await unlessAway(findFor(jobId, client));
      if (placed?.place.state === "ending") throw new Fault("conflict", "the job is already ending");
      const place = placed && (await endings.cancel(placed));
      return place !== undefined && place.state !== "accepted";
    },
    /** Moves a waiting order to another class. Throws `conflict` when it no longer waits. */
    async setPriority(jobId: string, priority: Priority, client: Client): Promise<View> {
      allowedPriority(priority, client);
      const placed = await findFor(jobId, client);
      const order = placed && open(placed);
      if (!placed || !order) throw new Fault("conflict", "the job does not wait any more, or never did");
      const sealed = seal({ ...placed, priority }, { ...order, priority });
      if (!(await room.setPriority(jobId, priority, sealed)))
        throw new Fault("conflict", "the job is being given to a worker");
      return views.view({ ...placed, priority, sealed });
    },
    /** The orders that no worker has accepted, newest first. */
    async list({ limit, tenant, before, status, isKept }: ListQuery): Promise<ListedJob[]> {
      if (isKept || (status !== undefined && status !== "queued")) return [];
      const placed = await room.list({ limit, tenant, before });
      const positions = await room.positions(placed.map(({ id }) => id));
      return placed.map((one, index) => ({ event: waitingEvent(one, positions[index]), order: open(one) }));
    },
    /** The numbers of the room, of the client's tenant or, for an admin, of all. */
    async summary(client: Client) {
      const { waiting, running, ...all } = await room.summary();
      const isTheirs = ({ tenant }: { tenant: string }) => mayKnow(client, tenant);
      const theirs = { ...all, waiting: waiting.filter(isTheirs), running: running.filter(isTheirs) };
      return { ...theirs, eligible: demandIn(theirs, shares()) };
    },
  };
}
