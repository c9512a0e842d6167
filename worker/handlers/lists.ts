import type { Log } from "#shared/log.ts";
import type { Records } from "#shared/records.ts";
import { statusFromWire } from "#shared/rpc/event-message.ts";
import type { RetainedOutputs } from "#worker/delivery/retained-outputs.ts";
import type { Rules } from "#worker/jobs/accept.ts";
import { listJobs, listRetained } from "#worker/jobs/list.ts";
import { listed } from "#worker/jobs/listed.ts";
import type { Registry } from "#worker/jobs/registry.ts";
import type { Methods } from "./methods.ts";

export type ListDeps = {
  registry: Registry;
  records: Records;
  retained: RetainedOutputs;
  rules: Pick<Rules, "presets">;
  log: Log;
};

/** Lists jobs and presets. */
export const listHandlers = ({
  registry,
  records,
  retained,
  rules,
  log,
}: ListDeps): Pick<Methods, "listJobs" | "listPresets"> => ({
  async listJobs({ status, limit, cursor, tenant, kept: onlyRetained }, signal) {
    const query = {
      status: statusFromWire(status),
      limit: Math.min(limit || 50, 200),
      before: cursor || undefined,
      tenant,
    };
    const { jobs, incomplete } = onlyRetained
      ? await listRetained({ registry, retained, records }, query, signal)
      : await listJobs(registry, records, query, signal);
    const messages = listed(jobs, (jobId) =>
      log.warn({ job_id: jobId }, "a job cannot be listed: its record is too large"),
    );
    return { ...messages, incomplete };
  },

  async listPresets() {
    const presets = [...rules.presets.values()];
    return {
      presets: presets.map(({ name, description, output_type, extension }) => ({
        name,
        description,
        outputType: output_type,
        extension,
      })),
    };
  },
});
