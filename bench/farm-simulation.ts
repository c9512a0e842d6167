import { join } from "node:path";
import { temporaryFolder } from "#tests/support/service.ts";
import { sharedSeconds as sharedLength } from "#worker/plan/shared-seconds.ts";
import { farmSeconds } from "./farm.ts";
import { costsOf, ofLongerPieces } from "./farm-costs.ts";
import type { Figure } from "./figures.ts";
import { footage } from "./job.ts";
import { serveFile } from "./service.ts";
import { aloneSeconds, sharedSeconds } from "./simulation/farm.ts";
import type { Costs, Farm } from "./simulation/world.ts";
import { fetchedByWorker } from "./source.ts";
import { hollowFile } from "./work.ts";

const [preset, size] = ["hls_720p", "1280x720"];
/** Measured are three pieces of 20 s. */
const measured = { minutes: 1, pieceSeconds: 20 };
const [minutes, workers] = [60, 16];
const pieceSeconds = sharedLength(minutes * 60, workers);

/** A store of the same region, and lines of 10 Gbit/s. */
const network = { requestSeconds: 0.02, callSeconds: 0.003, bytesPerSecond: 1.25e9 };

/**
 * How much quicker 16 workers of one core are than one of them with a film of an hour, in pieces as long as by themselves: simulated, by
 * what each step costs on a film of a minute; and what the simulation says of that film and two workers, against two workers.
 */
export async function farmSimulation(): Promise<Figure[]> {
  const file = await footage({ size, seconds: measured.minutes * 60 });
  const found = await costsOf(file, preset, measured.pieceSeconds);
  const short: Costs = { ...found, fetch: (await fetchSeconds(1e9)) * (found.sourceBytes / 1e9) };
  const costs = { ...short, ...ofLongerPieces(short, measured.pieceSeconds, pieceSeconds / measured.pieceSeconds) };
  for (const [name, cost] of Object.entries(costs)) console.error(`${name}: ${cost.toFixed(cost < 1000 ? 3 : 0)}`);

  const farm: Farm = { ...network, minutes, workers, pieces: Math.round((minutes * 60) / pieceSeconds) };
  const alone = await aloneSeconds(costs, farm);
  const course = await sharedSeconds(costs, farm);
  console.error(`one worker: ${alone.toFixed(1)} s; ${workers}:`, course);

  const small = { minutes: measured.minutes, workers: 2, pieces: (measured.minutes * 60) / measured.pieceSeconds };
  // Neither the storage nor the network of one machine makes anybody wait.
  const near = { ...network, ...small, requestSeconds: 0.001, callSeconds: 0.001 };
  const simulated = await sharedSeconds(short, near);
  const truth = await farmSeconds(file, 2, measured.pieceSeconds);
  return [
    {
      name: `${workers} workers of one core, ${minutes} min of ${size} by ${preset}, simulated: as fast as one`,
      ...{ value: alone / course.all, unit: "times", yardstick: { name: "workers", value: workers } },
      target: { least: 0.8, of: "ratio" },
    },
    {
      name: `two such workers, ${measured.minutes} min in pieces of ${measured.pieceSeconds} s, simulated`,
      ...{ value: simulated.all, unit: "s", yardstick: { name: "in truth", value: truth } },
    },
  ];
}

/** What fetching so many bytes takes of a processor. */
async function fetchSeconds(bytes: number): Promise<number> {
  await using folder = await temporaryFolder();
  await using served = await serveFile(await hollowFile(join(folder.path, "hollow.mp4"), bytes));
  return (await fetchedByWorker(served.url)).cpuSeconds;
}
