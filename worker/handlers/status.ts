import { loadavg } from "node:os";
import { orUndefined } from "#shared/errors.ts";
import { diskSizeOf } from "#worker/disk-space.ts";
import { totalMemory } from "#worker/limits/memory.ts";
import { presetSummary } from "#worker/presets/summary.ts";
import type { Methods, ServiceDeps } from "./methods.ts";

/** Answers how the worker is and what it can do. */
export const statusHandlers = (deps: ServiceDeps): Pick<Methods, "getStatus" | "listPresets"> => ({
  async getStatus({ withMetrics }) {
    const { registry, slots, rules } = deps;
    const { ffmpeg, ffmpegVersion, queue, workDir, ...about } = deps.about;
    // A status is answered also where a disk or the system does not tell.
    const disk = await diskSizeOf(workDir).catch(() => undefined);
    const running = registry.all().filter((job) => !job.hasEnded());
    return {
      ...about,
      currentJobs: slots.inUse,
      maxConcurrentJobs: slots.limit,
      activeJobIds: running.map((job) => job.order.jobId),
      draining: registry.isDraining,
      load: (loadavg()[0] ?? 0) / about.cpus,
      memory: BigInt(residentMemory()),
      machineMemory: BigInt(orUndefined(() => totalMemory()) ?? 0),
      diskFree: BigInt(disk?.freeBytes ?? 0),
      diskTotal: BigInt(disk?.totalBytes ?? 0),
      ffmpegVersion: ffmpegVersion(),
      ...(withMetrics && { metrics: await deps.metrics.text() }),
      capabilities: [
        ...["path-prefix", "idempotency", "remove-output", "plan", "measure", "pieces"],
        ...["params", "picture", "thumbnails", "clip", "overlay", "loudness", "audio", "subtitles", "inputs"],
        ...(queue() ? ["queue"] : []),
        ...(rules.signs ? ["certificate"] : []),
        ...(deps.uploads ? ["upload"] : []),
        ...[...rules.storages.keys()].map((name) => `storage:${name}`),
        ...ffmpeg(),
      ],
    };
  },

  async listPresets() {
    return { presets: [...deps.rules.presets.values()].map(presetSummary) };
  },
});

/** In bytes; 0 where it cannot be read: Bun reads it from a file, and the process may have no file descriptor left. */
const residentMemory = () => orUndefined(() => process.memoryUsage.rss()) ?? 0;
