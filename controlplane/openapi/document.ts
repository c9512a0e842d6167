import { toJsonSchemaDefs } from "@valibot/to-json-schema";
import * as v from "valibot";
import { JobJson } from "#controlplane/lookup/job-json.ts";
import { type jobOrder, RetryOrder } from "#controlplane/orders/order.ts";
import { PlanJson } from "#controlplane/orders/plan-json.ts";
import { planOrder } from "#controlplane/orders/plan-order.ts";
import { Removal } from "#controlplane/routes/delete-job.ts";
import { JobChange } from "#controlplane/routes/jobs.ts";
import { JwkSet } from "#controlplane/routes/jwks.ts";
import { QueueReport } from "#controlplane/routes/queue.ts";
import { PresetSummary } from "#controlplane/workers/presets.ts";
import { WorkerReport } from "#controlplane/workers/report.ts";
import { described, describedUrl, optional } from "#shared/described.ts";
import { EventJson } from "#shared/job/event.ts";
import { version } from "#shared/version.ts";
import { headers } from "./headers.ts";
import { paths } from "./paths.ts";
import { Problem } from "./problems.ts";

const jobId = "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90";

const Accepted = v.object({
  job_id: described(v.string(), "The job's id.", jobId),
  position: optional(v.number(), "Orders of the same tenant and priority that wait before this one, plus 1.", 3),
  status: described(v.string(), "The job's state; `cancelling` in the answer to a cancel.", "queued"),
  stream_url: describedUrl(
    v.string(),
    "Where its events are, below this server.",
    `/api/v1/jobs/${jobId}/stream`,
    "uri-reference",
  ),
});
const Incomplete = v.array(
  v.object({
    part: described(v.string(), "What is missing: `records`, `waiting room`, or a worker.", "records"),
    reason: described(
      v.string(),
      "Why; it names what did not answer.",
      "s3 (bucket media at https://minio.example.com): the storage cannot be reached",
    ),
  }),
);
const JobPage = v.object({
  jobs: v.array(JobJson),
  next_cursor: optional(v.string(), "Send it as `cursor` for the next page; absent on the last.", jobId),
  incomplete: v.exactOptional(Incomplete),
});
const PresetPage = v.object({ presets: v.array(PresetSummary) });
const WorkerPage = v.object({ workers: v.array(WorkerReport) });
const Health = v.object({
  status: described(v.string(), "ok, ready or stopping.", "ok"),
  incomplete: v.exactOptional(Incomplete),
});

const tags = [
  { name: "Jobs", description: "Orders and what becomes of them." },
  { name: "Uploads", description: "Files of clients that jobs read." },
  { name: "Presets", description: "What can be made of a source." },
  { name: "Workers", description: "The machines that encode." },
  { name: "Health", description: "For whoever runs the service." },
];

const info = {
  title: "flux-encoder",
  version,
  description:
    "One request turns a video URL into published renditions in your own storage. Errors are `application/problem+json` (RFC 9457) with a `kind`.",
  license: { name: "Apache-2.0", identifier: "Apache-2.0" },
};

/** The API as an OpenAPI 3.1 document, made from the schemas that validate requests and shape answers. */
export function openapiDocument(orderSchema: ReturnType<typeof jobOrder>) {
  const schemas = {
    Order: orderSchema,
    RetryOrder,
    JobChange,
    Removal,
    Queue: QueueReport,
    Accepted,
    Event: EventJson,
    Job: JobJson,
    JobPage,
    PlanOrder: planOrder(),
    Plan: PlanJson,
    Preset: PresetSummary,
    PresetPage,
    Worker: WorkerReport,
    WorkerPage,
    Health,
    JwkSet,
    Problem,
  };
  return {
    openapi: "3.1.0",
    info,
    servers: [{ url: "/" }],
    tags,
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "One of the keys in API_KEY. Not asked for on loopback without keys.",
        },
      },
      headers,
      schemas: toJsonSchemaDefs(schemas, {
        typeMode: "input",
        target: "draft-2020-12",
        // A check that JSON Schema cannot express is told in the description.
        errorMode: "ignore",
        overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
      }),
    },
  };
}
