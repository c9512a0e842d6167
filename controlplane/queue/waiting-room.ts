import { Fault } from "#shared/fault.ts";
import type { Priority } from "#shared/job/priority.ts";

/** The claim on an idempotency key under which an order is added. */
export type KeyClaim = {
  /** The HMAC of tenant and key, as the folder of the key's claims is named. */
  key: string;
  /** The number of the claim, from 1. */
  number: number;
};

/** An order as a waiting room keeps it. The room reads none of what the order says. */
export type WaitingOrder = {
  /** The id of the job, `00000000-<uuid v7>`. */
  id: string;
  /** Whose order it is; empty for orders without a tenant. */
  tenant: string;
  priority: Priority;
  /** When it was added, in Unix milliseconds. */
  addedAt: number;
  /** The order, sealed, as text. */
  sealed: string;
  /** Absent for an order without an idempotency key. */
  claim?: KeyClaim | undefined;
};

/**
 * Where an order of the room is. `waiting`: nobody has it. `offered`: the drainer has taken it and offers it at
 * `address` as its try `number`; `isCancelled` is set when it was cancelled meanwhile. `accepted`: the worker at
 * `address` runs it; the room remembers that until the job has ended, and that it was cancelled while it was offered.
 * `ending`: a control plane ends it without a
 * worker; `event` is the final event, as text.
 */
export type Place =
  | { state: "waiting"; number: number }
  | { state: "offered"; number: number; address: string; offeredAt: number; isCancelled: boolean }
  | { state: "accepted"; address: string; acceptedAt: number; isCancelled: boolean }
  | { state: "ending"; event: string };

/** An order with its place. */
export type Placed = WaitingOrder & { place: Place };

/** How many orders may wait; absent: any number. */
export type RoomLimits = { total: number; ofTenant?: number | undefined };

/** What a tenant gets of the workers. */
export type Share = {
  /** Its turns in a round, relative to those of the others. Default: 1. */
  weight: number;
  /** The most of its orders that are offered or accepted at a time; absent: any number. */
  maxRunning?: number | undefined;
};

/** What a room holds, in numbers. */
export type RoomSummary = {
  waiting: { tenant: string; priority: Priority; count: number }[];
  /** The number of orders that are offered or accepted. */
  running: { tenant: string; count: number }[];
  /** When the order that waits longest was added, in Unix milliseconds; undefined when none waits. */
  oldest: number | undefined;
  /** The number of orders that are being ended without a worker. */
  ending: number;
};

/** What the drainer says of a taken order, and for whom. */
export type TakeOptions = {
  /** The number of the drainer's lease. */
  fence: number;
  /** The worker that the order will be offered to. */
  address: string;
  /** The share of each tenant; of those that are missing, a weight of 1. */
  shares: Readonly<Record<string, Share>>;
  /** An order that has waited so long is of the next class, and after twice as long of the one after it. */
  agingMs: number;
  /** Ids of orders that this worker cannot run. */
  except: readonly string[];
  /** In Unix milliseconds. */
  now: number;
};

/**
 * Holds the orders that no worker has room for, and decides who is next. Each method is one atomic step. One that
 * fails rejects with a `RoomFault`. Methods that take a fence reject with `Fenced` when another drainer has the lease
 * by now.
 */
