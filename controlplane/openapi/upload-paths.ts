import { client, recorded } from "./causes.ts";
import { limited, withHeaders } from "./headers.ts";
import { header } from "./parameters.ts";
import { type Cause, problems } from "./problems.ts";

const uploadId = {
  name: "id",
  in: "path",
  required: true,
  description: "The upload's id, the last part of its Location.",
  schema: { type: "string", pattern: "^[0-9a-f]{32}$" },
  example: "5f2b1c0d9e8a7f6b5c4d3e2f1a0b9c8d",
};
const resumable = {
  ...header("Tus-Resumable", "The version of the protocol: 1.0.0.", { type: "string", examples: ["1.0.0"] }),
  required: true,
};
const bytes = (name: string, description: string, example: number) => ({
  ...header(name, description, { type: "integer", minimum: 0, examples: [example] }),
  required: true,
});
const offset = bytes("Upload-Offset", "Where the upload stands, in bytes, as HEAD tells it.", 5_242_880);
const length = bytes("Upload-Length", "The size of the file in bytes, from 1 to MAX_UPLOAD_SIZE.", 104_857_600);
const metadata = header(
  "Upload-Metadata",
  "What HEAD tells again: names, each with a value in base64, comma separated; at most 4096 characters.",
  { type: "string", examples: ["filename Y2xpcC5tcDQ="] },
);

const away: Cause = { kind: "unreachable", status: 503, meaning: "the storage of uploads does not answer; try again" };
const version: Cause = { kind: "invalid", status: 412, meaning: "Tus-Resumable is missing, or another version" };
const missing: Cause = { kind: "not_found", status: 404, meaning: "there is no such upload, or no uploads are taken" };
const gone: Cause = { kind: "not_found", status: 410, meaning: "the upload has expired, or was removed" };
const notWhole: Cause = { kind: "invalid", status: 408, meaning: "the body did not arrive whole; ask with HEAD" };
const tooLarge: Cause = {
  kind: "too_large",
  status: 413,
  meaning: "more bytes than the upload was to have, than MAX_UPLOAD_SIZE, or than there is room for",
};
const mediaType: Cause = {
  kind: "invalid",
  status: 415,
  meaning: "the bytes are not sent as application/offset+octet-stream",
};
const elsewhere: Cause = {
  kind: "conflict",
  status: 409,
  meaning: "Upload-Offset is not where the upload stands, or the upload is finished",
};
const inUse: Cause = { kind: "conflict", status: 409, meaning: "a job that has not ended reads the upload" };

const answers = (well: Parameters<typeof limited>[0], ...causes: readonly Cause[]) =>
  limited({ ...well, ...problems(...client, "invalid", version, missing, away, ...causes) });
const operation = (operationId: string, summary: string, rest: object) => ({
  operationId,
  tags: ["Uploads"],
  summary,
  ...rest,
});
const content = (required: boolean, description: string) => ({
  required,
  description,
  content: { "application/offset+octet-stream": { schema: {} } },
});
/** The operations on uploads, as tus 1.0 has them. */
export const uploadPaths = {
  "/api/v1/uploads": {
    post: operation("createUpload", "Begin an upload", {
      description:
        "Resumable uploads by tus 1.0 with its extensions creation, creation-with-upload and termination. Not found where the service has no UPLOAD_STORAGE. An upload belongs to the client's tenant; a job reads it by the `input_url` `upload:<id>`. Where uploads are taken, `GET /healthz` has the header Tus-Version.",
      parameters: [resumable, length, metadata],
      requestBody: content(false, "The first bytes, if any."),
      responses: answers(
        { 201: { description: "It may be continued at Location.", headers: withHeaders("Location") } },
        ...[tooLarge, notWhole],
      ),
    }),
  },
  "/api/v1/uploads/{id}": {
    parameters: [uploadId],
    head: operation("readUpload", "Where an upload stands", {
      parameters: [resumable],
      responses: answers({ 200: { description: "Upload-Offset and Upload-Length tell." } }, gone),
    }),
    patch: operation("continueUpload", "Go on with an upload", {
      description:
        "After a broken connection ask with HEAD first: bytes that arrived are kept as far as the storage can.",
      parameters: [resumable, offset],
      requestBody: content(true, "The bytes from Upload-Offset on, any number."),
      responses: answers(
        {
          204: {
            description: "Upload-Offset tells where it stands now; the upload is finished when that is its length.",
          },
        },
        ...[gone, tooLarge, notWhole, mediaType, elsewhere],
      ),
    }),
    delete: operation("removeUpload", "Remove an upload", {
      parameters: [resumable],
      responses: answers(
        { 204: { description: "Nothing is left of it." } },
        ...[gone, inUse, ...recorded, "unreachable" as const],
      ),
    }),
  },
};
