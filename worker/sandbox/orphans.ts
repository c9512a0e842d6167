import { closeSync, writeSync } from "node:fs";
import type { Argv } from "#worker/ffmpeg/argv.ts";

/** Sees to it that nothing that this process starts outlives it. */
export type OrphanKiller = {
  /** The command as it is to be started: as a group of its own, with a pipe as descriptor 3. It waits there for `begin`. */
  waiting(argv: Argv): Argv;
  /** Lets a command begin that was started with the pipe. */
  begin(pid: number, pipe: number): void;
  /** The command has ended. */
  ended(pid: number): void;
};

// Ends without the command when who started it is gone. exec keeps pid, signals and the count of CPU time.
const gate = 'read -r _ <&3 || exit 125; exec "$@" 3<&-';

// In the background of a shell that ends at once: the watcher is not our child then. Spaces surround each word of the list.
const watcher = `cd / && (
  groups=" "
  while read -r what group; do
    case "$what$groups" in
      began*) groups="$groups$group " ;;
      ended*" $group "*) groups="\${groups%% "$group" *} \${groups#* "$group" }" ;;
    esac
  done
  for group in $groups; do kill -s KILL -- "-$group"; done
) <&3 3<&- >/dev/null 2>&1 &`;

/**
 * A watcher beside this process knows the process groups of the commands that run, and kills them when its pipe from
 * here ends: the kernel closes that however this process ends. A command begins only when the watcher knows it. A parent
 * death signal (prctl) would leave what is started in the moment in which this process dies: it is set by the child, too
 * late, and not inherited by the child's children.
 */
export function makeOrphanKiller(): OrphanKiller {
  const groups = new Set<number>();
  let pipe: number | undefined;

  const start = () => {
    const child = Bun.spawn(["sh", "-c", watcher], { stdio: ["ignore", "ignore", "ignore", "pipe"], detached: true });
    return pipeOf(child);
  };
  const tell = (what: "began" | "ended", pid: number) => {
    try {
      if (pipe !== undefined) return void writeSync(pipe, `${what} ${pid}\n`);
    } catch {
      // Somebody has killed the watcher.
      if (pipe !== undefined) closeSync(pipe);
    }
    pipe = start();
    for (const group of groups) writeSync(pipe, `began ${group}\n`);
  };

  return {
    waiting: (argv) => ["sh", "-c", gate, "sh", ...argv],
    begin(pid, gatePipe) {
      groups.add(pid);
      tell("began", pid);
      try {
        writeSync(gatePipe, "begin\n");
      } catch {
        // It was killed before.
      }
      closeSync(gatePipe);
    },
    ended(pid) {
      groups.delete(pid);
      tell("ended", pid);
    },
  };
}

/** Our end of the pipe that a child has as its descriptor 3. */
export function pipeOf({ stdio }: { stdio: readonly unknown[] }): number {
  const [, , , pipe] = stdio;
  if (typeof pipe !== "number") throw new Error("the child has no pipe");
  return pipe;
}
