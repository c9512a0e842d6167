import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { quick } from "#tests/matrix/quick.ts";
import { captionedClip, hi } from "#tests/support/captioned.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { cuesOf } from "#tests/support/webvtt.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";
import { makeDir, makeOutput } from "./work.ts";

const preset = quick(presetNamed(await loadPresets(), "hls_720p_abr_subtitles"));

/** A clip with the texts of a file of this kind in a container, as this codec. */
async function withText(text: string | Uint8Array, kind: "ass" | "srt" | "vtt", container: string, codec: string) {
  const dir = await makeDir();
  const file = join(dir, `clip.${container}`);
  await Bun.write(join(dir, `text.${kind}`), text);
  const video = await clip({
    seconds: 6,
    channels: 0,
    ...(container === "webm" && { codec: "libvpx-vp9", container }),
  });
  await runFfmpeg(["-i", video, "-i", join(dir, `text.${kind}`), ...maps, "-c:v", "copy", "-c:s", codec, file]);
  return file;
}

const maps = ["-map", "0", "-map", "1"];

/** Fails unless each part, which lasts a second as those of the picture do, has the cues that are shown then. */
async function expectInParts(cues: ReturnType<typeof cuesOf>, names: readonly string[], dir: string) {
  for (const [at, name] of names.entries()) {
    const text = await Bun.file(join(dir, name)).text();
    expect(text).toStartWith("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n");
    // The parser knows the format as it is outside of HLS.
    const found = cuesOf(text.replace(/^X-TIMESTAMP-MAP.*\n/m, ""));
    const isLast = at === names.length - 1;
    expect(found).toEqual(cues.filter(({ start, end }) => (start < at + 1 || isLast) && end > at));
  }
}

async function cuesFrom(source: string) {
  const { dir } = await makeOutput(source, preset);
  const names = (await readdir(dir)).filter((name) => /subtitles/.test(name)).sort();
  const parts = names.filter((name) => /^subtitles_0_\d{3}\.vtt$/.test(name));
  const pictures = (await readdir(dir)).filter((name) => name.startsWith("segment_0_"));
  expect(names).toEqual(["stream_subtitles_0.m3u8", "subtitles_0.vtt", ...parts]);
  expect(parts.length).toBe(pictures.length);
  const cues = cuesOf(await Bun.file(join(dir, "subtitles_0.vtt")).text());
  await expectInParts(cues, parts, dir);
  return cues;
}

const signs = `[Script Info]
ScriptType: v4.00+
PlayResX: 320
PlayResY: 180

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H0,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1
Style: Top,Arial,20,&H00FFFFFF,&H0,&H0,&H0,0,-1,0,0,100,100,0,0,1,1,0,8,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:03.00,0:00:04.00,Top,,0,0,0,,over & above
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hello\\Nsecond {\\i1}line{\\i0}
Dialogue: 0,0:00:02.00,0:00:04.00,Default,,0,0,0,,{\\pos(100,50)\\p1}m 0 0 l 100 0 100 100 0 100{\\p0}
Comment: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,not to be shown
Dialogue: 0,0:00:04.00,0:00:05.50,Default,,0,0,0,,{\\an7\\pos(160,90)}{\\k50}ka{\\k50}ra
`;

test("ASS becomes text that stands where it stood, without its drawings and comments", async () => {
  const cues = await cuesFrom(await withText(signs, "ass", "mkv", "copy"));
  expect(cues).toMatchObject([
    { start: 1, end: 2, styled: "Hello\nsecond i(line)", line: "auto" },
    { start: 3, end: 4, styled: "i(over & above)", line: "0" },
    { start: 4, end: 5.5, styled: "kara", line: "50%", position: 50, align: "left" },
  ]);
});

const srt = `1
00:00:01,230 --> 00:00:02,560
Tom & Jerry <i>say</i> {this} C:\\Users --> x

2
00:00:02,000 --> 00:00:03,000
{\\an8}Fish &amp; <b>chips</b>
two lines
`;

test("SubRip keeps its text, its overlaps and what stands above", async () => {
  expect(await cuesFrom(await withText(srt, "srt", "mkv", "subrip"))).toMatchObject([
    { start: 1.23, end: 2.56, styled: "Tom & Jerry i(say) {this} C:\\Users --> x", line: "auto" },
    { start: 2, end: 3, styled: "Fish & b(chips)\ntwo lines", line: "0" },
  ]);
});

test("the text of an mp4 keeps its styles", async () => {
  expect(await cuesFrom(await withText(srt, "srt", "mp4", "mov_text"))).toMatchObject([
    { start: 1.23, styled: "Tom & Jerry i(say) {this} C:\\Users --> x" },
    { start: 2, styled: "Fish & b(chips)\ntwo lines" },
  ]);
});

test("text that is no UTF-8 is not lost", async () => {
  const latin = Buffer.from(srt.replace("Jerry", "André"), "latin1");
  expect(await cuesFrom(await withText(latin, "srt", "mkv", "copy"))).toMatchObject([
    { start: 1.23, text: "Tom & André say {this} C:\\Users --> x" },
    { start: 2, text: "Fish & chips\ntwo lines" },
  ]);
});

test("a track of CEA-608 becomes text", async () => {
  const dir = await makeDir();
  const [captioned, track, source] = [join(dir, "captioned.mp4"), join(dir, "track.mov"), join(dir, "source.mov")];
  await captionedClip(captioned, hi);
  const captions = ["-f", "lavfi", "-i", `movie=${captioned}[out0+subcc]`, "-map", "0:s", "-c", "copy"];
  await runFfmpeg([...captions, track]);
  const both = ["-i", await clip({ seconds: 2, channels: 0 }), "-i", track, ...maps, "-c", "copy"];
  await runFfmpeg([...both, source]);
  expect(await cuesFrom(source)).toMatchObject([{ text: "HI", end: 1.5, align: "left" }]);
});

const vtt = `WEBVTT

first
00:00:01.234 --> 00:00:02.567 line:10% position:20% align:start
<v Bob>Tom &amp; Jerry</v> <c.loud>LOUD</c>

00:00:02.000 --> 00:00:03.000
two &lt;b&gt;
lines
`;

test("WebVTT stays as it is, with its ids, settings, voices and classes", async () => {
  expect(await cuesFrom(await withText(vtt, "vtt", "webm", "copy"))).toMatchObject([
    {
      ...{ id: "first", start: 1.234, end: 2.567, line: "10%", position: 20, align: "start" },
      styled: "v(Tom & Jerry) c.loud(LOUD)",
    },
    { id: "", start: 2, end: 3, styled: "two <b>\nlines" },
  ]);
});
