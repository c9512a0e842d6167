import { bitsPerSecond } from "#shared/job/bit-rate.ts";
import type { CaptionChannel } from "#worker/captions/channels.ts";
import type { AudioStream, SubtitleStream } from "#worker/ffmpeg/streams.ts";
import type { Rendition } from "#worker/presets/fields.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { type Attributes, mediaAttributes, quoted } from "./ext-x-media.ts";
import { videoRange } from "./hdr.ts";
import type { Muxed } from "./hls.ts";
import { isMuxed, type Ladder, type Rung } from "./ladder.ts";
import { perSecond } from "./rate.ts";
import { channelsOf } from "./sound.ts";
import { soundGroups } from "./sound-groups.ts";

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
  const groups = soundGroups(ladder, audio);
  const channels = shownChannels(ladder.video.captions ?? []);
  const media = [
    ...groups.flatMap(({ id = "audio", members }) =>
      renditions(
        { type: "audio", id },
        members.map(({ track }) => track),
        members.map(({ uri, settings, track }) => ({ uri, CHANNELS: quoted(String(channelsOf(settings, track))) })),
      ),
    ),
    ...renditions(
      { type: "subtitles", id: "subtitles" },
      ladder.subtitles,
      subtitles.map((uri) => ({ uri })),
    ),
    ...channels.map(captionTag),
  ];
  const pairs = groups.flatMap((group) => ladder.rungs.map((rung, at) => ({ group, rung, at })));
  const variants = pairs.flatMap(({ group, rung, at }) => {
    const codecs = [videoCodec(preset, rung), ...(isMuxed(preset) ? (groups[0]?.codecs ?? []) : []), ...group.codecs];
    const attributes = {
      ...bandwidths(rung.rendition, group.bitRate, ladder),
      RESOLUTION: `${rung.width}x${rung.height}`,
      "FRAME-RATE": perSecond(ladder.rate).toFixed(3),
      "VIDEO-RANGE": videoRange(rung.hdr),
      CODECS: quoted([...new Set(codecs)].join(",")),
      ...(group.id && { AUDIO: quoted(group.id) }),
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
  group: { type: "audio" | "subtitles"; id: string },
  streams: readonly Stream[],
  more: readonly (Attributes & { uri: string })[],
): string[] {
  const attributes = mediaAttributes(group.type, streams);
  return more.map(
    ({ uri, ...rest }, at) =>
      `#EXT-X-MEDIA:${listed({
        ...{ TYPE: group.type.toUpperCase(), "GROUP-ID": quoted(group.id) },
        ...attributes[at],
        ...rest,
        URI: quoted(uri),
      })}`,
  );
}

// What packets and tables of MPEG-TS add at most, and boxes of fMP4 far less.
const overhead = 1.06;

/** Until the output is measured: the peak is what the ceiling lets into one segment when the encoder has saved up its whole buffer before. */
function bandwidths({ maxrate, bufsize }: Rendition, soundRate: number, ladder: Ladder): Attributes {
  const sound = soundRate * 1.1;
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
