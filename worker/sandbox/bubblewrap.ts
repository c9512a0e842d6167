import { readlinkSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { orUndefined } from "#shared/errors.ts";
import type { Argv } from "#worker/ffmpeg/argv.ts";
import type { Access } from "#worker/ffmpeg/run.ts";

/** Turns a command into one that can reach only what it needs. */
export type Confine = (argv: Argv, access: Access) => Argv;

// As the first process of its namespace the command is a direct child of bubblewrap: it gets the signals of this process,
// and its CPU time is counted.
const isolation = [
  ...["--unshare-user", "--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
  ...["--as-pid-1", "--die-with-parent", "--cap-drop", "ALL"],
];

// libx265 starts no threads where it cannot see the processors.
const seen = [
  ...["/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/var/cache/fontconfig"],
  ...["/sys/devices/system/cpu", "/sys/devices/system/node"],
];

/** Confines commands with bubblewrap: no network, and of the disk only programs, libraries and what the command names. */
export function bubblewrap(bwrap: string, more: readonly string[] = []): Confine {
  const before = [
    ...[...isolation, ...more],
    ...["--ro-bind", "/usr", "/usr"],
    ...["/lib", "/lib32", "/lib64"].flatMap(asOnHost),
    ...seen.flatMap(readable),
    ...["--dev", "/dev", "--tmpfs", "/tmp"],
  ];
  return ([name, ...args], { reads = [], writes = [] }) => {
    const program = realpathSync(Bun.which(name) ?? name);
    const visible = program.startsWith("/usr/") ? reads : [program, ...reads];
    return [
      bwrap,
      ...before,
      ...visible.flatMap(readable),
      ...writes.flatMap((path) => ["--bind", resolve(path), resolve(path)]),
      ...["--remount-ro", "/", "--"],
      ...[program, ...args],
    ];
  };
}

const readable = (path: string) => ["--ro-bind-try", resolve(path), resolve(path)];

// Most systems keep their libraries in /usr and have links to them.
function asOnHost(path: string): string[] {
  const target = orUndefined(() => readlinkSync(path));
  return target === undefined ? readable(path) : ["--symlink", target, path];
}
