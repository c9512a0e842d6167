import { join } from "node:path";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { SegmentedPreset } from "#worker/presets/schema.ts";
import { besideParts } from "./beside.ts";
import { besideSound } from "./beside-sound.ts";
import { withoutText } from "./burned.ts";
import { expectedColour } from "./colour.ts";
import { comparedMoments } from "./compared.ts";
import { dashMuxer } from "./dash.ts";
import { soundNames, videoNames } from "./encoders.ts";
import type { ExpectedTrack } from "./expected.ts";
import { hlsMuxer, type Muxed, masterName } from "./hls.ts";
import { ifKnown, nothingElse } from "./input.ts";
import { isMuxed, type Ladder, ladderOf, soundsApart } from "./ladder.ts";
import { drawnRungs, ladderArgs } from "./ladder-args.ts";
import { ladderFilm, ladderReference, lookOf } from "./ladder-pictures.ts";
import { firstSample, zeroInMpegTs } from "./lip-sync.ts";
import { manifestTexts } from "./manifest-texts.ts";
import { masterPlaylist } from "./master.ts";
import type { Part } from "./part.ts";
import { expectedSize } from "./picture.ts";
import { besideSegments } from "./picture-names.ts";
import type { Derived, Place, Plan } from "./plan.ts";
import { perSecond } from "./rate.ts";
import { channelsOf } from "./sound.ts";
import { subtitlesOf } from "./subtitles.ts";

/** Segments, playlists and manifests of one run over the source. */
export function segmentedPlan(preset: SegmentedPreset, probe: Probe, place: Place): Plan {
  const ladder = withKnownEnd(ladderOf(preset, probe), probe);
  const muxed = (preset.output_type === "hls" ? hlsMuxer : dashMuxer)(preset, ladder, place);
  const pictures = besideParts(
    preset,
    () => ({ video: withoutText(ladder.video), probe, place: besidePlace }),
    besideSegments,
  );
  const chains = pictures.flatMap(({ chain }) => chain ?? []);
  const { args, apart, textsFrom, preparation, sound } = ladderArgs(preset, probe, ladder, place, chains);
  const zero = zeroInMpegTs(preset, ladder);
  const isSegmented = preset.output_type !== "dash";
  const subtitles = subtitlesOf({ ...ladder, zero, input: textsFrom, isSegmented }, probe, place);
  const [entry] = muxed.entries;
  const derived: Derived[] = [...subtitles.derived, ...pictures.flatMap((part) => part.derived ?? [])];
  if (muxed.entries.includes(masterName)) {
    const text = masterPlaylist(
      preset,
      ladder,
      muxed.playlists,
      subtitles.derived.map(({ name }) => name),
    );
    derived.push({ name: masterName, text: () => text });
  }
  const divided = [...subtitles.divided, ...(muxed.divided ?? [])];
  return {
    args: [
      ...args,
      ...muxed.args,
      ...apart.flatMap((sound, at) => [...sound, ...(muxed.apart[at] ?? [])]),
      ...subtitles.args,
      ...besideSound(probe, place, ladder.subtitles.length > 0),
      ...picturesArgs(pictures, drawnRungs(ladder, place), place),
    ],
    outputDir: place.outputDir,
    outputType: preset.output_type,
    entry,
    entries: muxed.entries,
    isMedia: (name) => /^(segment|chunk)_.*\.(ts|m4s)$/.test(name),
    samples: muxed.samples,
    compared: { ...comparedOf(muxed, ladder, probe), picture: preset.picture },
    reference: ladderReference(preset, probe, ladder, place),
    film: ladderFilm(preset, ladder),
    sound,
    files: [
      ...[...muxed.entries, ...subtitles.files].map((name) => ({ name, isText: true })),
      ...pictures.flatMap(({ files }) => files),
    ],
    ...(pictures.length > 0 && { beside: pictures.flatMap(({ files }) => files.map(({ name }) => name)) }),
    segments: { seconds: ladder.segmentSeconds, tracks: tracksOf(preset, ladder), isMuxed: isMuxed(preset) },
    durationSeconds: ladder.seconds,
    totalFrames: ladder.frames,
    ...(preparation && { preparation }),
    ...(derived.length > 0 && { derived }),
    ...(muxed.roles && { roles: muxed.roles }),
    ...(muxed.colours && { colours: muxed.colours }),
    ...(subtitles.whole.length > 0 && { whole: subtitles.whole }),
    ...(muxed.roles && ladder.subtitles.length > 0 && { manifestTexts: manifestTexts(ladder, subtitles.files) }),
    ...(subtitles.converted.length > 0 && { converted: subtitles.converted }),
    ...(divided.length > 0 && { divided }),
  };
}

/** How the WebVTT calls the sheets that lie in its own folder. */
const besidePlace = { stem: besideSegments.sheets };

/** Each of them is an output of its own, whose picture is one of the graph behind those of the rungs. */
const picturesArgs = (pictures: readonly Part[], before: number, { outputDir }: Place): string[] =>
  pictures.flatMap(({ args, target }, at) => [
    ...["-map", `[v${before + at}]`, ...args, ...nothingElse],
    join(outputDir, target),
  ]);

function comparedOf({ segment }: Muxed, { segmentSeconds, rate }: Ladder, probe: Probe) {
  const moments = comparedMoments(probe, segmentSeconds);
  const halfFrame = 0.5 / perSecond(rate);
  const lookedAt = [...moments, ...(probe.video?.burned?.moments ?? [])];
  const segments = lookedAt.map((seconds) => segment(Math.floor((seconds + halfFrame) / segmentSeconds)));
  return { moments, segments: [...new Set(segments)] };
}

// A playlist of subtitles has segments as long as those of the video.
const withKnownEnd = (ladder: Ladder, { durationSeconds }: Probe): Ladder =>
  durationSeconds === undefined ? { ...ladder, subtitles: [] } : ladder;

function tracksOf(preset: SegmentedPreset, ladder: Ladder): ExpectedTrack[] {
  const { video: picture, rungs, sounds, subtitles, frames, seconds } = ladder;
  const { video } = preset;
  const muxed = isMuxed(preset) ? sounds.slice(0, 1) : [];
  const length = ifKnown(seconds);
  return [
    ...rungs.map(({ size, hdr }) => ({
      kind: "video" as const,
      codec: videoNames[video.codec],
      ...expectedSize(picture, size, lookOf(preset, ladder)),
      ...expectedColour(picture, hdr),
      ...(frames !== undefined && { frames }),
      ...length,
    })),
    ...[...muxed, ...soundsApart(preset, ladder)].map(({ track, settings }) => ({
      kind: "audio" as const,
      ...{ codec: soundNames[settings.codec], channels: channelsOf(settings, track) },
      ...ifKnown(seconds && seconds - firstSample(preset, ladder, settings.codec) / 48_000),
    })),
    ...subtitles.map(() => ({ kind: "subtitles" as const, codec: "webvtt" as const, ...length })),
  ];
}
