import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { abortable } from "#shared/async/abortable.ts";
import { linkedSignal } from "#shared/async/linked-signal.ts";
import { ignoring } from "#shared/errors.ts";
import { Fault, toFault } from "#shared/fault.ts";
import { type ClientOptions, rpcClient } from "#shared/rpc/client.ts";

const openClient = (address: string, options: ClientOptions) => rpcClient(WorkerService, address, options);

type WorkerClient = ReturnType<typeof openClient>;
type WorkerCalls = WorkerClient["calls"];

/** The connection to one worker. Only the methods whose comments say so connect, which wakes a sleeping machine. */
export type Link = ReturnType<typeof openLink>;

type OpenStream<Message> = (calls: WorkerCalls, signal: AbortSignal) => AsyncIterable<Message>;

type Options = ClientOptions & { now(): number };

const recentMs = 30_000;

/**
 * A worker that has answered within this time is taken for awake. Shorter than most machines take to stop after their
 * last job and be asleep; longer than a running job is silent.
 */
const awakeMs = 5_000;

export function openLink(address: string, { now, ...options }: Options) {
  let client: WorkerClient | undefined;
  const closing = new AbortController();
  let connecting = 0;
  const holders = makeCounter();
  const expectations = makeCounter();
  let failedAt = Number.NEGATIVE_INFINITY;
  let answeredAt = Number.NEGATIVE_INFINITY;

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
    answeredAt = Number.NEGATIVE_INFINITY;
    closeUnlessConnected();
  };
  const disconnect = () => {
    client?.close();
    client = undefined;
  };
  const noteFailure = (error: unknown) => {
    if (toFault(error).kind === "unreachable") failed();
    // Anything else that is no abort was said by the worker.
    else if (error instanceof Fault) answered();
    return error;
  };
  const answered = () => {
    answeredAt = now();
    failedAt = Number.NEGATIVE_INFINITY;
  };
  const isConnected = () => client?.isConnected() ?? false;
  const hasAnsweredRecently = () => isConnected() && now() - answeredAt < awakeMs;

  const connect = async (timeoutMs: number, signal = new AbortController().signal) => {
    connecting += 1;
    const deadline = new Date(Date.now() + timeoutMs);
    const connected = await abortable(opened().connect(deadline), signal)
      .catch(ignoring(() => signal.aborted))
      .finally(() => {
        connecting -= 1;
      });
    if (connected) failedAt = Number.NEGATIVE_INFINITY;
    else if (signal.aborted) closeUnlessConnected();
    else failed();
    return connected ?? false;
  };
  const ask = async <Answer>(question: (calls: WorkerCalls) => Promise<Answer>) => {
    using _ = holders.add();
    try {
      const answer = await question(opened().calls);
      answered();
      return answer;
    } catch (error) {
      throw noteFailure(error);
    }
  };

  return {
    /** As WORKER_NODES names it. */
    address,
    /** Whether there is a connection. Asking does not make one. */
    isConnected,
    /** Connects, which wakes the machine; false when it was refused, took too long, or the signal aborted. */
    connect,
    /**
     * Connects and asks until the worker itself answers, which a front that accepts connections for a machine that still
     * boots does not do for it; false when it was refused, took too long, or the signal aborted. Never rejects.
     */
    async wake(timeoutMs: number, signal = new AbortController().signal) {
      using _ = expectations.add();
      const over = performance.now() + timeoutMs;
      try {
        if (!(await connect(timeoutMs, signal))) return false;
        const restMs = Math.max(1, over - performance.now());
        await ask((calls) => calls.getStatus({}, { timeoutMs: restMs, signal }));
        return true;
      } catch (error) {
        return !signal.aborted && toFault(error).kind !== "unreachable";
      }
    },
    /** Whether the worker has answered less than 5 seconds ago by the connection that there is. */
    hasAnsweredRecently,
    /** Makes one call. Connects if need be: check `isConnected` first where the machine must not wake. */
    ask,
    /** Streams the messages of one call, connecting like `ask`. The call must be given the signal. */
    async *follow<Message>(open: OpenStream<Message>, signal: AbortSignal) {
      using _ = holders.add();
      try {
        using linked = linkedSignal([signal, closing.signal]);
        for await (const event of open(opened().calls, linked.signal)) {
          answered();
          yield event;
        }
      } catch (error) {
        throw noteFailure(error);
      }
    },
    /** Whether the last connection failed less than 30 seconds ago. */
    failedRecently: () => now() - failedAt < recentMs,
    /** Says that the worker is needed, until it is disposed of: for a job there that is followed. */
    hold: holders.add,
    /** Says that somebody waits for the worker to answer, until it is disposed of. */
    expect: expectations.add,
    /** Whether somebody waits for the worker to answer, and it has not yet. */
    isStarting: () => expectations.count > 0 && !hasAnsweredRecently(),
    /** Whether somebody holds the link, or a call or stream is under way. */
    isHeld: () => holders.count > 0 || connecting > 0,
    /** Closes the connection until the next call, which ends every stream. */
    disconnect,
    /** Ends every stream. Jobs on the worker go on. */
    close() {
      closing.abort();
      client?.close();
    },
  };
}

/** Counts what was added and not yet disposed of. */
function makeCounter() {
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(): Disposable {
      count += 1;
      const added = new DisposableStack();
      added.defer(() => {
        count -= 1;
      });
      return added;
    },
  };
}
