import { once } from "node:events";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  logVerbosity,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type StatusObject,
  setLogVerbosity,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { orExhausted } from "#shared/exhausted.ts";
import { parseTraceparent, within } from "#shared/tracing/traceparent.ts";
import { channelOptions } from "./channel.ts";
import { statusOf } from "./fault-status.ts";
import { definitionOf, type Handlers } from "./method.ts";
import { checkToken } from "./token.ts";

// Failures are thrown; the messages of grpc-js are no JSON and do not belong into a log.
setLogVerbosity(logVerbosity.NONE);

type Options = {
  host: string;
  /** The port to listen at; 0: any free one. */
  port: number;
  /** The bearer token that every call must carry; absent: none is needed. */
  token?: string | undefined;
  /** The TLS credentials; absent: plaintext. */
  tls?: ServerCredentials | undefined;
  /** Called with every failure that no handler expected, and with every lack of resources. */
  onFailure(error: unknown, about: Called): void;
};

/** The method of a call, and the job id of its request if it names one. */
export type Called = { method: string; job_id?: string };

/**
 * Serves one service. A Fault that a handler throws becomes the status of the call; the signal of a handler aborts when
 * the caller leaves.
 */
export async function serveRpc<Methods extends GenServiceMethods>(
  service: GenService<Methods>,
  handlers: Handlers<Methods>,
  { host, port, token, tls, onFailure }: Options,
) {
  const server = new Server(channelOptions);
  const definitions = Object.fromEntries(service.methods.map((method) => [method.localName, definitionOf(method)]));
  const edge: Edge = { check: checkToken(token), fail };
  function fail(error: unknown, about: Called) {
    const fault = orExhausted(error);
    const refusal = statusOf(fault);
    if (fault !== error || refusal.metadata.get("fault-kind")[0] === "internal") onFailure(fault, about);
    return refusal;
  }

  server.addService(
    definitions,
    Object.fromEntries(
      service.methods.map((method) => {
        const handler = handlers[method.localName] as never;
        return [
          method.localName,
          method.methodKind === "server_streaming"
            ? stream(method.name, handler, edge)
            : unary(method.name, handler, edge),
        ];
      }),
    ) as UntypedServiceImplementation,
  );

  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`${host}:${port}`, tls ?? ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    ),
  );
  return {
    /** The port it listens at, also when any free one was asked for. */
    port: bound,
    /** Takes no new calls and lets running ones end; those that run longer than the grace are cut. */
    async stop(graceMs: number) {
      const cut = setTimeout(() => server.forceShutdown(), graceMs);
      await new Promise<void>((done) => server.tryShutdown(() => done()));
      clearTimeout(cut);
    },
  };
}

/** Surrounds each handler with authentication, tracing and the translation of faults. */
type Edge = { check(metadata: Metadata): void; fail(error: unknown, about: Called): StatusObject };
type Handler<Answer> = (request: unknown, signal: AbortSignal) => Answer;

const unary =
  (method: string, handler: Handler<Promise<unknown>>, { check, fail }: Edge): handleUnaryCall<unknown, unknown> =>
  async (call, reply) => {
    const signal = abortedBy(call);
    try {
      check(call.metadata);
      reply(null, await within(callerIn(call), () => handler(call.request, signal)));
    } catch (error) {
      // Nothing can be said to a caller that has left, and the abort of its call is no failure.
      reply(signal.aborted ? { code: status.CANCELLED } : fail(error, calledBy(method, call)));
    }
  };

const stream =
  (
    method: string,
    handler: Handler<AsyncIterable<unknown>>,
    { check, fail }: Edge,
  ): handleServerStreamingCall<unknown, unknown> =>
  async (call) => {
    const signal = abortedBy(call);
    try {
      check(call.metadata);
      await within(callerIn(call), () => pump(handler(call.request, signal), call, signal));
      call.end();
    } catch (error) {
      if (!signal.aborted) call.emit("error", fail(error, calledBy(method, call)));
    }
  };

function calledBy(method: string, { request }: { request: unknown }): Called {
  const { jobId }: { jobId?: unknown } = Object(request);
  return { method, ...(typeof jobId === "string" && jobId !== "" && { job_id: jobId.slice(0, 64) }) };
}

/** The trace context of the caller. */
const callerIn = ({ metadata }: { metadata: Metadata }) => parseTraceparent(metadata.get("traceparent")[0]?.toString());

async function pump(
  messages: AsyncIterable<unknown>,
  call: ServerWritableStream<unknown, unknown>,
  signal: AbortSignal,
) {
  for await (const message of messages) {
    if (!call.write(message)) await drained(call, signal);
  }
}

function abortedBy(call: { cancelled: boolean; on(event: "cancelled", listener: () => void): unknown }): AbortSignal {
  const left = new AbortController();
  call.on("cancelled", () => left.abort());
  if (call.cancelled) left.abort();
  return left.signal;
}

// The stream of a caller that has left never drains, so that the abort is awaited too.
async function drained(call: ServerWritableStream<unknown, unknown>, signal: AbortSignal) {
  await once(call, "drain", { signal }).catch(() => {});
  signal.throwIfAborted();
}
