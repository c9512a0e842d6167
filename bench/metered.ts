import { run, type Spawn } from "#worker/ffmpeg/run.ts";

/** A `spawn` that adds up the CPU time of what it starts. */
export function metered() {
  let seconds = 0;
  const spawn: Spawn = (command) => {
    const running = run(command);
    const ended = running.ended.then((end) => {
      seconds += end.cpuSeconds;
      return end;
    });
    return { ...running, ended };
  };
  return { spawn, seconds: () => seconds };
}
