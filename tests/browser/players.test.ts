import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { startBrowser } from "#tests/support/browser.ts";
import { clip } from "#tests/support/clips.ts";
import { serveOutputs } from "#tests/support/players/server.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const chromium = toolPath("chromium");
const stack = new AsyncDisposableStack();
let api: ReturnType<typeof client>;
let source: string;
let outputs: ReturnType<typeof serveOutputs>;
let browser: Awaited<ReturnType<typeof startBrowser>>;

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  const root = join(home, "out");
  outputs = stack.use(serveOutputs(root));
  const sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 14, size: "854x480", rate: 12 }) }));
  source = sources.url("clip.mp4");
  const port = await freePort();
  stack.use(await startWorker({ port, home, LOCAL_PUBLIC_URL: outputs.url }));
  api = client(stack.use(await startControlplane([port])).url);
  if (chromium) browser = stack.use(await startBrowser());
});
afterAll(() => stack.disposeAsync());

const entries = new Map<string, Promise<string>>();

/** The address that a player opens, of an output of a shipped preset. */
const made = (preset: string) => {
  const entry = entries.get(preset) ?? encode(preset);
  entries.set(preset, entry);
  return entry;
};

async function encode(preset: string) {
  const { body } = await api.post({ input_url: source, preset, output: { path: `${preset}/` } }, { prefer: "wait" });
  expect(body).toMatchObject({ status: "completed" });
  return String(body["output_url"]);
}

/** What a player went through until it was past three seconds. */
type Played = { seconds: number; levels: number[]; errors: string[]; stalls: number };

/** A machine that is busy may stall now and then; an output that makes players stall does so each time. */
async function play(player: "hls" | "dash", url: string, tries = 3): Promise<Played> {
  const played = await playOnce(player, url);
  return played.stalls > 0 && tries > 1 ? play(player, url, tries - 1) : played;
}

