import type { Tenants } from "#controlplane/auth/tenants.ts";
import type { Dispatch } from "#controlplane/dispatch/dispatch.ts";
import type { SubmitJob } from "#controlplane/dispatch/submit-job.ts";
import type { WakeWorkers } from "#controlplane/dispatch/wake-workers.ts";
import type { AcceptedPlace } from "#controlplane/lookup/accepted-place.ts";
import type { FoundJob } from "#controlplane/lookup/found-job.ts";
import type { RecentRecords } from "#controlplane/lookup/list.ts";
import type { Lookup, ReadRecord } from "#controlplane/lookup/lookup.ts";
import type { Asked, FindRepeat } from "#controlplane/orders/idempotency.ts";
import type { Submit } from "#controlplane/orders/submit.ts";
import type { Hubs, View } from "#controlplane/watch/hub.ts";
import type { Link } from "#controlplane/workers/link.ts";
import type { Links } from "#controlplane/workers/links.ts";
import type { Claims } from "#shared/claims.ts";
import { isWaitingId } from "#shared/job/id.ts";
import { isFinal } from "#shared/job/status.ts";
import { makeCompleteEnds } from "#shared/queue/complete-end.ts";
import type { HandOvers } from "#shared/queue/hand-overs.ts";
import type { Records } from "#shared/records.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import type { Leave } from "#shared/webhooks/notify.ts";
import type { Retries } from "#shared/webhooks/retries.ts";
import { makeAdmitPlan } from "./admit-plan.ts";
import { demandIn } from "./demand.ts";
import { makeDrainer } from "./drainer.ts";
import { makeEndLost } from "./end-lost.ts";
import { makeEndings } from "./endings.ts";
import { makeExpire } from "./expire.ts";
import { makeFillWorkers } from "./fill-workers.ts";
import { makeFindLost } from "./find-lost.ts";
import { makeFindOut } from "./find-out.ts";
import { makeFollowJobs } from "./follow-jobs.ts";
import { makeOffering } from "./offering.ts";
import { makeOrderSeal } from "./sealed-order.ts";
import { makeSendLeft } from "./send-left.ts";
import type { queueConfig } from "./settings.ts";
import { makeQueuedSubmit } from "./submit.ts";
import { makeWaitingJobs } from "./waiting-jobs.ts";
import type { Share, WaitingRoom } from "./waiting-room.ts";
import { makeWaitingViews } from "./waiting-views.ts";
import { makeWorkerSlots } from "./worker-slots.ts";

/** The waiting room, and what lies in the storage of records. */
export type Queueing = {
  room: WaitingRoom;
  claims: Claims;
  handOvers: HandOvers;
  records: Records;
  /** Absent without WEBHOOK_SECRETS. */
  leave: Leave | undefined;
  /** Sends the webhooks that are pending. */
  retries: Retries;
};

type Options = SubmitJob &
  Queueing & {
    config: ReturnType<typeof queueConfig>;
    links: Links;
    wakeWorkers: WakeWorkers;
    readRecord: ReadRecord;
    recentRecords: RecentRecords;
    /** What each tenant gets of the workers. */
    shares(): Readonly<Record<string, Share>>;
    jobTimeoutMs: number;
    newId(): string;
    now(): number;
    closing: AbortSignal;
  };

/** What the waiting room needs of the parts that look for jobs and follow them, which need it in turn. */
type Jobs = Pick<Lookup, "askWorker" | "find"> & {
  hubs: Hubs;
  /** Views a job that a worker has, or that has ended. */
  viewOf(jobId: string): Promise<View>;
  dispatch: Dispatch;
  findRepeat: FindRepeat;
  /** Where uploads lie; undefined where none are taken. */
  uploads: UploadPlace | undefined;
};

const completeMs = 10_000;

