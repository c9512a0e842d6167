import type * as v from "valibot";
import { inTime } from "#shared/async/in-time.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import { checkedFields } from "./fields.ts";
import { HttpFault } from "./problem.ts";

const maxBytes = 2 ** 20;
// Long enough for the largest body on a slow line.
const deadlineMs = 20_000;

/** Reads and validates the JSON body of a request; the fault names each field that is wrong. */
export async function readJson<const S extends v.GenericSchema>(
  request: Request,
  schema: S,
  timeoutMs = deadlineMs,
): Promise<v.InferOutput<S>> {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(request.headers.get("Content-Type") ?? ""))
    throw new HttpFault(415, "send the body as Content-Type: application/json", { Accept: "application/json" });
  if (!/^(identity)?$/i.test(request.headers.get("Content-Encoding") ?? ""))
    throw new HttpFault(415, "send the body without Content-Encoding", { "Accept-Encoding": "identity" });
  return checkedFields(schema, parsed(await readText(request, timeoutMs)));
}

async function readText(request: Request, timeoutMs: number): Promise<string> {
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) throw tooLarge();
  const body = await wholeBody(request.body, timeoutMs).catch((error) => {
    throw error instanceof Fault ? error : invalidField("body", "did not arrive whole");
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(body));
  } catch {
    throw invalidField("body", "is not UTF-8");
  }
}

/** Reads a body up to its largest size, which a chunked body does not tell beforehand, and within the time limit. */
async function wholeBody(body: ReadableStream<Uint8Array> | null, timeoutMs: number) {
  if (!body) return [];
  const reader = body.getReader();
  const read = async () => {
    const chunks: Uint8Array[] = [];
    for (let bytes = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return chunks;
      bytes += value.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(value);
    }
  };
  return inTime(read(), timeoutMs, tooSlow).finally(() => void reader.cancel().catch(() => {}));
}

const tooSlow = () => new HttpFault(408, "the body did not arrive in time", { Connection: "close" });

const tooLarge = () => new Fault("too_large", "the body is over 1 MiB");

function parsed(text: string): unknown {
  if (text.trim() === "") throw invalidField("body", "is empty; send a JSON object");
  const value = anyJson(text);
  // A schema of objects would take a list for an object without fields.
  if (Array.isArray(value)) throw invalidField("body", "must be a JSON object");
  return value;
}

function anyJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidField("body", "is not valid JSON");
  }
}
