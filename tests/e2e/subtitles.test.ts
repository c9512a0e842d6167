import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { lumaOf } from "#tests/support/luma.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, serveFiles, temporaryFolder } from "#tests/support/service.ts";

const stack = new AsyncDisposableStack();
let url: string;
let sources: ReturnType<typeof serveFiles>;

const rendition = { size: 90, crf: 40, maxrate: "900k", bufsize: "900k" };
const video = { codec: "h264", speed: "ultrafast", gop_seconds: 1, renditions: [rendition] };
const audio = { codec: "aac", bitrate: "64k" };
const presets = [
  { name: "film", description: "d", video, audio },
  { name: "cmaf", description: "d", output_type: "cmaf", video, audio, segments: { seconds: 1 } },
];

const srt = (words: string) =>
  `1\r\n00:00:00,500 --> 00:00:01,500\r\n${words}\r\n\r\n2\r\n00:00:01,600 --> 00:00:01,900\r\n<i>${words}</i>\r\n`;
const ass = [
  "[Script Info]\nScriptType: v4.00+\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]",
  "Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Underline, Alignment, MarginL, MarginR, MarginV",
  "Style: Default,Arial,20,&H00FFFFFF,0,0,0,2,10,10,10\nStyle: Sign,Arial,20,&H00FFFFFF,-1,0,0,8,10,10,10\n\n[Events]",
  "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
  "Dialogue: 0,0:00:00.20,0:00:01.20,Sign,,0,0,0,,{\\pos(320,20)}EXIT & <out>",
  "Dialogue: 0,0:00:00.80,0:00:01.80,Default,,0,0,0,,{\\p1}m 0 0 l 10 10{\\p0}Guten\\NTag",
].join("\n");
const vtt =
  "WEBVTT\n\nNOTE x\n\n00:00.400 --> 00:01.400 line:10% position:20% align:start\n<v Ann>Hi &amp; {\\an8}</v>\n";

beforeAll(async () => {
  const home = stack.use(await temporaryFolder()).path;
  await Bun.write(join(home, "presets/all.yaml"), JSON.stringify({ presets }));
  const at = (name: string) => join(home, name);
  const texts: Record<string, string | Uint8Array<ArrayBuffer>> = {
    "ru.srt": windows1251(srt("Привет, как дела? Я не знаю, что сказать")),
    "utf16.srt": new Uint8Array(Buffer.from(`\ufeff${srt("日本語")}`, "utf16le")),
    "signs.ass": ass,
    "en.vtt": vtt,
    "page.html": "<!DOCTYPE html><html><body>Not found</body></html>",
    "late.srt": srt("late").replaceAll("00:00:", "01:00:"),
    "large.srt": srt("x".repeat(21 * 1024 * 1024)),
  };
  for (const [name, text] of Object.entries(texts)) await Bun.write(at(name), text);
  await runFfmpeg(
    ["-i", await clip(), "-i", at("en.vtt"), "-map", "0", "-map", "1", "-c", "copy", "-c:s", "srt"].concat([
      ...["-metadata:s:s:0", "language=ger", "-metadata:s:s:0", "title=Deutsch", at("own.mkv")],
    ]),
  );
  sources = stack.use(
    serveFiles({
      "clip.mp4": await clip(),
      "own.mkv": at("own.mkv"),
      ...Object.fromEntries(Object.keys(texts).map((name) => [name, at(name)])),
    }),
  );
  const port = await freePort();
  stack.use(await startWorker({ port, home, PRESETS_DIR: join(home, "presets") }));
  url = stack.use(await startControlplane([port])).url;
});
afterAll(() => stack.disposeAsync());

const windows1251 = (text: string) =>
  new Uint8Array(
    Buffer.from([...text].map((one) => (one >= "А" && one <= "я" ? one.charCodeAt(0) - 0x350 : one.charCodeAt(0)))),
  );

const encoded = async (order: object) => {
  const { body } = await client(url).post({ input_url: sources.url("clip.mp4"), ...order }, { prefer: "wait=60" });
  return body;
};

