import type { Dispatch } from "#controlplane/dispatch/dispatch.ts";
import { HttpFault } from "#controlplane/http/problem.ts";
import type { FindRepeat } from "#controlplane/orders/idempotency.ts";
import { JobFault } from "#controlplane/orders/job-fault.ts";
import { adopted, orderFields, type Submit, type SubmitOptions, type Submitted } from "#controlplane/orders/submit.ts";
import type { Hubs, View } from "#controlplane/watch/hub.ts";
import { retry } from "#shared/async/retry.ts";
import type { Claims } from "#shared/claims.ts";
import { ignoring } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { waitingId } from "#shared/job/id.ts";
import type { Priority } from "#shared/job/priority.ts";
import type { Log } from "#shared/log.ts";
import { inputsFromMessage } from "#shared/rpc/inputs-message.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { pinUploads } from "#shared/uploads/pins.ts";
import type { UploadPlace } from "#shared/uploads/upload-url.ts";
import { type KeyClaim, type Placed, RoomFault, type WaitingOrder, type WaitingRoom } from "./waiting-room.ts";

type Options = {
  room: WaitingRoom;
  dispatch: Dispatch;
  hubs: Pick<Hubs, "adopt">;
  /** The claims on idempotency keys. */
  claims: Pick<Claims, "find" | "make" | "keyOf">;
  findRepeat: FindRepeat;
  /** Seals the order for the room. */
  seal(order: Omit<WaitingOrder, "sealed">, request: JobRequestInit): string;
  /** Views an order that was just added at this position. */
  viewAdded(placed: Placed, position: number): Promise<View>;
  /** Views a job that the room or a worker has. */
  viewOf(jobId: string): Promise<View>;
  /** Whether this control plane can send webhooks, so that orders with a callback_url may wait. */
  sendsWebhooks: boolean;
  /** Where uploads lie; undefined where none are taken. */
  uploads: UploadPlace | undefined;
  /** The most orders that may wait. */
  most: number;
  newId(): string;
  now(): number;
  log: Log;
};

const claimTimeoutMs = 10_000;
const repeatForMs = 2_000;
const mostRounds = 5;

/**
 * Submits an order where there is a waiting room: to a connected worker if nothing waits before it and one has room,
 * else to the room. No machine is woken for it here.
 */
export function makeQueuedSubmit({
  room,
  dispatch,
  hubs,
  claims,
  findRepeat,
  seal,
  viewAdded,
  viewOf,
  ...options
}: Options): Submit {
  const { newId, now, log, most } = options;

  const direct = async (order: JobRequestInit, signal: AbortSignal, how: SubmitOptions) => {
    if (how.tenant.maxRunning !== undefined || !(await room.isClear(priorityOf(order)))) return undefined;
    const accepted = await dispatch.connected(order, signal, how);
    return accepted && adopted(accepted, order, { hubs, log });
  };

  /** Adds the order under an id of its own. Undefined when its claim was closed by another control plane. */
  const wait = async (
    order: JobRequestInit,
    claim: (id: string) => Promise<KeyClaim | undefined>,
    how: SubmitOptions,
  ) => {
    how.begin?.();
    const id = waitingId(newId());
    const { tenant = "", inputUrl = "" } = order;
    const sources = { inputUrl, inputs: inputsFromMessage(order.inputs) };
    await pinUploads(options.uploads, { jobId: id, ...sources, tenant }, AbortSignal.timeout(claimTimeoutMs));
    const unsealed = { id, tenant, priority: priorityOf(order), addedAt: now(), claim: await claim(id) };
    const limits = { total: most, ofTenant: how.tenant.maxWaiting };
    const added = { ...unsealed, sealed: seal(unsealed, claimedOrder(order, unsealed.claim)) };
    const answer = await surely(id, order, () => room.add(added, limits));
    if (answer === "full") throw new Fault("busy", `${most} orders wait already, which is QUEUE_MAX; try again later`);
    if (answer === "tenant_full")
      throw new HttpFault(429, `you have ${limits.ofTenant} waiting orders already, which is as many as you may`, {
        "Retry-After": "5",
      });
    if (answer === "closed") return undefined;
    log.info({ job_id: id, ...orderFields(order) }, "order waits for a worker");
    const place = { state: "waiting", number: 1 } as const;
    const view = answer === "known" ? viewOf(id) : viewAdded({ ...added, place }, answer.position);
    return { jobId: id, view: await view, isRepeat: false };
  };

  const claimed = async (order: JobRequestInit, signal: AbortSignal, how: SubmitOptions) => {
    const { tenant = "", idempotencyKey = "", orderHash = new Uint8Array() } = order;
    const asked = { tenant, idempotencyKey, orderHash };
    const known = await claims.find(asked, AbortSignal.timeout(claimTimeoutMs));
    const repeat = known && (await findRepeat(known, asked));
    if (repeat) return { ...repeat, isRepeat: true };
    const number = (known?.number ?? 0) + 1;
    const claim = async (jobId: string) => {
      await claims.make({ ...asked, jobId, claim: number }, AbortSignal.timeout(claimTimeoutMs));
      return { key: claims.keyOf(asked), number };
    };
    return (await direct(order, signal, how)) ?? (await wait(order, claim, how));
  };

  /** Undefined when another order with the same key came in between. */
  const round = async (order: JobRequestInit, signal: AbortSignal, how: SubmitOptions) => {
    if (!order.idempotencyKey) return (await direct(order, signal, how)) ?? (await wait(order, noClaim, how));
    return claimed(order, signal, how).catch(ignoring(isKeyTaken));
  };

  return async (order, signal, how): Promise<Submitted> => {
    if (order.callbackUrl && !options.sendsWebhooks)
      return adopted(await dispatch.any(order, signal, how), order, { hubs, log });
    for (let rounds = 0; rounds < mostRounds; rounds += 1) {
      const submitted = await round(order, signal, how);
      if (submitted) return submitted;
    }
    throw new Fault("busy", "other orders with this Idempotency-Key are being taken; try again");
  };
}

const noClaim = async () => undefined;

/** Repeats an add whose answer was lost. When it stays unknown whether the order waits, the fault names its id. */
async function surely<T>(jobId: string, { idempotencyKey }: JobRequestInit, add: () => Promise<T>): Promise<T> {
  const policy = { firstPauseMs: 50, longestPauseMs: 500, totalMs: repeatForMs, isRetryable: () => mayBeAdded };
  let mayBeAdded = false;
  try {
    return await retry(async () => {
      try {
        return await add();
      } catch (error) {
        mayBeAdded ||= error instanceof RoomFault && error.isAnswerLost;
        throw error;
      }
    }, policy);
  } catch (error) {
    if (!mayBeAdded) throw error;
    const words = "the waiting room stopped answering; it may still have the order";
    throw new JobFault(jobId, "unreachable", words, { mayRepeat: Boolean(idempotencyKey), cause: error });
  }
}

/** The class of an order; one that names none is normal. */
const priorityOf = ({ priority }: Pick<JobRequestInit, "priority">): Priority =>
  priority === "high" || priority === "low" ? priority : "normal";

/** The control plane has claimed the key: a worker must not claim it again. */
const claimedOrder = (
  { idempotencyKey: _, orderHash: __, claimKey: ___, ...order }: JobRequestInit,
  claim: KeyClaim | undefined,
): JobRequestInit => ({ ...order, ...(claim && { claimKey: claim.key }) });

const isKeyTaken = (error: unknown) =>
  error instanceof Fault && error.kind === "conflict" && error.fields[0]?.field === "Idempotency-Key";