/** Puts the parts of the waiting room together. It begins to hand over orders when `begin` is called. */
export function openQueue({ room, config, claims, links, leave, retries, ...options }: Options) {
  const { wakeWorkers, now, log, newId, closing, readRecord } = options;
  const { seal, open } = makeOrderSeal(config.secrets, { opensPlain: config.isOnThisMachine });
  const ends = makeCompleteEnds({ ...options, leave });
  const endings = makeEndings({ ...options, room, open, ends });
  const slots = makeWorkerSlots(options);
  const orderOf = async (jobId: string) => {
    const placed = await room.find(jobId);
    return placed && open(placed);
  };
  const announceRoom = (address: string) =>
    void room.announceRoom(address).catch((err) => log.debug({ err }, "nobody hears of a free slot"));
  return {
    /** Lets a dry run take a slot, unless orders wait for it. */
    admitPlan: makeAdmitPlan({ room, shares: options.shares }),
    /** Tells who hands orders over that this worker may have room. */
    announceRoom,
    /** Whether an order of the room waits for a worker and may be taken by one. */
    isOrderWaiting: async () => demandIn(await room.summary(), options.shares()) > 0,
    /** Ends a job whose worker is lost. */
    endLost: makeEndLost({ ...options, ends, orderOf }),
    /** Reads a record; of a job that has ended and whose record does not say so, this is set right first. */
    async readRecord(jobId: string): Promise<FoundJob | undefined> {
      const record = await readRecord(jobId);
      if (!record || isFinal(record.event.status) || !isWaitingId(jobId)) return record;
      const event = await ends.complete(jobId, AbortSignal.timeout(completeMs)).catch((err) => {
        log.warn({ err, job_id: jobId }, "it is not known whether the job has ended");
      });
      return event ? { ...record, event } : record;
    },
    /** Sees to it that no order is added under a claim any more; true when one was added before. */
    closeClaim: async (asked: Asked, number: number) =>
      (await room.closeClaim({ key: claims.keyOf(asked), number })) !== undefined,
    /** A job of the room that a worker has accepted; undefined when the room knows none. */
    async placeOf(jobId: string): Promise<AcceptedPlace | undefined> {
      const placed = await room.find(jobId);
      if (placed?.place.state !== "accepted") return undefined;
      const { address, acceptedAt } = placed.place;
      return { address, acceptedAt: new Date(acceptedAt).toISOString(), order: open(placed) };
    },
    /** Tells who hands orders over that a job which never waited has ended, so that its worker may have room. */
    directJobEnded(jobId: string, address: string) {
      if (!isWaitingId(jobId)) announceRoom(address);
    },
    begin({ hubs, viewOf, dispatch, findRepeat, askWorker, find, uploads }: Jobs) {
      const views = makeWaitingViews({ room, open, viewOf, closing, log });
      const waiting = makeWaitingJobs({ room, endings, views, open, seal, shares: options.shares });
      const findOut = makeFindOut({ ...options, askWorker, links });
      const mayHaveRoom = (link?: Link) => drainer.mayHaveRoom(link);
      const follow = makeFollowJobs({ ...options, room, links, hubs, viewOf, onEnd: mayHaveRoom });
      const sendLeft = leave ? makeSendLeft(retries, now) : () => {};
      const offered = makeOffering({ ...options, room, links, slots, open, follow, endings, findOut });
      // Who had the lease of the room before may be gone.
      const takeOver = () => offered.takeOver().then(sendLeft);
      const offering = { ...offered, takeOver };
      const deps = { ...options, room, links, slots, offering, wakeWorkers, agingMs: config.agingMs };
      const drainer = makeDrainer({
        ...{ ...deps, expire: makeExpire({ ...config, room, endings, now }), holder: newId() },
        fillWorkers: (onDone) => makeFillWorkers({ ...deps, onDone }),
      });
      const changes = new DisposableStack();
      changes.use(
        room.onChange((id) => {
          if (id === undefined) mayHaveRoom();
          drainer.wake();
        }),
      );
      changes.use(
        room.onRoom((address) => {
          const link = links.all().find((worker) => worker.address === address);
          if (link) mayHaveRoom(link);
        }),
      );
      drainer.wake();
      const findLost = makeFindLost({ ...options, find });
      void findLost.everywhere();
      sendLeft();
      const submit: Submit = makeQueuedSubmit({
        ...{ room, dispatch, hubs, claims, findRepeat, seal, newId, now, log, most: config.most },
        sendsWebhooks: leave !== undefined,
        uploads,
        viewAdded: views.view,
        viewOf: async (jobId) => (await waiting.view(jobId)) ?? (await viewOf(jobId)),
      });
      return {
        submit,
        waiting,
        onListed: findLost.among,
        async close() {
          changes.dispose();
          await Promise.all([drainer.stop(), retries.stop()]);
          room.close();
        },
      };
    },
  };
}

/** What each tenant of TENANTS_FILE gets of the workers. */
export const sharesOf = ({ all }: Tenants): Readonly<Record<string, Share>> =>
  Object.fromEntries(all.map(({ name, weight = 1, maxRunning }) => [name, { weight, maxRunning }]));
