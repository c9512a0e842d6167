import { readdirSync } from "node:fs";
import { clip } from "#tests/support/clips.ts";
import { client } from "#tests/support/service.ts";
import { type Figure, median, type Options } from "./figures.ts";
import { memoryOf } from "./process.ts";
import { serveFile, startService } from "./service.ts";

const atOnce = 2;
const [lookEveryMs, busyMs] = [1_000, 50];
/** The ended jobs that a worker remembers, and what fills up like them, take this share of the time to be there. */
const warmUp = 1 / 3;
/** What is compared: the time right after the warm-up, and the last. */
const window = 1 / 6;

type Look = { at: number; memory: number; handles: number };

/** Job after job for a long time: what both processes hold must not grow. */
export async function soak({ minutes }: Options): Promise<Figure[]> {
  await using source = await serveFile(await clip({ seconds: 1, size: "128x72" }));
  await using service = await startService();
  const api = client(service.url);
  const began = performance.now();
  const share = () => (performance.now() - began) / (minutes * 60_000);
  let jobs = 0;

  const lane = async (path: string) => {
    while (share() < 1) {
      const { status, body } = await api.post({ input_url: source.url, preset: "240p_fast", output: { path } });
      if (status !== 202) await Bun.sleep(busyMs);
      if (status !== 202) continue;
      await api.until(body["job_id"], ({ status }) => status === "completed");
      jobs += 1;
    }
  };
  const parts = { worker: service.worker.pid, "control plane": service.controlplane.pid };
  const looks = Object.entries(parts).map(([part, pid]) => ({ part, pid, taken: [] as Look[] }));
  const looking = async () => {
    for (; share() < 1; await Bun.sleep(lookEveryMs))
      for (const { pid, taken } of looks) taken.push(look(pid, share()));
  };
  await Promise.all([looking(), ...Array.from({ length: atOnce }, (_, n) => lane(`soak/${n}.mp4`))]);

  return looks.flatMap(({ part, taken }) => [
    grown(`RSS of the ${part} after ${jobs} jobs in ${minutes} min`, "MB", taken, ({ memory }) => memory / 1e6),
    grown(`open files of the ${part}`, "files", taken, ({ handles }) => handles),
  ]);
}

const look = (pid: number, at: number): Look => ({
  at,
  memory: memoryOf(pid).now,
  handles: readdirSync(`/proc/${pid}/fd`).length,
});

function grown(name: string, unit: Figure["unit"], looks: readonly Look[], of: (look: Look) => number): Figure {
  const within = (from: number) => median(looks.filter(({ at }) => at >= from && at < from + window).map(of));
  return {
    ...{ name, unit, value: within(1 - window) },
    yardstick: { name: "after warm-up", value: within(warmUp) },
    target: { most: 1.1, of: "ratio" },
  };
}