async function playOnce(player: "hls" | "dash", url: string): Promise<Played> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${outputs.url}/`);
  await page.addScriptTag({ url: `/${player}.js` });
  const run = player === "hls" ? playHls : playDash;
  const played = await page.evaluate<Played>(`(${run})(${JSON.stringify(url)})`);
  await context.close();
  return played;
}

// Both run in the page. Each switches to another level once playback has begun.
const playHls = `async (url) => {
  const video = document.querySelector("video");
  const hls = new Hls({ maxBufferLength: 2, maxMaxBufferLength: 4 });
  const [levels, errors] = [new Set(), []];
  let stalls = 0;
  video.addEventListener("waiting", () => video.currentTime > 0.5 && stalls++);
  hls.on(Hls.Events.ERROR, (_, { fatal, details }) => fatal && errors.push(details));
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => levels.add(level));
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  video.playbackRate = 2;
  hls.loadSource(url);
  hls.attachMedia(video);
  const passed = (seconds) => new Promise((done) => {
    const look = () => (video.currentTime >= seconds || errors.length > 0) && (video.removeEventListener("timeupdate", look), done());
    video.addEventListener("timeupdate", look);
    hls.on(Hls.Events.ERROR, look);
  });
  await passed(0.5);
  hls.nextLevel = hls.currentLevel === 0 ? hls.levels.length - 1 : 0;
  await passed(7);
  return { seconds: video.currentTime, levels: [...levels], errors, stalls };
}`;

const playDash = `async (url) => {
  const video = document.querySelector("video");
  const player = dashjs.MediaPlayer().create();
  const [levels, errors] = [new Set(), []];
  let stalls = 0;
  video.addEventListener("waiting", () => video.currentTime > 0.5 && stalls++);
  player.on("error", ({ error }) => errors.push(String(error?.message ?? error)));
  player.on("qualityChangeRendered", ({ mediaType, newRepresentation }) => mediaType === "video" && levels.add(newRepresentation.absoluteIndex ?? newRepresentation.index));
  player.updateSettings({ streaming: { buffer: { bufferTimeDefault: 2, bufferTimeAtTopQuality: 2, fastSwitchEnabled: true }, abr: { autoSwitchBitrate: { video: false } } } });
  player.initialize(video, url, true);
  const passed = (seconds) => new Promise((done) => {
    const look = () => (video.currentTime >= seconds || errors.length > 0) && (video.removeEventListener("timeupdate", look), done());
    video.addEventListener("timeupdate", look);
    player.on("error", look);
  });
  await passed(0.5);
  const all = player.getRepresentationsByType("video");
  levels.add(player.getCurrentRepresentationForType("video").absoluteIndex);
  const other = player.getCurrentRepresentationForType("video").absoluteIndex === 0 ? all.length - 1 : 0;
  player.setRepresentationForTypeByIndex("video", other);
  await passed(7);
  return { seconds: video.currentTime, levels: [...levels], errors, stalls };
}`;

test.skipIf(!chromium).each([
  ["hls_720p_abr", "hls", 2],
  ["hls_720p_abr_fmp4", "hls", 2],
  ["hls_720p_aes128", "hls", 1],
  ["dash_720p", "dash", 1],
  ["cmaf_1080p_abr", "hls", 2],
  ["cmaf_1080p_abr", "dash", 2],
] as const)("%s plays with %s.js, through every level, without an error or a stall", async (preset, player, levels) => {
  const entry = await made(preset);
  const played = await play(player, player === "dash" ? entry.replace("master.m3u8", "manifest.mpd") : entry);
  expect(played.errors).toEqual([]);
  expect(played.seconds).toBeGreaterThan(3);
  expect(played.levels.length).toBeGreaterThanOrEqual(levels);
  expect(played.stalls).toBe(0);
});

// Plays to the end, and goes to the other level when told to; `asked` is what it has fetched. That something was missing
// is an error even where the player gets over it.
const playToEnd = `(url) => {
  const video = document.querySelector("video");
  const hls = new Hls({ maxBufferLength: 2, maxMaxBufferLength: 4 });
  const [asked, errors] = [[], []];
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details }) => (fatal || type === "networkError") && errors.push(details));
  hls.on(Hls.Events.FRAG_LOADED, (_, { frag }) => asked.push(frag.url));
  hls.on(Hls.Events.LEVEL_LOADED, (_, { details }) => asked.push(details.url));
  hls.on(Hls.Events.MANIFEST_PARSED, () => video.play());
  hls.loadSource(url);
  hls.attachMedia(video);
  const ended = new Promise((done) => {
    video.addEventListener("ended", done);
    hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && done());
  });
  window.change = () => { hls.nextLevel = hls.currentLevel === 0 ? 1 : 0; };
  window.outcome = async () => { await ended; return { seconds: video.currentTime, errors, asked }; };
}`;

test.skipIf(!chromium)(
  "an output that is encoded again plays on for who was reading it; who comes later gets the new",
  async () => {
    const output = { path: "again/" };
    const order = { input_url: source, preset: "hls_tiny", output };
    const { body: first } = await api.post(order, { prefer: "wait" });
    const url = String(first["output_url"]);
    const open = async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${outputs.url}/`);
      await page.addScriptTag({ url: "/hls.js" });
      await page.evaluate(`(${playToEnd})(${JSON.stringify(url)})`);
      await page.waitForFunction("document.querySelector('video').currentTime > 0.5");
      return page;
    };
    const outcomeOf = (page: Awaited<ReturnType<typeof open>>) =>
      page.evaluate<{ seconds: number; errors: string[]; asked: string[] }>("outcome()");

    const reader = await open();
    // However long the machine takes to encode again, the reader is still in the midst of the old output.
    await reader.evaluate("document.querySelector('video').pause()");
    expect(await api.post(order, { prefer: "wait" })).toMatchObject({ status: 409, body: { kind: "conflict" } });
    const again = await api.post({ ...order, output: { ...output, overwrite: true } }, { prefer: "wait" });
    expect(again.body).toMatchObject({ status: "completed", output_url: url });
    const generation = `/again/${String(again.body["job_id"]).slice(-6)}-1/`;
    expect(await reader.evaluate<number>("document.querySelector('video').currentTime")).toBeLessThan(10);
    await reader.evaluate("change()");
    await reader.evaluate("Object.assign(document.querySelector('video'), { playbackRate: 4 }).play()");
    const old = await outcomeOf(reader);
    expect(old.errors).toEqual([]);
    expect(old.seconds).toBeGreaterThan(13);
    expect(old.asked.filter((one) => one.includes(generation))).toEqual([]);
    expect(new Set(old.asked.filter((one) => one.endsWith(".m3u8"))).size).toBeGreaterThanOrEqual(2);

    const later = await open();
    await later.evaluate("document.querySelector('video').playbackRate = 8");
    const fresh = await outcomeOf(later);
    expect(fresh.errors).toEqual([]);
    expect(fresh.seconds).toBeGreaterThan(13);
    expect(fresh.asked.filter((one) => !one.includes(generation))).toEqual([]);
  },
);
