import type { DescMethod, MessageInitShape } from "@bufbuild/protobuf";
import type { GenService, GenServiceMethods } from "@bufbuild/protobuf/codegenv2";
import { type ChannelCredentials, Client, connectivityState, credentials, Metadata } from "@grpc/grpc-js";
import { traceparent } from "#shared/tracing/traceparent.ts";
import { channelOptions } from "./channel.ts";
import { faultOf } from "./fault-status.ts";
import { type CallOptions, type Calls, definitionOf, type Reply } from "./method.ts";

export type RpcClient<Methods extends GenServiceMethods> = {
  /** The calls of the service; the first one connects. */
  calls: Calls<Methods>;
  /** Whether there is a connection. Asking does not make one. */
  isConnected(): boolean;
  /** Connects; false when it was refused or took longer than the deadline. */
  connect(deadline: Date): Promise<boolean>;
  /** Closes the connection, which ends running calls. */
  close(): void;
};

export type ClientOptions = {
  /** What is sent as `authorization: Bearer`; absent: nothing. */
  token?: string | undefined;
  /** Absent: those of the system for `https://`, none otherwise. */
  tls?: ChannelCredentials | undefined;
};

/**
 * A typed client of one service at one address (`host:port`, or `https://host:port` for TLS: as `tls` says, else
 * with the system's roots). Nothing is connected until the first call or `connect`. A failed call throws a Fault.
 */
export function rpcClient<Methods extends GenServiceMethods>(
  service: GenService<Methods>,
  address: string,
  { token, tls }: ClientOptions = {},
): RpcClient<Methods> {
  const secure = address.startsWith("https://");
  const client = new Client(
    address.replace(/^https:\/\//, ""),
    secure ? (tls ?? credentials.createSsl()) : credentials.createInsecure(),
    channelOptions,
  );
  const channel = client.getChannel();
  const metadata = () => {
    const entries = new Metadata();
    if (token) entries.set("authorization", `Bearer ${token}`);
    const parent = traceparent();
    if (parent) entries.set("traceparent", parent);
    return entries;
  };
  const calls = Object.fromEntries(
    service.methods.map((method) => [
      method.localName,
      method.methodKind === "server_streaming"
        ? serverStream(client, method, metadata)
        : unary(client, method, metadata),
    ]),
  );
  return {
    calls: calls as unknown as Calls<Methods>,
    isConnected: () => channel.getConnectivityState(false) === connectivityState.READY,
    connect: async (deadline) => {
      let state = channel.getConnectivityState(true);
      while (state !== connectivityState.READY) {
        const moved = await new Promise<boolean>((done) =>
          channel.watchConnectivityState(state, deadline, (error) => done(!error)),
        );
        state = channel.getConnectivityState(true);
        if (state !== connectivityState.READY && (!moved || failed.includes(state))) return false;
      }
      return true;
    },
    close: () => client.close(),
  };
}

const failed = [connectivityState.TRANSIENT_FAILURE, connectivityState.SHUTDOWN];

type MakeMetadata = () => Metadata;

const unary =
  <M extends DescMethod>(client: Client, method: M, metadata: MakeMetadata) =>
  (request: MessageInitShape<M["input"]>, { signal, timeoutMs }: CallOptions = {}) =>
    new Promise<Reply<M>>((resolve, reject) => {
      signal?.throwIfAborted();
      const { path, requestSerialize, responseDeserialize } = definitionOf(method);
      const cancel = () => call.cancel();
      const call = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata(),
        withDeadline(timeoutMs),
        (error, reply) => {
          signal?.removeEventListener("abort", cancel);
          if (error) reject(signal?.aborted ? signal.reason : faultOf(error));
          else resolve(reply as Reply<M>);
        },
      );
      signal?.addEventListener("abort", cancel, { once: true });
    });

const serverStream = <M extends DescMethod>(client: Client, method: M, metadata: MakeMetadata) =>
  async function* (request: MessageInitShape<M["input"]>, { signal, timeoutMs }: CallOptions = {}) {
    signal?.throwIfAborted();
    const { path, requestSerialize, responseDeserialize } = definitionOf(method);
    const call = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata(),
      withDeadline(timeoutMs),
    );
    const cancel = () => call.cancel();
    // Without a listener an error after the reader has left would end the process.
    call.on("error", () => {});
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      for await (const message of call) yield message as Reply<M>;
      signal?.throwIfAborted();
    } catch (error) {
      throw signal?.aborted ? signal.reason : faultOf(error);
    } finally {
      signal?.removeEventListener("abort", cancel);
      call.cancel();
    }
  };

const withDeadline = (timeoutMs: number | undefined) =>
  timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
