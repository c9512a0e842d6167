import { dirname, join } from "node:path";
import { readIfThere } from "#shared/proc.ts";

type Read = (path: string) => string | undefined;

/**
 * How many bytes this process and its children may still use, as limited by the machine and by each of their control groups
 * (version 1 and 2); undefined where the system does not say.
 */
export function availableMemory(read: Read = readIfThere): number | undefined {
  const found = [machineLeft(read), ...groupsLeft(read)].filter((bytes) => bytes !== undefined);
  return found.length > 0 ? Math.min(...found) : undefined;
}

/**
 * How many bytes of memory the machine has, or the tightest of the control groups that limit this process; undefined where
 * the system does not say.
 */
export function totalMemory(read: Read = readIfThere): number | undefined {
  const kibibytes = numberAfter("MemTotal:", read("/proc/meminfo"));
  if (kibibytes === undefined) return undefined;
  const limits = groupsOf(read).map(({ group, files }) => Number(read(join(group, files.limit)) ?? Number.NaN));
  return Math.min(kibibytes * 1_024, ...limits.filter((bytes) => !Number.isNaN(bytes)));
}

function machineLeft(read: Read) {
  const kibibytes = numberAfter("MemAvailable:", read("/proc/meminfo"));
  return kibibytes === undefined ? undefined : kibibytes * 1_024;
}

const v1 = { limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes", cache: "total_inactive_file" };
const v2 = { limit: "memory.max", used: "memory.current", cache: "inactive_file" };

const groupsLeft = (read: Read) => groupsOf(read).map(({ group, files }) => groupLeft(read, group, files));

/** The control groups of memory that this process belongs to, each with the names of its files. */
function groupsOf(read: Read) {
  const memberships = (read("/proc/self/cgroup") ?? "").trim().split("\n");
  return memberships.flatMap((line) => {
    const [, controllers, path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const files = controllers === "" ? v2 : controllers?.split(",").includes("memory") ? v1 : undefined;
    if (!files) return [];
    const root = files === v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    return upwards(path).map((group) => ({ group: join(root, group), files }));
  });
}

function groupLeft(read: Read, group: string, files: typeof v1) {
  const limit = Number(read(join(group, files.limit)) ?? Number.NaN);
  const used = Number(read(join(group, files.used)) ?? Number.NaN);
  if (Number.isNaN(limit + used)) return undefined;
  // Cached files count as free: the kernel drops them before it kills a process.
  return limit - used + (numberAfter(files.cache, read(join(group, "memory.stat"))) ?? 0);
}

// A container without a namespace for control groups shows paths of its host, and its own group at the root.
const upwards = (path: string): string[] => (path === "/" ? ["/"] : [path, ...upwards(dirname(path))]);

function numberAfter(name: string, text: string | undefined) {
  const line = text?.split("\n").find((line) => line.startsWith(`${name} `));
  return line === undefined ? undefined : Number.parseInt(line.slice(name.length), 10);
}
