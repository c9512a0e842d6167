import { ListParams } from "#controlplane/routes/list-params.ts";
import { WorkersParams } from "#controlplane/routes/workers.ts";
import { body, client, recorded, search, whileWaiting } from "./causes.ts";
import { limited, ofJob } from "./headers.ts";
import { header, idempotencyKey, jobId, prefer, query } from "./parameters.ts";
import { problems } from "./problems.ts";

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string) => ({ "application/json": { schema: refTo(name) } });

const accepted = {
  description: "A worker has the job: from now on it lives whatever happens to this connection.",
  content: json("Accepted"),
};
const completed = { description: "The job completed while the client waited.", content: json("Event") };

/** Every operation: its parameters, its answers, and every way in which it can fail. */
export const paths = {
  "/api/v1/jobs": {
    post: {
      operationId: "submitJob",
      tags: ["Jobs"],
      summary: "Order an encode",
      parameters: [prefer, idempotencyKey],
      requestBody: { required: true, description: "At most 1 MiB.", content: json("Order") },
      responses: ofJob({
        200: completed,
        202: accepted,
        ...problems(...body, ...client, ...recorded, "not_found", "conflict", ...search, ...whileWaiting),
      }),
    },
    get: {
      operationId: "listJobs",
      tags: ["Jobs"],
      summary: "Running and recent jobs, newest first",
      description: "Running jobs of the connected workers, and the records in storage. Wakes no worker.",
      parameters: query(ListParams),
      responses: limited({
        200: { description: "A page.", content: json("JobPage") },
        ...problems("invalid", ...client, ...recorded),
      }),
    },
  },
  "/api/v1/jobs/{id}": {
    parameters: [jobId],
    get: {
      operationId: "getJob",
      tags: ["Jobs"],
      summary: "A job's state",
      responses: limited({
        200: { description: "Its last event, and its order.", content: json("Job") },
        ...problems(...client, ...recorded, "not_found", "unreachable"),
      }),
    },
    delete: {
      operationId: "cancelJob",
      tags: ["Jobs"],
      summary: "Cancel a job",
      description: "Removes what it had uploaded. Refused once the job has ended or is being published.",
      responses: limited({
        202: { description: "The worker was told.", content: json("Accepted") },
        ...problems(...client, ...recorded, "not_found", "conflict", "unreachable"),
      }),
    },
    patch: {
      operationId: "changeJob",
      tags: ["Jobs"],
      summary: "Change the priority of a job that waits",
      requestBody: { required: true, description: "What changes.", content: json("JobChange") },
      responses: limited({
        200: { description: "The job with its new position.", content: json("Job") },
        ...problems(...body, ...client, "conflict", "unreachable"),
      }),
    },
  },
  "/api/v1/queue": {
    get: {
      operationId: "readQueue",
      tags: ["Jobs"],
      summary: "How much waits for a worker",
      description:
        "Of the client's tenant; with the scope `admin` of all. Not found where the service has no QUEUE_URL.",
      responses: limited({
        200: { description: "The numbers of the waiting room.", content: json("Queue") },
        ...problems(...client, "not_found", "unreachable"),
      }),
    },
  },
  "/api/v1/jobs/{id}/retry": {
    parameters: [jobId],
    post: {
      operationId: "retryJob",
      tags: ["Jobs"],
      summary: "Order an ended job again",
      description:
        "The new job has the ended one's destination. A conflict when the job has not ended, when its source's address was not kept in full, or its callback_url was not and the body names none.",
      parameters: [prefer, idempotencyKey],
      requestBody: { required: false, description: "What is to be otherwise.", content: json("RetryOrder") },
      responses: ofJob({
        200: completed,
        202: accepted,
        ...problems(...body, ...client, ...recorded, "not_found", "conflict", ...search, ...whileWaiting),
      }),
    },
  },
  "/api/v1/jobs/{id}/stream": {
    parameters: [jobId],
    get: {
      operationId: "watchJob",
      tags: ["Jobs"],
      summary: "A job's events as they happen",
      description:
        "Server-Sent Events: `id` is the sequence, `data` an Event. Begins with what came before, a comment every few seconds keeps it open, ends after the final event.",
      parameters: [
        header("Last-Event-ID", "The last sequence seen; events after it follow.", {
          type: "string",
          examples: ["12"],
        }),
      ],
      responses: limited({
        200: {
          description: "The events.",
          content: {
            "text/event-stream": { schema: { type: "string" }, example: 'id: 12\ndata: {"job_id":"..."}\n\n' },
          },
        },
        204: { description: "The final event was seen: there is nothing more." },
        ...problems(...client, ...recorded, "not_found", "unreachable"),
      }),
    },
  },
  "/api/v1/presets": {
    get: {
      operationId: "listPresets",
      tags: ["Presets"],
      summary: "The presets on offer",
      responses: limited({
        200: { description: "All of them.", content: json("PresetPage") },
        ...problems(...client, "unreachable"),
      }),
    },
  },
  "/api/v1/workers/status": {
    get: {
      operationId: "listWorkers",
      tags: ["Workers"],
      summary: "How every worker is",
      parameters: query(WorkersParams),
      responses: limited({ 200: { description: "All of them.", content: json("WorkerPage") }, ...problems(...client) }),
    },
  },
  "/metrics": {
    get: {
      operationId: "readMetrics",
      tags: ["Health"],
      summary: "Metrics for Prometheus",
      description:
        "Needs the scope `metrics:read`, unless METRICS_PUBLIC=true. Holds what this replica saw and what the connected workers say of themselves; wakes no worker.",
      responses: limited({
        200: {
          description: "The Prometheus text format.",
          content: { "text/plain": { schema: { type: "string" }, example: "flux_sse_streams 0\n" } },
        },
        ...problems(...client),
      }),
    },
  },
  ...Object.fromEntries(
    [
      ["/healthz", "isAlive", "Whether the control plane answers", "ok"],
      ["/readyz", "isReady", "Whether it takes requests", "ready"],
    ].map(([path, operationId, summary, status]) => [
      path,
      {
        get: {
          operationId,
          tags: ["Health"],
          summary,
          security: [],
          responses: {
            200: { description: `\`{"status": "${status}"}\``, content: json("Health") },
            ...(path === "/readyz" && { 503: { description: "It is stopping.", content: json("Health") } }),
            ...problems("invalid"),
          },
        },
      },
    ]),
  ),
};
