import { DeleteParams } from "#controlplane/routes/delete-job.ts";
import { ListParams } from "#controlplane/routes/list-params.ts";
import { WorkersParams } from "#controlplane/routes/workers.ts";
import { body, client, posted, recorded, removing, search, whileWaiting } from "./causes.ts";
import { limited, ofJob } from "./headers.ts";
import { header, idempotencyKey, jobId, prefer, query } from "./parameters.ts";
import { type Cause, problems } from "./problems.ts";
import { recordTextPaths } from "./record-text-paths.ts";
import { uploadPaths } from "./upload-paths.ts";

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string) => ({ "application/json": { schema: refTo(name) } });
const text = (type: string, example: string) => ({ [type]: { schema: { type: "string" }, example } });
const answer = (description: string, name: string) => ({ description, content: json(name) });

/** The answers to an authenticated client: those where all is well, and what else may be wrong than with every request. */
const answers = (well: Parameters<typeof limited>[0], causes: readonly Cause[] = []) =>
  limited({ ...well, ...problems(...client, ...causes) });

const operation = (tag: string, operationId: string, summary: string, rest: object) => ({
  operationId,
  tags: [tag],
  summary,
  ...rest,
});

const probe = (operationId: string, summary: string, status: string, others = {}) =>
  operation("Health", operationId, summary, {
    security: [],
    responses: {
      200: answer(`\`{"status": "${status}"}\``, "Health"),
      ...others,
      ...problems("invalid"),
    },
  });

const ordered = ofJob({
  200: answer("The job completed while the client waited.", "Event"),
  202: answer("A worker has the job: from now on it lives whatever happens to this connection.", "Accepted"),
  ...problems(...body, ...client, ...recorded, "not_found", "conflict", ...search, ...whileWaiting),
});

/** Every operation: its parameters, its answers, and every way in which it can fail. */
export const paths = {
  "/api/v1/jobs": {
    post: operation("Jobs", "submitJob", "Order an encode", {
      parameters: [prefer, idempotencyKey],
      requestBody: { required: true, description: "At most 1 MiB.", content: json("Order") },
      responses: ordered,
    }),
    get: operation("Jobs", "listJobs", "Running and recent jobs, newest first", {
      description: "Running jobs of the connected workers, and the records in storage. Wakes no worker.",
      parameters: query(ListParams),
      responses: answers({ 200: answer("A page.", "JobPage") }, ["invalid", ...recorded]),
    }),
  },
  "/api/v1/jobs/{id}": {
    parameters: [jobId],
    get: operation("Jobs", "getJob", "A job's state", {
      responses: answers({ 200: answer("Its last event, and its order.", "Job") }, [
        ...recorded,
        "not_found",
        "unreachable",
      ]),
    }),
    delete: operation("Jobs", "cancelJob", "Cancel a job, or remove one that has ended", {
      description:
        "A cancel removes what the job had uploaded; it is refused once the job has ended or is being published. With `output=true` an ended job goes, with what it has published, what a worker keeps of it, its pending webhooks and its record; what another job has put in the place of an object stays. A removal that fails can be repeated.",
      parameters: query(DeleteParams),
      responses: answers(
        {
          200: answer("The job was removed.", "Removal"),
          202: answer("The worker was told to cancel it.", "Accepted"),
        },
        ["invalid", ...recorded, "not_found", "conflict", "unreachable", removing],
      ),
    }),
    patch: operation("Jobs", "changeJob", "Change the priority of a job that waits", {
      requestBody: { required: true, description: "What changes.", content: json("JobChange") },
      responses: answers({ 200: answer("The job with its new position.", "Job") }, [
        ...body,
        "conflict",
        "unreachable",
      ]),
    }),
  },
  "/api/v1/plan": {
    post: operation("Jobs", "planJob", "What presets would make of a source: a dry run", {
      description:
        "A worker fetches and examines the whole source as it does for a job, in a slot of its own and under the same limits, for at most 10 minutes, and keeps nothing. It encodes nothing. It ends with the connection. It does not come before orders that wait, and counts as a job of its client.",
      requestBody: { required: true, description: "At most 1 MiB.", content: json("PlanOrder") },
      responses: limited({
        200: { description: "What each preset would make, or why it refuses the source.", content: json("Plan") },
        ...problems(...posted, ...client, "not_found", "busy", "unreachable", "timeout", "source_failed"),
      }),
    }),
  },
  "/api/v1/queue": {
    get: operation("Jobs", "readQueue", "How much waits for a worker", {
      description:
        "Of the client's tenant; with the scope `admin` of all. Not found where the service has no QUEUE_URL.",
      responses: answers({ 200: answer("The numbers of the waiting room.", "Queue") }, ["not_found", "unreachable"]),
    }),
  },
  "/api/v1/jobs/{id}/retry": {
    parameters: [jobId],
    post: operation("Jobs", "retryJob", "Order an ended job again", {
      description:
        "The new job has the ended one's destination. A conflict when the job has not ended, when its source's address was not kept in full, or its callback_url was not and the body names none.",
      parameters: [prefer, idempotencyKey],
      requestBody: { required: false, description: "What is to be otherwise.", content: json("RetryOrder") },
      responses: ordered,
    }),
  },
  "/api/v1/jobs/{id}/stream": {
    parameters: [jobId],
    get: operation("Jobs", "watchJob", "A job's events as they happen", {
      description:
        "Server-Sent Events: `id` is the sequence, `data` an Event. Begins with what came before, a comment every few seconds keeps it open, ends after the final event.",
      parameters: [
        header("Last-Event-ID", "The last sequence seen; events after it follow.", {
          type: "string",
          examples: ["12"],
        }),
      ],
      responses: answers(
        {
          200: { description: "The events.", content: text("text/event-stream", 'id: 12\ndata: {"job_id":"..."}\n\n') },
          204: { description: "The final event was seen: there is nothing more." },
        },
        [...recorded, "not_found", "unreachable"],
      ),
    }),
  },
  "/api/v1/presets": {
    get: operation("Presets", "listPresets", "The presets on offer", {
      responses: answers({ 200: answer("All of them.", "PresetPage") }, ["unreachable"]),
    }),
  },
  "/api/v1/workers/status": {
    get: operation("Workers", "listWorkers", "How every worker is", {
      parameters: query(WorkersParams),
      responses: answers({ 200: answer("All of them.", "WorkerPage") }),
    }),
  },
  ...uploadPaths,
  ...recordTextPaths,
  "/metrics": {
    get: operation("Health", "readMetrics", "Metrics for Prometheus", {
      description:
        "Needs the scope `metrics:read`, unless METRICS_PUBLIC=true. Holds what this replica saw and what the connected workers say of themselves; wakes no worker.",
      responses: answers({
        200: { description: "The Prometheus text format.", content: text("text/plain", "flux_sse_streams 0\n") },
      }),
    }),
  },
  "/healthz": { get: probe("isAlive", "Whether the control plane answers", "ok") },
  "/readyz": {
    get: probe("isReady", "Whether it takes requests", "ready", {
      503: answer("It is stopping.", "Health"),
    }),
  },
};
