import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, type DescMessage, type DescMethod, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { GenServiceMethods } from "@bufbuild/protobuf/codegenv2";

type Request<M extends Pick<DescMethod, "input">> = MessageShape<M["input"]>;
export type Reply<M extends Pick<DescMethod, "output">> = MessageShape<M["output"]>;

/** The handlers of a service: a promise for a unary call, an async iterable for a server stream. */
export type Handlers<Methods extends GenServiceMethods> = {
  [K in keyof Methods]: (
    request: Request<Methods[K]>,
    signal: AbortSignal,
  ) => Methods[K]["methodKind"] extends "server_streaming"
    ? AsyncIterable<MessageInitShape<Methods[K]["output"]>>
    : Promise<MessageInitShape<Methods[K]["output"]>>;
};

export type CallOptions = {
  /** Ends the call, which then throws the reason of the signal. */
  signal?: AbortSignal;
  /** How long the call may take; absent: without end. */
  timeoutMs?: number;
};

/** The calls of a service, with the signatures of its handlers. */
export type Calls<Methods extends GenServiceMethods> = {
  [K in keyof Methods]: (
    request: MessageInitShape<Methods[K]["input"]>,
    options?: CallOptions,
  ) => Methods[K]["methodKind"] extends "server_streaming"
    ? AsyncGenerator<Reply<Methods[K]>, void>
    : Promise<Reply<Methods[K]>>;
};

/** How grpc-js serialises a message. */
const codecOf = <Desc extends DescMessage>(desc: Desc) => ({
  write: (message: MessageInitShape<Desc>) => {
    const bytes = toBinary(desc, create(desc, message));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
  read: (bytes: Buffer) => fromBinary(desc, bytes),
});

/** The definition of a method for grpc-js. */
export function definitionOf(method: DescMethod) {
  const input = codecOf(method.input);
  const output = codecOf(method.output);
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: method.methodKind === "server_streaming",
    requestSerialize: input.write,
    requestDeserialize: input.read,
    responseSerialize: output.write,
    responseDeserialize: output.read,
  } as const;
}