const all = () => [
  { url: `${sources.url("ru.srt")}?sig=secret`, language: "ru", default: true },
  { url: sources.url("signs.ass"), language: "de", name: "Schilder", forced: true },
  { url: sources.url("en.vtt"), language: "en-GB" },
  { url: sources.url("utf16.srt"), language: "ja" },
];

test("an mp4 holds texts of any encoding and format as tracks that say what they are", async () => {
  const body = await encoded({ preset: "film", subtitles: all() });
  expect(body).toMatchObject({ status: "completed", warnings: [expect.stringContaining("read as windows-1251")] });
  const path = fileURLToPath(String(body["output_url"]));
  expect(await tracksOf(path)).toEqual([
    "rus,1,0,Russian",
    "deu,0,1,Schilder",
    "eng,0,0,British English",
    "jpn,0,0,Japanese",
  ]);
  expect(await textOf(path, 0)).toContain("00:00:00,500 --> 00:00:01,000\nПривет, как дела? Я не знаю, что сказать");
  // Two that are shown together are one text, as this container has it.
  expect(await textOf(path, 1)).toMatch(
    /00,200 --> 00:00:00,800\n<b>EXIT & <.?out><\/b>\n\n2\n00:00:00,800 --> 00:00:01,000\n<b>EXIT.*\nGuten\nTag/,
  );
  expect(await textOf(path, 3)).toContain("日本語");
  const { body: found } = await client(url).ask(`/jobs/${body["job_id"]}`);
  expect(found["order"]).toMatchObject({ subtitles: [{ url: sources.url("ru.srt"), language: "ru" }, {}, {}, {}] });
  expect(JSON.stringify(found)).not.toContain("secret");
});

test("segments have them as renditions, in playlists and in the manifest", async () => {
  const body = await encoded({ preset: "cmaf", subtitles: all().slice(1) });
  expect(body).toMatchObject({ status: "completed", output_type: "cmaf" });
  const folder = join(fileURLToPath(String(body["output_url"])), "..");
  const read = (name: string) => Bun.file(join(folder, name)).text();
  expect(await read("master.m3u8")).toContain(
    'NAME="Schilder (forced)",LANGUAGE="de",FORCED=YES,DEFAULT=NO,AUTOSELECT=YES',
  );
  expect(await read("subtitles_0_000.vtt")).toContain(
    "00:00:00.200 --> 00:00:01.000 line:5.56% position:50%\n<b>EXIT &amp; &lt;out&gt;</b>",
  );
  expect(await read("subtitles_1_000.vtt")).toContain(
    "00:00:00.400 --> 00:00:01.000 line:10% position:20% align:start\n<v Ann>Hi &amp; {\\an8}</v>",
  );
  expect(await read("manifest.mpd")).toMatch(/lang="de">\s*<Role [^>]*"forced-subtitle" \/>\s*<Label>Schilder/);
});

test("a track of the source is cut with its clip", async () => {
  const own = { input_url: sources.url("own.mkv"), preset: "film", subtitles: [{ track: "de" }], clip: { start: 0.5 } };
  const body = await encoded(own);
  expect(body).toMatchObject({ status: "completed" });
  const path = fileURLToPath(String(body["output_url"]));
  expect(await tracksOf(path)).toEqual(["deu,0,0,Deutsch"]);
  expect(await textOf(path, 0)).toMatch(/^1\n00:00:00,000 --> 00:00:00,[45]\d\d\nHi &/);
});

test("what is burned in is in the picture and in no track, below overlays and beside other texts", async () => {
  const [russian, , english] = all();
  const order = {
    preset: "film",
    clip: { start: 0.25 },
    subtitles: [{ ...russian, default: false, mode: "burn" }, english],
  };
  const body = await encoded(order);
  expect(body).toMatchObject({ status: "completed" });
  const path = fileURLToPath(String(body["output_url"]));
  expect(await tracksOf(path)).toEqual(["eng,0,0,British English"]);
  const plain = await encoded({ preset: "film", clip: { start: 0.25 } });
  const [ours, theirs] = await Promise.all(
    [path, fileURLToPath(String(plain["output_url"]))].map((film) => lumaOf(film)),
  );
  const differs = (at: number) =>
    (ours?.[at] ?? []).filter((value, pixel) => Math.abs(value - (theirs?.[at]?.[pixel] ?? 0)) > 80).length;
  // It is shown from 0.5 s of the source on: from the eighth picture of 30 in a second.
  expect(differs(2)).toBe(0);
  expect(differs(12)).toBeGreaterThan(20);
});

