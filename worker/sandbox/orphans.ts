import { closeSync, writeSync } from "node:fs";
import type { Argv } from "#worker/ffmpeg/argv.ts";

/** Ensures that no command which this process starts outlives it. */
export type OrphanKiller = ReturnType<typeof makeOrphanKiller>;

// Ends without running the command when this process is gone. exec keeps the pid, the signals and the CPU time.
const gate = 'read -r _ <&3 || exit 125; exec "$@" 3<&-';

// Runs in the background of a shell that ends at once, so that it is no child of this process. Spaces surround each group.
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
 * A watcher, a process of its own, knows the process groups of the running commands and kills them when its pipe from this
 * process ends: the kernel closes the pipe however this process ends. A command begins only when the watcher knows it. A
 * parent death signal (prctl) would not do: the child sets it, too late if this process dies at that moment, and the
 * child's own children do not inherit it.
 */
export function makeOrphanKiller() {
  const groups = new Set<number>();
  let pipe: number | undefined;

  const start = () => {
    const child = Bun.spawn(["sh", "-c", watcher], { stdio: ["ignore", "ignore", "ignore", "pipe"], detached: true });
    return pipeOf(child);
  };
  const notify = (what: "began" | "ended", pid: number) => {
    try {
      if (pipe !== undefined) return void writeSync(pipe, `${what} ${pid}\n`);
    } catch {
      // The watcher was killed: another one is started.
      if (pipe !== undefined) closeSync(pipe);
    }
    pipe = start();
    for (const group of groups) writeSync(pipe, `began ${group}\n`);
  };

  return {
    /** The command to start instead, as a process group of its own with a pipe as descriptor 3. It waits for `begin`. */
    waiting: (argv: Argv): Argv => ["sh", "-c", gate, "sh", ...argv],
    /** Lets a waiting command begin; `gatePipe` is this process's end of its pipe. */
    begin(pid: number, gatePipe: number) {
      groups.add(pid);
      notify("began", pid);
      try {
        writeSync(gatePipe, "begin\n");
      } catch {
        // The command was killed before it began.
      }
      closeSync(gatePipe);
    },
    /** To be called when the command has ended. */
    ended(pid: number) {
      groups.delete(pid);
      notify("ended", pid);
    },
  };
}

/** This process's end of the pipe that a child has as descriptor 3. */
export function pipeOf({ stdio }: { stdio: readonly unknown[] }): number {
  const [, , , pipe] = stdio;
  if (typeof pipe !== "number") throw new Error("the child has no pipe");
  return pipe;
}
