import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { keptPath, runFfmpeg } from "#tests/support/clips.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const [width, height, rate, scenes, sceneSeconds] = [480, 270, 24, 8, 12];
export const filmSeconds = scenes * sceneSeconds;
const size = `${width}x${height}`;

/** The filters of a scene, by its number. They may take the texture, which is their first input. */
type Scene = (number: number) => string;

/** A window that wanders over the texture; `speed` is how fast it does, `view` how much it shows. */
function wandering(speed: number, view: number): string {
  const at = (side: string, turns: number) => `'(i${side}-o${side})*(0.5+0.5*sin(${turns.toFixed(2)}*t))'`;
  const window = `w=${width * view}:h=${height * view}:x=${at("w", speed)}:y=${at("h", speed * 0.7)}`;
  return `[0:v]crop=${window},scale=${width}:${height}:flags=area`;
}

/** A bar that turns and wanders over what is named. */
const bar = (under: string, { colour, sides, path }: { colour: string; sides: string; path: string }, over: string) =>
  `color=c=${colour}:s=${sides}:r=${rate},format=yuva444p,rotate=a='0.5*t':c=none:ow=150:oh=150[${over}-bar];` +
  `[${under}][${over}-bar]overlay=${path}[${over}]`;

/** Films as unlike as ffmpeg draws them without any footage. */
const films: Readonly<Record<string, Scene>> = {
  natural: (at) => `${wandering(0.08 + 0.05 * at, 1.2 + 0.25 * (at % 4))},noise=alls=${2 + (at % 3)}:allf=t`,
  animation: (at) =>
    [
      `gradients=s=${size}:r=${rate}:n=${2 + (at % 3)}:speed=0.0${1 + (at % 4)}:seed=${at + 1}[back]`,
      bar(
        "back",
        { colour: "0xd03020", sides: `${60 + 10 * at}x60`, path: `x='150+150*sin(t)':y='50+50*cos(t)'` },
        "one",
      ),
      bar("one", { colour: "0x20a040", sides: `50x${40 + 10 * at}`, path: `x='150-140*cos(0.7*t)':y='60'` }, "two"),
      "[two]null",
    ].join(";"),
  // Like fine print that stands still or scrolls, below a window.
  screen: (at) =>
    [
      `cellauto=s=${size}:rule=${[30, 110, 90, 18][at % 4]}:rate=${at % 2 === 0 ? 1 : 12}:seed=${at + 1},fps=${rate}[page]`,
      `color=c=0x304060:s=180x120:r=${rate}[window]`,
      `[page][window]overlay=x='${20 * at}+30*floor(t/4)':y=60`,
    ].join(";"),
  grain: (at) => `${wandering(0.05, 2)},noise=alls=${5 + (at % 4)}:allf=t`,
  sport: (at) => `${wandering(1.2 + 0.3 * at, 1 + 0.2 * (at % 3))},noise=alls=${5 + (at % 3)}:allf=t`,
};

export const filmNames = Object.keys(films);

/** The film of this name, kept for the next run. */
export async function film(name: string): Promise<string> {
  const scene = films[name];
  if (!scene) throw new Error(`there is no film ${name}`);
  const all = Array.from({ length: scenes }, (_, at) => scene(at));
  const texture = await kept(textureArgs, "png", (path) => runFfmpeg([...textureArgs, path]));
  return kept([...all, textureArgs], "mp4", async (path) => {
    await using folder = await temporaryFolder();
    const files = all.map((_, at) => join(folder.path, `${at}.mp4`));
    for (const [at, filters] of all.entries()) {
      await runFfmpeg([
        ...["-loop", "1", "-framerate", String(rate), "-t", String(sceneSeconds), "-i", texture],
        ...[
          "-filter_complex",
          `${filters},format=yuv420p,setsar=1[film]`,
          "-map",
          "[film]",
          "-t",
          String(sceneSeconds),
        ],
        ...["-c:v", "libx264", "-preset", "veryfast", "-crf", "8", files[at] ?? ""],
      ]);
    }
    const list = join(folder.path, "list");
    await Bun.write(list, files.map((file) => `file ${file}\n`).join(""));
    await runFfmpeg(["-f", "concat", "-safe", "0", "-i", list, "-c", "copy", path]);
  });
}

const octaves = [8, 16, 32, 64, 128, 256, 512];

/** Noise of every size, the larger the stronger, as textures of nature have it. */
const textureArgs = [
  ...octaves.flatMap((side) => {
    const noise = "geq=lum='random(1)*255':cb='96+random(2)*64':cr='96+random(3)*64'";
    return ["-f", "lavfi", "-i", `nullsrc=s=${side}x${Math.ceil((side * 9) / 16)},${noise}`];
  }),
  "-filter_complex",
  [
    ...octaves.map((_, at) => `[${at}:v]format=yuv444p,scale=1280:720:flags=bicubic[o${at}]`),
    `${octaves.map((_, at) => `[o${at}]`).join("")}mix=inputs=${octaves.length}:weights=${octaves.map((side) => ((8 / side) ** 0.7).toFixed(3)).join(" ")},eq=contrast=2.2`,
  ].join(";"),
  ...["-frames:v", "1"],
];

async function kept(made: unknown, container: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = await keptPath(made, container);
  if (await Bun.file(path).exists()) return path;
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `bench-${process.pid}-${Bun.hash(path)}.${container}`);
  await make(unfinished);
  await rename(unfinished, path);
  return path;
}
