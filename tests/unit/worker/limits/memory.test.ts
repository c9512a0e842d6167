import { expect, test } from "bun:test";
import { availableMemory, totalMemory } from "#worker/limits/memory.ts";

const MiB = 2 ** 20;
const machine = { "/proc/meminfo": `MemTotal: 16384000 kB\nMemAvailable: ${8_192 * 1_024} kB\n` };
const left = (files: Record<string, string>) => availableMemory((path) => files[path]);

test("without control groups it is what the machine has", () => {
  expect(left(machine)).toBe(8_192 * MiB);
});

test("where the system does not tell, it is not known", () => {
  expect(left({})).toBeUndefined();
});

test("a limit of the group counts, and cached files do not", () => {
  const group = {
    "/proc/self/cgroup": "0::/\n",
    "/sys/fs/cgroup/memory.max": `${1_000 * MiB}\n`,
    "/sys/fs/cgroup/memory.current": `${900 * MiB}\n`,
    "/sys/fs/cgroup/memory.stat": `anon ${300 * MiB}\nfile ${600 * MiB}\ninactive_file ${500 * MiB}\n`,
  };
  expect(left({ ...machine, ...group })).toBe(600 * MiB);
});

test("the tightest of all groups above counts", () => {
  const groups = {
    "/proc/self/cgroup": "0::/system.slice/flux.service\n",
    "/sys/fs/cgroup/system.slice/memory.max": `${512 * MiB}\n`,
    "/sys/fs/cgroup/system.slice/memory.current": `${500 * MiB}\n`,
    "/sys/fs/cgroup/system.slice/flux.service/memory.max": "max\n",
    "/sys/fs/cgroup/system.slice/flux.service/memory.current": `${100 * MiB}\n`,
  };
  expect(left({ ...machine, ...groups })).toBe(12 * MiB);
});

test("version 1 counts too, also where a container shows the path of its host", () => {
  const group = {
    "/proc/self/cgroup": "9:name=systemd:/docker/abc\n4:memory:/docker/abc\n0::/docker/abc\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": `${256 * MiB}\n`,
    "/sys/fs/cgroup/memory/memory.usage_in_bytes": `${200 * MiB}\n`,
    "/sys/fs/cgroup/memory/memory.stat": `cache ${50 * MiB}\ntotal_inactive_file ${40 * MiB}\n`,
  };
  expect(left({ ...machine, ...group })).toBe(96 * MiB);
});

test("in all it is what the machine has, or the tightest group above lets it have", () => {
  const total = (files: Record<string, string>) => totalMemory((path) => files[path]);
  expect(total(machine)).toBe(16_384_000 * 1_024);
  const groups = {
    "/proc/self/cgroup": "0::/system.slice/flux.service\n",
    "/sys/fs/cgroup/system.slice/memory.max": `${512 * MiB}\n`,
    "/sys/fs/cgroup/system.slice/flux.service/memory.max": "max\n",
  };
  expect(total({ ...machine, ...groups })).toBe(512 * MiB);
  expect(total({})).toBeUndefined();
});

test("this machine tells", () => {
  expect(availableMemory()).toBeGreaterThan(MiB);
  expect(totalMemory()).toBeGreaterThanOrEqual(availableMemory() ?? Number.POSITIVE_INFINITY);
});
