import { join } from "node:path";
import { createFileRegistry, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import {
  Client,
  credentials,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
} from "@grpc/grpc-js";

// `buf build --as-file-descriptor-set` of a former worker.proto.
const descriptors = join(import.meta.dir, "../fixtures/worker-v1-former.binpb");

/**
 * A link that carries between a control plane and a worker only what a former version of the protocol had: to each of
 * the two the other is of that version. What came with later ones is unknown.
 */
export async function startFormerLink(workerPort: number) {
  const set = fromBinary(FileDescriptorSetSchema, new Uint8Array(await Bun.file(descriptors).arrayBuffer()));
  const service = createFileRegistry(set).getService("worker.v1.WorkerService");
  if (!service) throw new Error("the descriptors hold no WorkerService");
  const worker = new Client(`127.0.0.1:${workerPort}`, credentials.createInsecure());
  const server = new Server();

  const asFormer = (message: DescMessage) => (bytes: Uint8Array) =>
    Buffer.from(toBinary(message, fromBinary(message, bytes, { readUnknownFields: false })));
  const asItIs = (bytes: Buffer) => bytes;

  const definition: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const handlers: Record<string, handleUnaryCall<Buffer, Buffer> | handleServerStreamingCall<Buffer, Buffer>> = {};
  for (const { name, input, output, methodKind } of service.methods) {
    const path = `/${service.typeName}/${name}`;
    const [ask, answer] = [asFormer(input), asFormer(output)];
    const responseStream = methodKind === "server_streaming";
    definition[name] = {
      ...{ path, requestStream: false, responseStream, requestSerialize: asItIs, responseDeserialize: asItIs },
      ...{ requestDeserialize: ask, responseSerialize: answer },
    };
    const unary: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
      const asked = worker.makeUnaryRequest(path, asItIs, asItIs, call.request, new Metadata(), reply);
      call.on("cancelled", () => asked.cancel());
    };
    const stream: handleServerStreamingCall<Buffer, Buffer> = (call) => {
      const asked = worker.makeServerStreamRequest(path, asItIs, asItIs, call.request, new Metadata());
      call.on("cancelled", () => asked.cancel());
      asked.on("data", (message: Buffer) => call.write(message));
      asked.on("error", (error) => call.emit("error", error));
      asked.on("end", () => call.end());
    };
    handlers[name] = responseStream ? stream : unary;
  }
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    ),
  );
  return {
    port,
    [Symbol.dispose]() {
      server.forceShutdown();
      worker.close();
    },
  };
}
