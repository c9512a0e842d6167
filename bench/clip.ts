import { join } from "node:path";
import { runFfmpeg } from "#tests/support/clips.ts";
import { client, temporaryFolder } from "#tests/support/service.ts";
import { type Figure, median, spreadOf } from "./figures.ts";
import { serveRanges, startService } from "./service.ts";

const pairs = 5;
const preset = "720p_h264";
const [seconds, hours] = [60, 2];

/** A minute from the middle of a film of two hours, by a link, against the same minute in a file of its own. */
export async function clip(): Promise<Figure[]> {
  await using folder = await temporaryFolder();
  const [own, whole] = [join(folder.path, "minute.mp4"), join(folder.path, "film.mp4")];
  await runFfmpeg([
    ...["-f", "lavfi", "-i", `testsrc2=size=640x360:rate=30:duration=${seconds},noise=alls=6:allf=t`],
    ...["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...["-c:v", "libx264", "-preset", "veryfast", "-b:v", "1M", "-pix_fmt", "yuv420p", "-c:a", "aac", "-ac", "2", own],
  ]);
  const times = (hours * 3_600) / seconds;
  await runFfmpeg(["-stream_loop", String(times - 1), "-i", own, "-c", "copy", whole]);
  await using film = await serveRanges(whole);
  await using minute = await serveRanges(own);
  await using service = await startService();
  const api = client(service.url);
  const make = async (order: object) => {
    const began = performance.now();
    const { body } = await api.post({ preset, ...order });
    const { receipt } = await api.until(body["job_id"], ({ status }) => status === "completed");
    return { seconds: (performance.now() - began) / 1_000, bytes: receipt?.bytes_in ?? 0 };
  };
  const half = (times / 2) * seconds;
  const rounds: { part: number; own: number; bytes: number }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const alone = await make({ input_url: minute.url });
    const part = await make({ input_url: film.url, clip: { start: half, end: half + seconds } });
    rounds.push({ part: part.seconds, own: alone.seconds, bytes: part.bytes });
  }
  const ratios = rounds.map(({ part, own: alone }) => part / alone);
  const name = `${seconds} s from the middle of ${hours} hours of 360p`;
  return [
    {
      ...{ name: `${name}, POST to completed`, unit: "s", value: median(rounds.map(({ part }) => part)) },
      spread: spreadOf(ratios),
      yardstick: { name: "a file of its own", value: median(rounds.map((round) => round.own)) },
      ratio: median(ratios),
      target: { most: 1.15, of: "ratio" },
    },
    {
      ...{ name: `bytes fetched for ${name}`, unit: "MB", value: median(rounds.map(({ bytes }) => bytes)) / 1e6 },
      yardstick: { name: "all of it", value: Bun.file(whole).size / 1e6 },
      target: { most: 0.03, of: "ratio" },
    },
  ];
}