test("what is none, or too much, or not allowed is refused in words, and what shows nothing is left out with some", async () => {
  const told = async (one: object, preset = "film") => {
    const { kind, detail, errors, warnings } = await encoded({ preset, subtitles: [one] });
    return String(warnings ?? `${kind} ${JSON.stringify(errors) ?? ""} ${detail}`);
  };
  expect(await told({ url: sources.url("page.html") })).toContain(
    'source_failed [{"field":"subtitles.0.url","message":"is an HTML page: use SubRip',
  );
  expect(await told({ url: sources.url("large.srt") })).toContain(
    'too_large [{"field":"subtitles.0.url","message":"has more than 20971520 bytes',
  );
  expect(await told({ url: sources.url("late.srt") })).toContain(
    "subtitles.0 are left out: all of their texts lie outside",
  );
  expect(await told({ url: "http://169.254.169.254/a.srt" })).toContain('"field":"subtitles.0.url"');
  expect(await told({ track: "fr" })).toContain("subtitles.0.track: is fr, and the source has no subtitles");
  expect(await told({ track: 1, mode: "render" })).toContain('"field":"subtitles.0.mode"');
  const burned = { url: sources.url("en.vtt"), mode: "burn" };
  const twice = await encoded({ preset: "film", subtitles: [burned, burned] });
  expect(twice).toMatchObject({ errors: [{ field: "subtitles.1.mode" }] });
  const shared = await encoded({ preset: "film", workers: 2, subtitles: [burned] });
  expect(shared).toMatchObject({ errors: [{ field: "workers" }] });
  expect(await told({ track: 1, mode: "embed" }, "cmaf")).toContain('"field":"subtitles.0.mode"');
});

test("a film of several sources has texts by URL, timed to the whole, and none of one source's tracks", async () => {
  const part = { url: sources.url("clip.mp4"), clip: { start: 0, end: 0.8 } };
  const joined = (subtitles: object[], preset = "film") =>
    client(url).post({ inputs: [part, part], preset, subtitles }, { prefer: "wait=60" });
  const { body } = await joined([all()[2] ?? {}, { url: sources.url("utf16.srt"), language: "ja", mode: "embed" }]);
  expect(body).toMatchObject({ status: "completed" });
  const path = fileURLToPath(String(body["output_url"]));
  expect(await tracksOf(path)).toEqual(["eng,0,0,British English", "jpn,0,0,Japanese"]);
  expect(await textOf(path, 1)).toMatch(/00:00:00,500 --> 00:00:01,500\n日本語/);
  const { body: segmented } = await joined([all()[2] ?? {}], "cmaf");
  expect(segmented).toMatchObject({ status: "completed" });
  const folder = join(fileURLToPath(String(segmented["output_url"])), "..");
  expect(await Bun.file(join(folder, "subtitles_0_001.vtt")).text()).toContain("00:00:00.400 --> 00:00:01.400");
  expect((await joined([{ track: "de" }])).body).toMatchObject({ errors: [{ field: "subtitles.0.track" }] });
});

/** Language, default, forced and name of each track of text. */
async function tracksOf(path: string) {
  const entries = "stream_disposition=default,forced:stream_tags=language,handler_name";
  const said = await Bun.$`ffprobe -v error -select_streams s -show_entries ${entries} -of json ${path}`.json();
  return said.streams.map(
    ({ disposition, tags }: { disposition: Record<string, number>; tags: Record<string, string> }) =>
      [tags["language"], disposition["default"], disposition["forced"], tags["handler_name"]].join(),
  );
}

const textOf = async (path: string, track: number) =>
  (await Bun.$`ffmpeg -v error -i ${path} -map 0:s:${track} -f srt -`.text()).replaceAll("\r", "");
