import { expect } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeOutput } from "#tests/integration/ffmpeg/work.ts";
import { clip } from "#tests/support/clips.ts";
import { judgeFactsByFfprobe } from "#tests/support/judged-facts.ts";
import { rejection } from "#tests/support/outcome.ts";
import { judgeReadOnOurOwn } from "#tests/support/plain-readers.ts";
import { readPlaylist } from "#tests/support/playlists.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { quick } from "./quick.ts";
import { type SourceName, sources } from "./sources.ts";

type Made = Awaited<ReturnType<typeof makeOutput>>;

/** Runs a preset on a source: the output must be right in the eyes of ffprobe, or the refusal must say why. */
export async function check(preset: Preset, name: SourceName) {
  const making = clip(sources[name]).then((input) => makeOutput(input, quick(preset)));
  const refusal = refusalOf(preset, name);
  if (refusal) return expect(await rejection(making)).toMatchObject({ kind: "source_failed", message: refusal });
  const made = await making;
  await judgeFactsByFfprobe(made.facts, made.dir);
  for (const { name, probe } of made.files) if (probe) await judgeReadOnOurOwn(join(made.dir, name));
  return made.planned.outputType === "single" ? checkFiles(made, preset, name) : checkVariants(made, name);
}

const needsVideo = (preset: Preset) =>
  !("ffmpeg_args" in preset) &&
  (preset.output_type !== "single" || Boolean(preset.video ?? preset.poster ?? preset.thumbnails ?? preset.preview));

function refusalOf(preset: Preset, name: SourceName) {
  const isSilent = name === "no audio" || name === "one frame";
  if (needsVideo(preset)) {
    return name === "audio only" ? `the source has no video, and preset ${preset.name} needs one` : undefined;
  }
  return isSilent ? `the source has no audio, and preset ${preset.name} needs some` : undefined;
}

const keepsHdr = (preset: Preset) => !("ffmpeg_args" in preset) && preset.video?.hdr === "keep";

function colourOf(preset: Preset, name: SourceName) {
  if (name !== "HDR10") return { pixelFormat: "yuv420p", transfer: "smpte170m" };
  return keepsHdr(preset)
    ? { pixelFormat: "yuv420p10le", transfer: "smpte2084" }
    : { pixelFormat: "yuv420p", transfer: "bt709" };
}

/** The shape of the picture as it is to be seen. */
const shapes: Partial<Record<SourceName, number>> = {
  ...{ rotated: 90 / 160, interlaced: 160 / 96, "a tall portrait": 90 / 320 },
};

function checkFiles({ files, source }: Made, preset: Preset, name: SourceName) {
  for (const { probe } of files) {
    if (!probe?.video) continue;
    const { width, height, ...picture } = probe.video;
    expect(picture).toMatchObject({ sampleAspect: 1, rotation: 0, interlaced: false, ...colourOf(preset, name) });
    expect(Math.abs(width / height / (shapes[name] ?? 160 / 90) - 1)).toBeLessThan(0.07);
    expect(Math.min(width, height)).toBeLessThanOrEqual(Math.min(source.video?.width ?? 0, source.video?.height ?? 0));
  }
  const [main] = files;
  const sound = "audio" in preset && preset.audio && source.audio[0];
  if (main?.probe && sound) {
    expect(main.probe.audio.map(({ channels }) => channels)).toEqual([Math.min(2, sound.channels ?? 2)]);
  }
}

async function checkVariants({ dir, planned, files }: Made, name: SourceName) {
  const texts = files.map(({ text }) => text ?? "").join("\n");
  if (name === "two languages" && texts.includes("#EXT-X-MEDIA:")) {
    expect(texts).toContain('NAME="English",LANGUAGE="en",DEFAULT=YES');
    expect(texts).toContain('NAME="Japanese",LANGUAGE="ja",DEFAULT=NO');
  }
  if (name === "two languages" && /<MPD/.test(texts)) expect(texts).toMatch(/lang="eng".*lang="jpn"/s);
  // The key of an encrypted output is not at its address in a test.
  if (texts.includes("#EXT-X-KEY")) return;

  const playlists = videoPlaylists(planned.entry, files, await readdir(dir));
  const variants = await Promise.all(playlists.map((playlist) => packetsOf(dir, playlist)));
  const [best, ...others] = variants;
  expect(best?.length).toBeGreaterThan(0);
  for (const other of others) expect(other).toEqual(best ?? []);
  for (const [at, name] of playlists.entries()) checkBeginnings(textOf(files, name), variants[at] ?? []);
  expect(Math.abs((best?.length ?? 0) - (planned.totalFrames ?? 0))).toBeLessThanOrEqual(2);
}

const textOf = (files: Made["files"], name: string) => files.find((file) => file.name === name)?.text;

/** What ffprobe can open for each rendition of the picture. */
function videoPlaylists(entry: string, files: Made["files"], inDir: readonly string[]): string[] {
  if (entry === "playlist.m3u8") return [entry];
  const names = files.flatMap(({ name }) => (/^(stream_\d+|media_[0-9]+)\.m3u8$/.test(name) ? [name] : []));
  if (entry === "master.m3u8") {
    const master = textOf(files, entry) ?? "";
    return names.filter((name) => master.split("\n").includes(name));
  }
  const manifest = textOf(files, entry) ?? "";
  // Not every ffprobe reads manifests; all read a representation's parts one after the other.
  return [...manifest.matchAll(/<Representation id="(\w+)" mimeType="video/g)].map(([, id]) => {
    const segments = inDir.filter((name) => name.startsWith(`chunk_${id}_`)).sort();
    return `concat:${[`init_${id}.m4s`, ...segments].join("|")}`;
  });
}

/** Fails unless each segment begins with a keyframe, when its playlist says (Apple 7.4 and 8.1). */
function checkBeginnings(text: string | undefined, packets: readonly string[]) {
  const list = text === undefined ? undefined : readPlaylist(text);
  if (!list || list.isMasterPlaylist) return;
  const first = Number.parseFloat(packets[0] ?? "");
  const keyframes = packets.flatMap((packet) => (packet.endsWith("K") ? [Number.parseFloat(packet) - first] : []));
  let begin = 0;
  for (const { uri, duration } of list.segments) {
    const nearest = Math.min(...keyframes.map((seconds) => Math.abs(seconds - begin)));
    expect({ uri, begins: nearest < 0.02 }).toEqual({ uri, begins: true });
    begin += duration;
  }
}

/** When each frame is shown, and whether a player may begin there. */
async function packetsOf(dir: string, file: string) {
  const query = ["-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0"];
  const ffprobe = Bun.spawn(["ffprobe", "-v", "error", ...query, file], { cwd: dir, stdout: "pipe" });
  const lines = (await ffprobe.stdout.text()).split("\n").filter(Boolean);
  return lines.map((line) => line.split(",")).map(([seconds, flags]) => `${Number(seconds).toFixed(2)}${flags?.[0]}`);
}
