import * as v from "valibot";
import { described, describedUrl, optional } from "#shared/described.ts";
import { faultKinds } from "#shared/fault.ts";
import { type Facts, factsFromJson, factsToJson, StoredFacts } from "./facts.ts";
import { type CamelKeys, camelKeys, snakeKeys } from "./field-names.ts";
import { storedInt32, storedInt64, storedReal } from "./number.ts";
import { OutputsJson } from "./output-facts.ts";
import { type Pieces, PiecesJson, piecesToJson, StoredPieces } from "./pieces.ts";
import { QualityJson } from "./quality-facts.ts";
import { type Receipt, ReceiptJson, receiptFromJson, receiptToJson, StoredReceipt } from "./receipt.ts";
import { SourceJson, SourcesJson } from "./source-facts.ts";
import { jobStatuses } from "./status.ts";

export const outputTypes = ["single", "hls", "dash", "cmaf"] as const;
export type OutputType = (typeof outputTypes)[number];

/** The number before the first sequence number of an attempt. */
export const sequenceBefore = (attempt: number) => (attempt - 1) * 1_000_000;

/** The JSON of an event in REST, SSE, webhooks and records. */
export const EventJson = v.object({
  job_id: described(v.string(), "The job's id; it names its worker.", "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90"),
  sequence: described(
    v.number(),
    "Grows with each event: (attempt - 1) * 1,000,000 + n. Send the last one seen as Last-Event-ID to go on after it.",
    12,
  ),
  status: described(v.picklist(jobStatuses), "completed, failed and cancelled are final.", "processing"),
  attempt: described(v.number(), "From 1; grows when the job runs again after its worker crashed or was stopped.", 1),
  timestamp: described(v.string(), "When, RFC 3339.", "2026-01-01T12:34:56.000Z"),
  progress: optional(
    v.number(),
    "Percent encoded, 0 to 100. Never goes back within an attempt; absent while unknown.",
    45.5,
  ),
  message: optional(v.string(), "What is being done, for people.", "Encoding frame 1234/5678"),
  fps: optional(v.number(), "Frames encoded a second.", 61.2),
  speed: optional(v.number(), "Seconds of video encoded a second.", 2.1),
  eta_seconds: optional(v.number(), "Seconds until the encode ends, as far as can be told.", 14),
  pieces: v.exactOptional(
    v.pipe(
      PiecesJson,
      v.metadata({
        description:
          "How far the pieces are, while the pictures of a longer film are encoded in pieces and joined; in the final event of a completed job, how they were made.",
      }),
    ),
  ),
  files_uploaded: optional(v.number(), "Files delivered to the storage so far.", 7),
  files_total: optional(v.number(), "Files that the output consists of.", 15),
  bytes_uploaded: optional(v.number(), "Bytes delivered to the storage so far.", 1_048_576),
  output_url: v.exactOptional(
    describedUrl(
      v.string(),
      "Where a player reads the output; set when completed.",
      "https://cdn.example.com/video_123.mp4",
    ),
  ),
  output_type: optional(v.picklist(outputTypes), "What a player finds there.", "single"),
  error: v.exactOptional(
    v.object({
      kind: described(v.picklist(faultKinds), "The kind of fault, for programs.", "encode_failed"),
      message: described(v.string(), "Why the job failed or was cancelled, for people.", "ffmpeg could not decode it"),
      errors: optional(
        v.array(
          v.object({
            field: described(v.string(), "The field of the order that is to blame.", "overlay.0.url"),
            message: described(
              v.string(),
              "What is wrong with it, for people.",
              "is a PDF: use a PNG, a WebP or a GIF",
            ),
          }),
        ),
        "The fields of the order that are to blame; absent where that is none of them.",
        [{ field: "overlay.0.url", message: "is a PDF: use a PNG, a WebP or a GIF" }],
      ),
    }),
  ),
  warnings: optional(
    v.array(v.string()),
    "What a viewer may miss in an output that was published all the same, for people; absent when nothing.",
    ["3 of 7200 packets of pictures cannot be decoded"],
  ),
  source: v.exactOptional(SourceJson),
  sources: v.exactOptional(SourcesJson),
  outputs: v.exactOptional(OutputsJson),
  quality: v.exactOptional(QualityJson),
  receipt: v.exactOptional(ReceiptJson),
  trace_id: optional(
    v.string(),
    "The trace that the job belongs to, when it is traced.",
    "4bf92f3577b34da6a3ce929d0e0e4736",
  ),
  position: optional(
    v.number(),
    "Orders of the same tenant and priority that are ahead, plus 1; only while the job waits for a worker.",
    3,
  ),
  certificate_url: v.exactOptional(
    describedUrl(
      v.string(),
      "Where the signed certificate of what was made is, below this server; only of a completed job whose worker has a SIGNING_KEY.",
      "/api/v1/jobs/1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90/certificate",
      "uri-reference",
    ),
  ),
  accepted_at: optional(
    v.string(),
    "When a worker took the job, RFC 3339; only of jobs that waited for one.",
    "2026-01-01T12:34:56.000Z",
  ),
});
export type EventJson = v.InferOutput<typeof EventJson>;

/** One event in a job's life, with the fields of `EventJson`; a field is absent when it has nothing to tell. */
export type JobEvent = Omit<CamelKeys<EventJson>, "receipt" | "pieces" | keyof Facts> &
  Facts & { receipt?: Receipt; pieces?: Pieces };

/** What a step reports of a job; the reporter adds the id, the sequence number, the attempt and the time. */
export type JobUpdate = Omit<JobEvent, "jobId" | "sequence" | "attempt" | "timestamp">;

const StoredEvent = v.object({
  ...EventJson.entries,
  sequence: storedInt64,
  attempt: storedInt32,
  progress: v.exactOptional(storedReal),
  fps: v.exactOptional(storedReal),
  speed: v.exactOptional(storedReal),
  eta_seconds: v.exactOptional(storedReal),
  pieces: v.exactOptional(StoredPieces),
  files_uploaded: v.exactOptional(storedInt32),
  files_total: v.exactOptional(storedInt32),
  bytes_uploaded: v.exactOptional(storedInt64),
  position: v.exactOptional(storedInt32),
  receipt: v.exactOptional(StoredReceipt),
  ...StoredFacts.entries,
});

/** Reads an event that this or a former version has stored. */
export const EventFromJson = v.pipe(
  StoredEvent,
  v.transform(({ receipt, source, sources, outputs, quality, ...json }): JobEvent => {
    const facts = factsFromJson({ source, sources, outputs, quality });
    return { ...camelKeys(json), ...facts, ...(receipt && { receipt: receiptFromJson(receipt) }) };
  }),
);

// Receivers have always seen the fields in this order: what every event has, what is being done, then the rest.
const names = Object.keys(EventJson.entries);
const last = names.slice(names.indexOf("eta_seconds")).filter((name) => name !== "error");

export const eventToJson = ({ receipt, pieces, source, sources, outputs, quality, ...event }: JobEvent) =>
  snakeKeys<EventJson>(
    {
      ...event,
      ...(pieces && { pieces: piecesToJson(pieces) }),
      ...factsToJson({ source, sources, outputs, quality }),
      ...(receipt && { receipt: receiptToJson(receipt) }),
    },
    last,
  );
