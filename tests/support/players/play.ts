import type { Browser, Page } from "playwright-core";
import { type Appended, beepsIn } from "./sound.ts";

export type Player = "hls" | "dash" | "shaka";

/** What a player made of an output that it played to its end. Times are seconds of its timeline. */
export type Playback = {
  /** `ended` if the event came; `stuck` if nothing moved any more before that. */
  how: "ended" | "stuck" | "failed";
  /** Where it stopped. */
  seconds: number;
  /** Of waiting or stalled playback once it ran, by whoever told so. */
  stalls: string[];
  /** What ended it too early. */
  errors: string[];
  /** When the picture turns white. */
  flashes: number[];
  /** When a beep begins, by decoded samples where the browser has placed them. */
  beeps: number[];
  /** The last picture that there is to be shown; a busy machine may drop it while it plays. */
  lastFrame: number;
  /** How high the picture was, frame by frame. */
  heights: { seconds: number; height: number }[];
  /** What it had at the end, from and to. */
  buffered: [number, number][];
};

type Options = {
  /** How often an output is played that stalls. Default: 3. */
  tries?: number;
  /** Whether each segment is of another rendition than the one before; there must be two. */
  isSwitching?: boolean;
};

type Frame = { seconds: number; isWhite: boolean; height: number };
type Played = Pick<Playback, "how" | "seconds" | "stalls" | "errors"> & {
  frames: Frame[];
  appended: Appended[];
  buffered: [number, number][];
};

/**
 * Plays an output, whose address is a path of the `origin`, that `serveOutputs` serves; again where it stalled, since a
 * busy machine may do that now and then, and an output that is wrong does it each time.
 */
export async function playToEnd(
  browser: Browser,
  origin: string,
  player: Player,
  path: string,
  { tries = 3, isSwitching = false }: Options = {},
): Promise<Playback> {
  const playback = await playOnce(browser, origin, player, path, isSwitching);
  const hasStalled = playback.how === "stuck" || playback.stalls.length > 0;
  return hasStalled && tries > 1
    ? playToEnd(browser, origin, player, path, { tries: tries - 1, isSwitching })
    : playback;
}

async function playOnce(
  browser: Browser,
  origin: string,
  player: Player,
  path: string,
  isSwitching: boolean,
): Promise<Playback> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await page.addScriptTag({ url: `/${player}.js` });
  await page.addScriptTag({ url: "/page.js" });
  const asked = [player, path, 20_000, isSwitching].map((one) => JSON.stringify(one)).join(", ");
  const played = await page.evaluate<Played>(`playToEnd(${asked})`);
  const { frames, appended, buffered, ...outcome } = played;
  const period = periodOf(frames);
  const flashes = await flashesIn(page, frames, period, buffered);
  const lastFrame = frames.length > 0 ? await page.evaluate<number>(`lastFrame(${period})`) : Number.NaN;
  await context.close();
  return {
    ...outcome,
    flashes,
    beeps: await beepsIn(appended),
    lastFrame,
    heights: frames.map(({ seconds, height }) => ({ seconds, height })),
    buffered,
  };
}

// A frame may be told twice.
const shortestPeriod = 0.005;

/** How long a frame is shown. */
function periodOf(frames: readonly Frame[]): number {
  const gaps = frames.slice(1).map(({ seconds }, at) => seconds - (frames[at]?.seconds ?? 0));
  return Math.min(...gaps.filter((gap) => gap > shortestPeriod));
}

/**
 * When it turns white. A busy machine drops frames, and draws a later one than it tells the time of: what was near a
 * white frame, and where several were dropped, is looked at once more, one by one.
 */
async function flashesIn(
  page: Page,
  frames: readonly Frame[],
  period: number,
  buffered: Played["buffered"],
): Promise<number[]> {
  const [first] = frames;
  if (!first) return [];
  const numberOf = (seconds: number) => Math.round((seconds - first.seconds) / period);
  const played = new Map(frames.map(({ seconds, isWhite }) => [numberOf(seconds), isWhite]));
  const begin = numberOf(buffered[0]?.[0] ?? 0);
  const all = Array.from({ length: Math.max(...played.keys()) + 1 - begin }, (_, at) => begin + at);
  const isNearWhite = (number: number) => [-3, -2, -1, 0, 1, 2, 3].some((more) => played.get(number + more));
  const isDropped = (number: number) => !played.has(number) && !(played.has(number - 1) && played.has(number + 1));
  const open = all.filter((number) => isNearWhite(number) || isDropped(number));
  const times = open.map((number) => first.seconds + number * period);
  const seen = await page.evaluate<boolean[]>(`areWhite(${JSON.stringify(times)}, ${period})`);
  for (const [at, number] of open.entries()) played.set(number, seen[at] ?? false);
  const turns = all.filter((number) => played.get(number) && !played.get(number - 1));
  return turns.map((number) => first.seconds + number * period);
}
