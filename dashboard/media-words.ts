import type { Plan, Preset } from "#client/client.ts";
import { bitrate, bytes, clock } from "./format.ts";

const codecs: Readonly<Record<string, string>> = {
  ...{ h264: "H.264", hevc: "H.265", av1: "AV1", vp9: "VP9", vp8: "VP8", mpeg2video: "MPEG-2", prores: "ProRes" },
  ...{ aac: "AAC", mp3: "MP3", opus: "Opus", ac3: "AC-3", eac3: "E-AC-3", flac: "FLAC", vorbis: "Vorbis" },
  ...{ mjpeg: "JPEG", webp: "WebP", png: "PNG", webvtt: "WebVTT" },
};
const ranges: ReadonlyMap<string, string> = new Map([
  ["hdr10", "HDR10"],
  ["hlg", "HLG"],
  ["pq", "PQ"],
  ["dolby_vision", "Dolby Vision"],
]);

/** A kind of high dynamic range as people write it. */
export const rangeName = (hdr: string | undefined) => ranges.get(hdr ?? "") ?? hdr;

const layouts: Readonly<Record<number, string>> = { 1: "mono", 2: "stereo", 6: "5.1", 8: "7.1" };

/** A codec as people write it. */
export const codecName = (codec: string) => codecs[codec] ?? codec;

const sampleEntries: Readonly<Record<string, string>> = {
  ...{ avc1: "h264", avc3: "h264", hvc1: "hevc", hev1: "hevc", av01: "av1", vp09: "vp9", vp08: "vp8" },
  ...{ mp4a: "aac", "ac-3": "ac3", "ec-3": "eac3", fLaC: "flac", wvtt: "webvtt", Opus: "opus" },
};
// RFC 6381 and ISO/IEC 14496-3: the objects of mp4a that are MP3.
const mp3 = /^mp4a\.(40\.34|69|6[bB])$/;

/** Codecs as RFC 6381 has them, as people write them: `avc1.64001f,mp4a.40.2` is `H.264, AAC`. */
export const codecsInWords = (codecs: string) =>
  codecs
    .split(",")
    .map((codec) => {
      const [entry = ""] = codec.trim().split(".");
      return codecName(mp3.test(codec.trim()) ? "mp3" : (sampleEntries[entry] ?? entry));
    })
    .join(", ");

export const channelWords = (channels = 0) => layouts[channels] ?? (channels > 0 ? `${channels} channels` : "");

type Source = NonNullable<Plan["source"]>;

/** What a source is, in a line each for the file, the picture, the sound and the subtitles. */
export function sourceWords({ container, duration_seconds, bytes: size, video, audio, subtitles }: Source) {
  return {
    File: joined([container, duration_seconds !== undefined && clock(duration_seconds), size > 0 && bytes(size)]),
    Picture: video && pictureWords(video),
    Sound: audio.map(soundWords).join("; "),
    Subtitles: subtitles.map(({ codec, language }) => joined([language, codecName(codec)])).join("; "),
  };
}

const pictureWords = (video: NonNullable<Source["video"]>) =>
  joined([
    `${video.width}×${video.height}`,
    codecName(video.codec),
    video.frame_rate !== undefined && `${rounded(video.frame_rate)} fps${video.variable_frame_rate ? ", uneven" : ""}`,
    video.bit_rate !== undefined && bitrate(video.bit_rate),
    rangeName(video.hdr),
    video.scan === "interlaced" && "interlaced",
    video.rotation && `turned by ${video.rotation}°`,
  ]);

const soundWords = ({ language, codec, channels, layout }: Source["audio"][number]) =>
  joined([language, codecName(codec), layout ?? channelWords(channels)]);

/** A number with at most two decimals, as in `29.97` and `25`. */
export const rounded = (value: number) => String(Math.round(value * 100) / 100);

export const joined = (parts: readonly (string | number | false | undefined)[]) => parts.filter(Boolean).join(" · ");

const groupTitles = { video: "Video files", streaming: "Streaming", audio: "Sound alone", images: "Pictures" } as const;
const first = "720p_h264";

/** The presets in groups; the one that most sources are served with comes first. */
export function presetGroups(presets: readonly Preset[]): [title: string, presets: Preset[]][] {
  const order = Object.keys(groupTitles);
  const byGroup = Map.groupBy(presets, ({ group = "" }) => (order.includes(group) ? group : ""));
  const rank = ({ name }: Preset) => Number(name !== first);
  return [...Object.entries(groupTitles), ["", order.some((name) => byGroup.has(name)) ? "Others" : "Presets"]].flatMap(
    ([name = "", title = ""]) => {
      const members = byGroup.get(name);
      return members ? [[title, members.toSorted((a, b) => rank(a) - rank(b))] satisfies [string, Preset[]]] : [];
    },
  );
}

/** What a preset makes, in a few words, as in `MP4 · H.264 720p · AAC`. */
export function makesWords({ output_type, container, renditions = [] }: Preset): string {
  const packed = output_type === "single" ? container?.toUpperCase() : `${output_type.toUpperCase()} (${container})`;
  const byCodec = Map.groupBy(renditions, ({ kind, codec, hdr }) => `${kind} ${codec} ${hdr}`);
  const tracks = [...byCodec.values()].map((tracks) => {
    const sizes = tracks.flatMap(({ size }) => (size === undefined ? [] : `${size}p`));
    const [{ codec = "", hdr } = {}] = tracks;
    return [codecName(codec), hdr && "HDR", sizes.join(", ")].filter(Boolean).join(" ");
  });
  return joined([container && packed, ...tracks]);
}
