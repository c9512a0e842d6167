import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { Preset, SegmentedPreset } from "#worker/presets/schema.ts";
import type { SinglePreset } from "#worker/presets/single-preset.ts";
import { carriedCaptions, withA53 } from "./captions.ts";
import { withTracks } from "./chosen-tracks.ts";
import { withEdits } from "./edits.ts";
import { hdrWarnings } from "./hdr.ts";
import { withKnownEncoders } from "./known-encoders.ts";
import { withLoudness } from "./loudness.ts";
import { checkNeeds } from "./needs.ts";
import { withSubtitles } from "./ordered-subtitles.ts";
import { withOverlays } from "./overlaid.ts";
import { coveredParts } from "./overlay.ts";
import type { Place, Plan } from "./plan.ts";
import { constantRate, perSecond } from "./rate.ts";
import { rawPlan } from "./raw.ts";
import { segmentedPlan } from "./segmented.ts";
import { singlePlan } from "./single.ts";
import { soundWarnings } from "./sound-warnings.ts";
import { subtitleWarnings } from "./subtitles.ts";
import { withBurned, withText } from "./with-burned.ts";

/** Decides how a preset applies to a source; what cannot work, or not with this ffmpeg, is a Fault that says why. */
export function plan(asked: Preset, source: Probe, place: Place, ffmpeg: Capabilities): Plan {
  const preset = withKnownEncoders(asked, ffmpeg);
  const edited = withEdits(preset, withTracks(preset, source));
  const probe = withBurned(withSubtitles(withOverlays(preset, edited, place), place), place);
  const planned = joinedPlan(withText(withCovered(planOf(preset, probe, place, ffmpeg), probe), probe), source);
  checkNeeds(planned, preset, probe, ffmpeg);
  if ("ffmpeg_args" in preset) return planned;
  const warned = withWarnings(planned, soundWarnings(asked, probe, ffmpeg));
  return withLoudness(warned, { preset, probe, place }, (gains) => plan(preset, source, { ...place, gains }, ffmpeg));
}

const withWarnings = (planned: Plan, more: readonly string[]): Plan =>
  more.length > 0 ? { ...planned, warnings: [...(planned.warnings ?? []), ...more] } : planned;

const withCovered = (planned: Plan, { video }: Probe): Plan =>
  video?.overlays && planned.compared
    ? { ...planned, compared: { ...planned.compared, covered: coveredParts(video) } }
    : planned;

/** A film that is joined is encoded in one go. */
function joinedPlan(planned: Plan, { joined }: Probe): Plan {
  if (!joined) return planned;
  const { film: _, sound: __, ...rest } = planned;
  return { ...rest, warnings: [...(planned.warnings ?? []), ...joined.warnings] };
}

function planOf(preset: Preset, probe: Probe, place: Place, ffmpeg: Capabilities): Plan {
  if ("ffmpeg_args" in preset) return rawPlan(preset, probe, place);
  const { video } = probe;
  if (!video || !preset.video) return madePlan(preset, probe, place);
  const rate = perSecond(constantRate(video, preset.video.frame_rate));
  const { channels, a53cc, warnings } = carriedCaptions(video, { codec: preset.video.codec, rate }, ffmpeg);
  const planned = madePlan(preset, { ...probe, video: { ...video, captions: channels } }, place);
  return {
    ...planned,
    args: withA53(planned.args, a53cc),
    captions: channels,
    warnings: [
      ...warnings,
      ...(probe.joined ? [] : hdrWarnings(preset, video)),
      ...("subtitles" in preset ? subtitleWarnings(preset, probe) : []),
    ],
  };
}

const madePlan = (preset: SinglePreset | SegmentedPreset, probe: Probe, place: Place) =>
  preset.output_type === "single" ? singlePlan(preset, probe, place) : segmentedPlan(preset, probe, place);
