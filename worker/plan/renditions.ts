import { bitsPerSecond } from "#shared/job/bit-rate.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { Rendition, VideoSettings } from "#worker/presets/fields.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { withTracks } from "./chosen-tracks.ts";
import { dashMuxer } from "./dash.ts";
import { withEdits } from "./edits.ts";
import { leastSideOf, soundNames, videoNames } from "./encoders.ts";
import { hdrName, type KeptHdr, keptHdr } from "./hdr.ts";
import { hlsMuxer } from "./hls.ts";
import { videoOf } from "./input.ts";
import { fileSounds, type HeardSound } from "./kept-sound.ts";
import { isMuxed, type Ladder, ladderOf } from "./ladder.ts";
import { languageOf } from "./language.ts";
import { bestSize, sizeWithin } from "./picture.ts";
import { besideFile, besideSegments, withoutFilm } from "./picture-names.ts";
import type { Place } from "./plan.ts";
import type { PlannedRendition, PlannedRenditions, PlannedSound } from "./planned-rendition.ts";
import { perSecond } from "./rate.ts";
import { whyDropped } from "./rungs.ts";
import { channelsOf } from "./sound.ts";
import { stillsOf } from "./stills.ts";
import { subtitlesOf } from "./subtitles.ts";
import { timingOf } from "./timing.ts";

/** What an encode of this source would make; nothing is known of what a user's own arguments make. */
export function renditionsOf(preset: Preset, source: Probe): PlannedRenditions {
  const probe = withEdits(preset, withTracks(preset, source));
  if ("ffmpeg_args" in preset) return { renditions: [], dropped: [] };
  if (preset.output_type === "single") return { renditions: ofSingle(preset, probe), dropped: [] };
  return ofLadder(preset, probe, ladderOf(preset, probe));
}

function ofSingle(preset: SinglePreset, probe: Probe): PlannedRendition[] {
  const { video, audio } = preset;
  const name = `output.${preset.extension}`;
  const heard = fileSounds(audio, probe);
  const [sound, ...more] = heard.map(soundOf);
  const all = [
    ...(video ? [ofMovie({ ...preset, video }, probe, { name, ...(sound && { audio: sound }) })] : []),
    ...more.map((one) => alone(one, name)),
    ...(sound && !video ? [alone(sound, name)] : []),
    ...stillsOf(preset, probe, video || audio ? besideFile : withoutFilm),
  ];
  // As the outputs of a job are told: the entry first, the others by their names.
  return all.sort((a, b) => Number(b.name === name) - Number(a.name === name) || (a.name < b.name ? -1 : 1));
}

type Movie = SinglePreset & { video: VideoSettings };

function ofMovie(preset: Movie, probe: Probe, rest: Pick<PlannedRendition, "name" | "audio">) {
  const source = videoOf(probe, preset);
  const [rendition] = preset.video.renditions;
  const { size, maxrate } = rendition;
  const tracks = fileSounds(preset.audio, probe).map(({ track }) => track);
  return {
    ...rest,
    ...pictureOf(
      preset.video,
      sizeWithin(source, bestSize(source, size)),
      perSecond(timingOf(probe, source, tracks, preset.video).rate),
    ),
    ...rangeOf(keptHdr(preset.video, rendition, source)),
    maxBitRate: bitsPerSecond(maxrate),
  };
}

function ofLadder(preset: SegmentedPreset, probe: Probe, ladder: Ladder): PlannedRenditions {
  const { video } = preset;
  const names = namesOf(preset, probe, ladder);
  const tracks = ladder.sounds.map(soundOf);
  const [muxed] = isMuxed(preset) ? tracks : [];
  const kept = ladder.rungs.map(({ rendition }) => rendition);
  return {
    renditions: [
      ...ladder.rungs.map(({ rendition, hdr, ...size }, at) => ({
        name: names.video[at] ?? "",
        ...pictureOf(video, size, perSecond(ladder.rate)),
        ...rangeOf(hdr),
        maxBitRate: bitsPerSecond(rendition.maxrate),
        ...(muxed && { audio: muxed }),
      })),
      ...names.audio.flatMap((name, at) => (tracks[at] ? [alone(tracks[at], name)] : [])),
      ...names.subtitles.map((name, at) => ({
        ...{ name, kind: "subtitles" as const, codec: "webvtt" },
        ...languageIn(ladder.subtitles[at]),
      })),
      ...stillsOf(preset, probe, besideSegments),
    ],
    dropped: droppedOf(
      video,
      video.renditions.filter((rendition) => !kept.includes(rendition)),
      ladder.video,
    ),
  };
}

/** A size that is left out in HDR and in SDR for the same reason is told once. */
function droppedOf(settings: VideoSettings, renditions: readonly Rendition[], source: VideoStream) {
  const dropped = new Map(
    renditions.map((rendition) => {
      const [size, reason] = [rendition.size, whyDropped(settings, rendition, source)];
      return [`${size} ${reason}`, { size, reason }];
    }),
  );
  return [...dropped.values()];
}

// Names alone are asked for: nothing is written here.
const nowhere: Place = { input: "/source", outputDir: "/output", stem: "output", keyInfoFile: "/key" };

/** What a player opens for each rendition. The sound in the segments of a picture has no name. */
function namesOf(preset: SegmentedPreset, probe: Probe, ladder: Ladder) {
  const { playlists, entries } = (preset.output_type === "hls" ? hlsMuxer : dashMuxer)(preset, ladder, nowhere);
  const [entry] = entries;
  const subtitles = probe.durationSeconds === undefined ? [] : ladder.subtitles;
  const isSegmented = preset.output_type !== "dash";
  const { derived } = subtitlesOf({ ...ladder, subtitles, zero: 0, input: 0, isSegmented }, probe, nowhere);
  const texts = derived.map(({ name }) => name);
  if (preset.output_type !== "dash")
    return { video: isMuxed(preset) ? [entry] : playlists.video, audio: playlists.audio, subtitles: texts };
  const ids = [...ladder.rungs, ...ladder.sounds, ...subtitles].map((_, at) => `${entry}#${at}`);
  const [sounds, shown] = [ladder.rungs.length, ladder.rungs.length + ladder.sounds.length];
  return { video: ids.slice(0, sounds), audio: ids.slice(sounds, shown), subtitles: ids.slice(shown) };
}

const pictureOf = (video: VideoSettings, { width, height }: { width: number; height: number }, frameRate: number) => {
  const least = leastSideOf(video);
  return {
    kind: "video" as const,
    codec: videoNames[video.codec],
    width: Math.max(least, width),
    height: Math.max(least, height),
    frameRate: Math.round(frameRate * 1_000) / 1_000,
  };
};

const rangeOf = (hdr: KeptHdr | undefined) => (hdr ? { hdr: hdrName(hdr) } : {});

const soundOf = ({ settings, track }: HeardSound): PlannedSound => ({
  codec: soundNames[settings.codec],
  channels: channelsOf(settings, track),
  bitRate: bitsPerSecond(settings.bitrate),
  ...languageIn(track),
});

const alone = ({ bitRate, ...sound }: PlannedSound, name: string) => ({
  name,
  kind: "audio" as const,
  ...sound,
  maxBitRate: bitRate,
});

function languageIn(track: { language: string | undefined } | undefined) {
  const language = languageOf(track?.language)?.tag;
  return language === undefined ? {} : { language };
}
