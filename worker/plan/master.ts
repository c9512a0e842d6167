import { bitsPerSecond } from "#shared/job/bit-rate.ts";
import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { AudioStream, SubtitleStream } from "#worker/ffmpeg/streams.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { type Attributes, mediaAttributes, quoted } from "./ext-x-media.ts";
import { videoRange } from "./hdr.ts";
import type { Muxed } from "./hls.ts";
import type { Ladder, Rung } from "./ladder.ts";
import { perSecond } from "./rate.ts";
import { channelsOf } from "./sound.ts";

/**
 * The master playlist (RFC 8216, 4.3.4), known before the encode: ffmpeg's own lacks frame rates, names of languages
 * and subtitles, and it calls bandwidth what is the ceiling of the bit rate without the buffer.
 */
export function masterPlaylist(
  preset: SegmentedPreset,
  ladder: Ladder,
  { video, audio }: Muxed["playlists"],
  subtitles: readonly string[],
): string {
  const { audio: sound } = preset;
  const channels = shownChannels(ladder.video.captions ?? []);
  const media = [
    ...renditions("audio", ladder.audio.slice(0, audio.length), audio, (track) =>
      sound ? { CHANNELS: quoted(String(channelsOf(sound, track))) } : {},
    ),
    ...renditions("subtitles", ladder.subtitles, subtitles, () => ({})),
    ...channels.map(captionTag),
  ];
  const variants = ladder.rungs.flatMap((rung, at) => {
    const attributes = {
      ...bandwidths(rung.rendition, preset, ladder),
      RESOLUTION: `${rung.width}x${rung.height}`,
      "FRAME-RATE": perSecond(ladder.rate).toFixed(3),
      "VIDEO-RANGE": videoRange(rung.hdr),
      CODECS: quoted([videoCodec(preset, rung), ...(ladder.audio.length > 0 ? ["mp4a.40.2"] : [])].join(",")),
      ...(audio.length > 0 && { AUDIO: quoted("audio") }),
      ...(subtitles.length > 0 && { SUBTITLES: quoted("subtitles") }),
      "CLOSED-CAPTIONS": channels.length > 0 ? quoted("captions") : "NONE",
    };
    return [`#EXT-X-STREAM-INF:${listed(attributes)}`, video[at] ?? ""];
  });
  const needsSeven = preset.segments.format === "fmp4" || channels.some((channel) => channel.startsWith("SERVICE"));
  const version = needsSeven ? 7 : 6;
  return ["#EXTM3U", `#EXT-X-VERSION:${version}`, "#EXT-X-INDEPENDENT-SEGMENTS", ...media, ...variants, ""].join("\n");
}

/** Services of CEA-708 repeat what CEA-608 has, which more players know. */
function shownChannels(captions: readonly CaptionChannel[]): readonly CaptionChannel[] {
  const lines = captions.filter((channel) => channel.startsWith("CC"));
  return lines.length > 0 ? lines : captions;
}

const captionTag = (channel: CaptionChannel, at: number) =>
  `#EXT-X-MEDIA:${listed({
    ...{ TYPE: "CLOSED-CAPTIONS", "GROUP-ID": quoted("captions"), NAME: quoted(channel) },
    ...{ DEFAULT: "NO", AUTOSELECT: at === 0 ? "YES" : "NO", "INSTREAM-ID": quoted(channel) },
  })}`;

const listed = (attributes: Attributes) =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");

/** The members of a group. */
function renditions<Stream extends AudioStream | SubtitleStream>(
  group: "audio" | "subtitles",
  streams: readonly Stream[],
  uris: readonly string[],
  more: (stream: Stream) => Attributes,
): string[] {
  const attributes = mediaAttributes(group, streams);
  return streams.map(
    (stream, at) =>
      `#EXT-X-MEDIA:${listed({
        ...{ TYPE: group.toUpperCase(), "GROUP-ID": quoted(group) },
        ...attributes[at],
        ...more(stream),
        URI: quoted(uris[at] ?? ""),
      })}`,
  );
}

// What packets and tables of MPEG-TS add at most, and boxes of fMP4 far less.
const overhead = 1.06;

/** Until the output is measured: the peak is what the ceiling lets into one segment when the encoder has saved up its whole buffer before. */
function bandwidths({ maxrate, bufsize }: Rendition, { audio }: SegmentedPreset, ladder: Ladder): Attributes {
  const sound = audio && ladder.audio.length > 0 ? bitsPerSecond(audio.bitrate) * 1.1 : 0;
  const peak = bitsPerSecond(maxrate) + bitsPerSecond(bufsize) / ladder.segmentSeconds + sound;
  return {
    BANDWIDTH: Math.ceil(peak * overhead),
    "AVERAGE-BANDWIDTH": Math.ceil((bitsPerSecond(maxrate) + sound) * overhead),
  };
}

/** RFC 6381. */
function videoCodec({ video: { codec, speed } }: SegmentedPreset, { level = 0, hdr }: Rung): string {
  if (codec === "h265") return `hvc1.${hdr ? "2.4" : "1.6"}.L${level * 3}.90`;
  // Without CABAC and 8x8 transforms x264 says that it is constrained baseline.
  return (speed === "ultrafast" ? "avc1.42c0" : "avc1.6400") + level.toString(16).padStart(2, "0");
}
