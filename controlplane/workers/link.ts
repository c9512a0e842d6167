import { type JobProgress, WorkerService } from "#proto/worker/v1/worker_pb.js";
import { abortable } from "#shared/async/abortable.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { toFault } from "#shared/fault.ts";
import { type ClientOptions, rpcClient } from "#shared/rpc/client.ts";

const openClient = (address: string, options: ClientOptions) => rpcClient(WorkerService, address, options);

type WorkerClient = ReturnType<typeof openClient>;
type WorkerCalls = WorkerClient["calls"];

/** The connection to one worker. Only the methods whose comments say so connect, which wakes a sleeping machine. */
export type Link = {
  /** As WORKER_NODES names it. */
  readonly address: string;
  /** Whether there is a connection. Asking does not make one. */
  isConnected(): boolean;
  /** Connects, which wakes the machine; false when it was refused, took too long, or the signal aborted. */
  connect(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Makes one call. Connects if need be: check `isConnected` first where the machine must not wake. */
  ask<Answer>(question: (calls: WorkerCalls) => Promise<Answer>): Promise<Answer>;
  /** Streams the events of one call, connecting like `ask`. The call must be given the signal. */
  follow(open: OpenStream, signal: AbortSignal): AsyncGenerator<JobProgress, void>;
  /** Whether the last connection failed less than 30 seconds ago. */
  failedRecently(): boolean;
  /** Says that the worker is needed, until it is disposed of: for a job there that is followed. */
  hold(): Disposable;
  /** Whether somebody holds the link, or a call or stream is under way. */
  isHeld(): boolean;
  /** Closes the connection until the next call, which ends every stream. */
  disconnect(): void;
  /** Ends every stream. Jobs on the worker go on. */
  close(): void;
};

type OpenStream = (calls: WorkerCalls, signal: AbortSignal) => AsyncIterable<JobProgress>;

type Options = ClientOptions & { now(): number };

const recentMs = 30_000;

export function openLink(address: string, { now, ...options }: Options): Link {
  let client: WorkerClient | undefined;
  const closing = new AbortController();
  let connecting = 0;
  let holders = 0;
  let failedAt = Number.NEGATIVE_INFINITY;

  const opened = () => {
    client ??= openClient(address, options);
    return client;
  };
  // A gRPC channel that failed to connect would go on trying by itself, and wake the machine for nobody.
  const closeUnlessConnected = () => {
    if (connecting > 0 || client?.isConnected()) return;
    disconnect();
  };
  const failed = () => {
    failedAt = now();
    closeUnlessConnected();
  };
  const hold = () => {
    holders += 1;
    let isOver = false;
    return {
      [Symbol.dispose]() {
        if (!isOver) holders -= 1;
        isOver = true;
      },
    };
  };
  const disconnect = () => {
    client?.close();
    client = undefined;
  };
  const noteFailure = (error: unknown) => {
    if (toFault(error).kind === "unreachable") failed();
    return error;
  };

  return {
    address,
    isConnected: () => client?.isConnected() ?? false,
    async connect(timeoutMs, signal = new AbortController().signal) {
      connecting += 1;
      const deadline = new Date(Date.now() + timeoutMs);
      const isConnected = await abortable(opened().connect(deadline), signal)
        .catch((error) => {
          if (!signal.aborted) throw error;
          return false;
        })
        .finally(() => {
          connecting -= 1;
        });
      if (isConnected) failedAt = Number.NEGATIVE_INFINITY;
      else if (signal.aborted) closeUnlessConnected();
      else failed();
      return isConnected;
    },
    async ask(question) {
      using _ = hold();
      try {
        return await question(opened().calls);
      } catch (error) {
        throw noteFailure(error);
      }
    },
    async *follow(open, signal) {
      using _ = hold();
      try {
        using linked = linkedSignal([signal, closing.signal]);
        yield* open(opened().calls, linked.signal);
      } catch (error) {
        throw noteFailure(error);
      }
    },
    failedRecently: () => now() - failedAt < recentMs,
    hold,
    isHeld: () => holders > 0 || connecting > 0,
    disconnect,
    close() {
      closing.abort();
      client?.close();
    },
  };
}
