import { HttpFault } from "#controlplane/http/problem.ts";
import { Fault, invalidField } from "#shared/fault.ts";

const notBytes = () => new HttpFault(415, "send the bytes as Content-Type: application/offset+octet-stream");
const otherVersion = () =>
  new HttpFault(412, "Tus-Resumable: is required, and 1.0.0 is the only version", { "Tus-Version": "1.0.0" });
const noLength = () => invalidField("Upload-Length", "is required, the size of the whole file in bytes");

/** What @tus/server answers by itself, in the words of this service. The protocol names 404, 409, 410, 412, 413 and 415. */
const known: Readonly<Record<string, () => Fault>> = {
  "Upload-Offset header required": () => invalidField("Upload-Offset", "is required"),
  "Upload-Length or Upload-Defer-Length header required": noLength,
  "Content-Type header required": notBytes,
  "Upload-Offset conflict": () => new Fault("conflict", "Upload-Offset: is not where the upload stands; ask with HEAD"),
  "upload's size exceeded": () => new Fault("too_large", "these are more bytes than the upload was to have"),
  "Maximum size exceeded": () => new Fault("too_large", "the file is larger than MAX_UPLOAD_SIZE"),
  "Tus-Resumable Required": otherVersion,
  "creation-defer-length extension is not (yet) supported.": noLength,
  "Concatenation extension is not (yet) supported. Disable parallel uploads in the tus client.": () =>
    invalidField("Upload-Concat", "send the file as one upload: parts are not put together"),
};

/** Headers that are not written as the protocol has them. Of several the first is told. */
const malformed: Readonly<Record<string, () => Fault>> = {
  "tus-resumable": otherVersion,
  "content-type": notBytes,
  "upload-length": () => invalidField("Upload-Length", "write the size of the whole file in bytes"),
  "upload-offset": () => invalidField("Upload-Offset", "write a number of bytes, as HEAD tells it"),
  "upload-metadata": () =>
    invalidField("Upload-Metadata", "write names, each with a space and its value in base64, comma separated"),
  "upload-defer-length": noLength,
};

function malformedIn(words: string) {
  const names = /^Invalid ([a-z -]+)$/.exec(words)?.[1]?.split(" ") ?? [];
  return Object.entries(malformed).find(([name]) => names.includes(name))?.[1];
}

const byStatus: Readonly<Record<number, (words: string) => Fault>> = {
  404: () => new Fault("not_found", "no such upload"),
  410: () => new HttpFault(410, "the upload has expired, or was removed"),
  400: (words) => (isAborted(words) ? notWhole() : new Fault("invalid", words)),
  // An extension of the protocol that is not there.
  501: (words) => new Fault("invalid", words),
};

const isAborted = (words: string) => words.startsWith("Request aborted");
const notWhole = () => new HttpFault(408, "the request did not arrive whole: ask with HEAD where the upload stands");

/** The fault that an error of @tus/server or of its store stands for. */
export function toUploadFault(error: unknown, toStorageFault: (error: unknown) => Fault): Fault {
  if (error instanceof Fault && error.kind !== "delivery_failed") return error;
  const { status_code: status, body } = Object(error);
  const words = typeof body === "string" ? body.trim() : "";
  const fault = (known[words] ?? malformedIn(words))?.() ?? byStatus[Number(status)]?.(words);
  if (fault) return fault;
  const { message } = status === undefined ? toStorageFault(error) : { message: words };
  const cause = error instanceof Error ? error : new Error(words || "no words");
  return new HttpFault(503, `uploads cannot be kept now: ${message}`, { "Retry-After": "5" }, { cause });
}
