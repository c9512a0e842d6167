import { run, type Spawn } from "#worker/ffmpeg/run.ts";

/** A `spawn` that adds up the CPU time of what it starts, by another one where it is given. */
export function metered(start: Spawn = run) {
  let seconds = 0;
  const spawn: Spawn = (command) => {
    const running = start(command);
    const ended = running.ended.then((end) => {
      seconds += end.cpuSeconds;
      return end;
    });
    return { ...running, ended };
  };
  return { spawn, seconds: () => seconds };
}
