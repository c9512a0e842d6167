import {
  create,
  type DescField,
  type DescMessage,
  type DescMethod,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { WorkerService } from "#proto/worker/v1/worker_pb.js";
import { makeRandom, type Random } from "./random.ts";
import { type Rig, runCases } from "./rig.ts";

const knownIds: string[] = ["job-0"];

/** Calls every method with drawn messages and with garbage; tells what should not have happened. */
export async function fuzzGrpc({ workerAddress }: Rig, seed: number, cases: number): Promise<string[]> {
  const client = new Client(workerAddress, credentials.createInsecure());
  const complaints = await runCases(cases, (n) => {
    const random = makeRandom(seed + n);
    const method = random.pick<DescMethod>(WorkerService.methods);
    return call(client, method, requestOf(random, method));
  });
  client.close();
  return complaints;
}

type Drawn = { bytes: Uint8Array; isGarbage: boolean };

function requestOf(random: Random, { input }: DescMethod): Drawn {
  if (random.chance(0.1)) return { bytes: random.bytes(300), isGarbage: true };
  const bytes = toBinary(input, drawn(random, input));
  return random.chance(0.2) ? { bytes: random.mutated(bytes), isGarbage: true } : { bytes, isGarbage: false };
}

function drawn(random: Random, desc: DescMessage): Message {
  const message = reflect(desc, create(desc));
  for (const field of desc.fields) if (random.chance(0.8)) draw(random, message, field);
  return message.message;
}

function draw(random: Random, message: ReflectMessage, field: DescField) {
  if (field.fieldKind === "message") message.set(field, reflect(field.message, drawn(random, field.message)));
  else if (field.fieldKind === "enum") message.set(field, random.below(8));
  else if (field.fieldKind === "scalar") message.set(field, scalar(random, field.scalar, field.name));
  else if (field.fieldKind === "list" && field.listKind === "scalar")
    message.get(field).add(scalar(random, field.scalar, field.name));
  else if (field.fieldKind === "map")
    message.get(field).set(random.text().toWellFormed(), random.text().toWellFormed());
}

const drawers: Partial<Record<ScalarType, (random: Random) => number | bigint | boolean | Uint8Array>> = {
  [ScalarType.DOUBLE]: (random) => random.number(),
  [ScalarType.BOOL]: (random) => random.chance(0.5),
  [ScalarType.BYTES]: (random) => random.bytes(40),
  [ScalarType.INT32]: (random) => Math.trunc(random.number()) | 0,
  [ScalarType.UINT32]: (random) => Math.trunc(random.number()) >>> 0,
  [ScalarType.INT64]: (random) => BigInt.asIntN(64, BigInt(Math.trunc(random.number()))),
  [ScalarType.UINT64]: (random) => BigInt.asUintN(64, BigInt(Math.trunc(random.number()))),
};

function scalar(random: Random, type: ScalarType, name: string) {
  if (type !== ScalarType.STRING) return drawers[type]?.(random) ?? 0;
  return random.chance(0.3) ? random.text().toWellFormed() : likely(random, name);
}

function likely(random: Random, name: string): string {
  const known: Record<string, string[]> = {
    job_id: ["job-1", `job-${random.below(1_000)}`, knownIds[random.below(knownIds.length)] ?? "job"],
    input_url: ["http://127.0.0.1:9/a.mp4"],
    preset: ["720p_h264", "240p_fast"],
    storage: ["", "local"],
    path: ["", `fuzz/${random.below(50)}.mp4`],
    type: ["", "single"],
    publish: ["", "atomic"],
    tenant: ["", "acme"],
    idempotency_key: ["", "", `key-${random.below(20)}`],
    callback_url: ["", "http://127.0.0.1:9/hook"],
    bitrate: ["500k", "1k"],
    maxrate: ["800k", "9999999k"],
    frame_rate: ["25", "<=30", "30000/1001"],
    speed: ["fast", "ultrafast"],
    audio_bitrate: ["64k"],
    granted: ["crf", "size"],
    format: ["webp", "mp4"],
  };
  return random.pick(known[name] ?? [""]);
}

function call(client: Client, method: DescMethod, { bytes, isGarbage }: Drawn): Promise<string | undefined> {
  const path = `/${method.parent.typeName}/${method.name}`;
  const request = Buffer.from(bytes);
  const same = (bytes: Buffer) => bytes;
  const options = { deadline: Date.now() + 10_000 };
  const judged = (error: ServiceError | null) =>
    complaintAbout(error, isGarbage, `${path} ${request.toString("base64")}`);
  return new Promise((resolve) => {
    if (method.methodKind !== "server_streaming") {
      client.makeUnaryRequest(path, same, same, request, options, (error) => resolve(judged(error)));
      return;
    }
    const stream = client.makeServerStreamRequest(path, same, same, request, options);
    stream.on("data", () => {});
    stream.on("error", (error: ServiceError) => resolve(judged(error)));
    stream.on("end", () => resolve(undefined));
  });
}

const [deadlineExceeded, internal, unavailable, unknown] = [4, 13, 14, 2];

function complaintAbout(error: ServiceError | null, isGarbage: boolean, what: string): string | undefined {
  if (!error) return undefined;
  const kind = String(error.metadata?.get("fault-kind")[0] ?? "");
  if (kind === "internal" || [deadlineExceeded, unavailable, unknown].includes(error.code))
    return `${error.message}: ${what}`;
  // That a message cannot be read at all is said by grpc-js, as INTERNAL.
  return error.code === internal && kind === "" && !isGarbage ? `${error.message}: ${what}` : undefined;
}