export type WaitingRoom = {
  /**
   * Adds an order behind those of its tenant and class. The same again while the room knows the id, and for a minute
   * after its end, adds nothing: `known`. `closed`: the claim of its key was closed before.
   */
  add(
    order: WaitingOrder,
    limits: RoomLimits,
  ): Promise<{ position: number } | "known" | "full" | "tenant_full" | "closed">;
  /** Whether an order of this class need not wait behind others: none of its class or a more urgent one waits. */
  isClear(priority: Priority): Promise<boolean>;
  /** Undefined when the room does not know the job. */
  find(id: string): Promise<Placed | undefined>;
  /** How many orders of the same tenant and class are ahead, plus 1, of those that wait; undefined for the others. */
  positions(ids: readonly string[]): Promise<(number | undefined)[]>;
  /** The orders that are not accepted, the newest first; `before`: only those older than this id. */
  list(query: { limit: number; tenant?: string | undefined; before?: string | undefined }): Promise<Placed[]>;
  summary(): Promise<RoomSummary>;
  /**
   * Closes a claim of a key: from now on no order is added under it. Resolves with the id of the order that was added
   * under it before, if there is one; then the claim is not closed.
   */
  closeClaim(claim: KeyClaim): Promise<string | undefined>;
  /** Moves a waiting order to the end of another class. False when it no longer waits; undefined when it is unknown. */
  setPriority(id: string, priority: Priority, sealed: string): Promise<boolean | undefined>;
  /**
   * Begins the end of an order that waits: nobody takes it any more. One that is offered is marked as cancelled where
   * `isCancel` is true. Resolves with the place that the order has now; undefined when it is unknown.
   */
  end(id: string, event: string, options: { isCancel: boolean }): Promise<Place | undefined>;
  /** Forgets an order that has ended: an `ending` one, or one whose worker has ended it. */
  remove(id: string): Promise<void>;

  /** Gets or renews the lease of the drainer. Resolves with its number, which grows with each new holder; undefined while another holds it. */
  lease(holder: string, forMs: number): Promise<number | undefined>;
  /** Gives the lease back, if this is still its number. */
  release(fence: number): Promise<void>;
  /** Takes the order whose turn it is and marks it as offered at the worker; undefined when none may be taken. */
  take(options: TakeOptions): Promise<Placed | undefined>;
  /** Says what became of an offered order. Resolves with the order as it was; undefined when it is not offered any more. */
  settle(fence: number, id: string, place: Settled): Promise<Placed | undefined>;
  /** All orders that are offered, accepted or ending, for a drainer that has just got the lease. */
  unsettled(): Promise<Placed[]>;
  /** The ids of waiting orders that were added before this time, oldest first, at most 100. */
  addedBefore(time: number): Promise<string[]>;
  /** The ids of a worker's accepted orders that were accepted before `asOf` and are not among its active jobs. */
  missing(address: string, activeIds: readonly string[], asOf: number): Promise<string[]>;

  /**
   * Calls the listener after each change of a control plane at this room, this one included: with the id of the order
   * that changed, and with undefined when changes may have been missed. Any number of listeners.
   */
  onChange(listener: (id: string | undefined) => void): Disposable;
  /** Calls the listener after each announcement of a control plane at this room, this one included. */
  onRoom(listener: (address: string) => void): Disposable;
  /** Tells all control planes that the worker at this address may have room. It is not kept for those that do not hear it. */
  announceRoom(address: string): Promise<void>;
  /** What is wrong with the engine; undefined when it answered last. */
  problem(): string | undefined;
  close(): void;
};

/** What becomes of an order that is offered: back to its place for a try of this number, accepted, or ended. */
export type Settled =
  | { state: "waiting"; number: number }
  | { state: "accepted"; address: string; acceptedAt: number }
  | { state: "ending"; event: string };

/** Whether no worker has accepted the order. */
export const isBeforeWorker = ({ place }: Placed) => place.state !== "accepted";

/** The engine of the room does not do what it was asked. */
export class RoomFault extends Fault {
  /** Whether it may have been done all the same. */
  readonly isAnswerLost: boolean;

  constructor(reason: string, { isAnswerLost = false, ...options }: ErrorOptions & { isAnswerLost?: boolean } = {}) {
    const message = `the waiting room does not answer: ${reason}; try again later`;
    super("unreachable", message, { ...options, fields: [{ field: "QUEUE_URL", message: reason }] });
    this.isAnswerLost = isAnswerLost;
  }
}

/** Another drainer has the lease of the room. */
export class Fenced extends Error {
  override name = "Fenced";
}
