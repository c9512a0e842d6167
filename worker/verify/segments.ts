import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import { type Track, tracksOf } from "#worker/manifests/tracks.ts";
import type { ExpectedSegments, ExpectedTrack } from "#worker/plan/expected.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { contentsProblem } from "./contents.ts";
import { hdrProblem } from "./hdr.ts";
import { lipSyncProblem } from "./lip-sync.ts";
import { iframesProblem, manifestProblem, measureProblem } from "./manifests.ts";
import type { FilesByName, OutputFile } from "./output-file.ts";
import { audioProblem, endProblem, lengthProblem, videoProblem } from "./problems.ts";

/** The first thing that is wrong with a segmented output, with the name of the file. */
export function segmentProblem(
  plan: Plan,
  files: readonly OutputFile[],
  report: EncodeReport | undefined,
): string | undefined {
  const byName = new Map(files.map((file) => [file.name, file]));
  const known = {
    sizeOf: (name: string) => byName.get(name)?.bytes,
    headOf: (name: string) => byName.get(name)?.head,
    contentsOf: (name: string) => byName.get(name)?.contents,
  };
  for (const entry of plan.entries) {
    const tracks = tracksOf(entry, (name) => byName.get(name)?.text);
    const held = plan.segments && expectedOf(plan.segments, entry === plan.entry);
    const text = byName.get(entry)?.text ?? "";
    const problem =
      entryProblem(plan, tracks, held, byName) ??
      manifestProblem(entry, text) ??
      (held && (lipSyncProblem(tracks, byName) ?? heldProblem(plan, tracks, held, byName, report))) ??
      measureProblem(entry, text, tracks, known) ??
      iframesProblem(text, byName);
    if (problem) return tracks.length > 0 ? problem : `${entry}: ${problem}`;
  }
  return undefined;
}

/** Of what is encrypted for others only ffmpeg knows what it wrote. */
function heldProblem(
  { segments, captions, beside }: Plan,
  tracks: readonly Track[],
  held: readonly Held[],
  files: FilesByName,
  report: EncodeReport | undefined,
): string | undefined {
  const isHidden = tracks.some((track) => track.isEncrypted);
  return (
    contentsProblem(tracks, held, files, captions) ??
    (isHidden && report
      ? writtenProblem(segments?.tracks ?? [], beside ? withoutPictures(segments?.tracks ?? [], report) : report)
      : undefined)
  );
}

/** What lies beside the segments is encoded behind them. */
const withoutPictures = (tracks: readonly ExpectedTrack[], { written }: EncodeReport) => ({
  written: written.slice(0, tracks.filter(({ kind }) => kind !== "subtitles").length),
});

/** What ffmpeg says of what it encoded. */
function writtenProblem(
  tracks: readonly ExpectedTrack[],
  { written }: Pick<EncodeReport, "written">,
): string | undefined {
  const expected = tracks.filter((track) => track.kind !== "subtitles");
  if (written.length !== expected.length) return `${written.length} streams were encoded instead of ${expected.length}`;
  const problems = expected.map((track, at) => {
    const { frames = 0, samples = 0 } = written[at] ?? {};
    if (track.kind === "audio") return endProblem("its sound lasts", track.seconds, samples / 48_000);
    return track.frames !== undefined && frames !== track.frames
      ? `${frames} pictures were encoded instead of ${track.frames}`
      : undefined;
  });
  const at = problems.findIndex(Boolean);
  return at < 0 ? undefined : `rendition ${at}: ${problems[at]}`;
}

function entryProblem(
  { segments, samples, durationSeconds }: Plan,
  tracks: readonly Track[],
  expected: readonly Held[] | undefined,
  files: FilesByName,
) {
  if (tracks.length === 0) return "it names no media";
  const missing = tracks.map((track) => filesProblem(track, files)).find(Boolean);
  if (missing) return missing;
  if (expected && expected.length !== tracks.length) return `${tracks.length} tracks instead of ${expected.length}`;
  const problems = tracks.map((track, at) => {
    const kind = expected?.[at];
    return (
      (kind && playlistProblem(track, kind)) ??
      (kind && contentProblem(track, kind, files, samples)) ??
      (segments && lengthsProblem(track, kind, segments.seconds))
    );
  });
  return (
    problems.find(Boolean) ??
    (expected
      ? alignmentProblem(tracks.filter((_, at) => isVideo(expected[at])))
      : wholeProblem(tracks, durationSeconds))
  );
}

type Held = readonly ExpectedTrack[];

/** What each track of an entry holds, in the entry's order; of a muxed output the main entry is the first of them. */
function expectedOf({ tracks, isMuxed }: ExpectedSegments, isMain: boolean): readonly Held[] {
  const order = ["video", "audio", "subtitles"];
  const sorted = tracks.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const together = isMuxed ? 2 : 1;
  const all = [sorted.slice(0, together), ...sorted.slice(together).map((track) => [track])];
  return isMuxed && isMain ? all.slice(0, 1) : all;
}

const isVideo = (held: Held | undefined) => held?.some(({ kind }) => kind === "video") === true;

function filesProblem({ name, init, segments, isEnded }: Track, files: FilesByName): string | undefined {
  if (segments.length === 0) return `${name}: it names no segments`;
  if (!isEnded) return `${name}: it does not end`;
  for (const file of [...(init === undefined ? [] : [init]), ...segments.map((segment) => segment.name)]) {
    if (/%(?![0-9A-F]{2})/i.test(file)) return `${file}: ${name} names it, and it is no URI`;
    const bytes = files.get(file)?.bytes;
    if (bytes === undefined) return `${file}: ${name} names it, and it is not there`;
    if (bytes === 0) return `${file}: it is empty`;
  }
  return undefined;
}

const lengthOf = ({ segments }: Track) => segments.reduce((sum, { seconds }) => sum + seconds, 0);

/** A playlist is as long as its picture, or else its sound. */
function playlistProblem(track: Track, held: Held): string | undefined {
  const { seconds } = held.find(({ kind }) => kind === "video") ?? held[0] ?? {};
  const problem = endProblem("it lasts", seconds, lengthOf(track));
  return problem && `${track.name}: ${problem}`;
}

/** What a user's own arguments make may be anything, but the longest of it lasts as long as the source. */
function wholeProblem(tracks: readonly Track[], seconds: number | undefined): string | undefined {
  const longest = tracks.reduce((one, other) => (lengthOf(other) > lengthOf(one) ? other : one));
  const problem = seconds === undefined ? undefined : lengthProblem("it", seconds, lengthOf(longest));
  return problem && `${longest.name}: ${problem}`;
}

/** What the init segment, or a sample of the segments, says of itself. */
function contentProblem(track: Track, held: Held, files: FilesByName, samples: readonly string[]): string | undefined {
  const name = track.init ?? track.segments.map((segment) => segment.name).find((one) => samples.includes(one));
  const file = name === undefined ? undefined : files.get(name);
  if (!file || held.some(({ kind }) => kind === "subtitles")) return undefined;
  const { probe } = file;
  if (!probe) return `${file.name}: it cannot be read as media`;
  const problems = held.map((expected) => {
    if (expected.kind === "video") return videoProblem(expected, probe);
    return expected.kind === "audio" ? audioProblem(expected, probe) : undefined;
  });
  const problem = problems.find(Boolean);
  return problem ? `${file.name}: ${problem}` : hdrProblemOf(track, held, files);
}

function hdrProblemOf({ segments }: Track, held: Held, files: FilesByName): string | undefined {
  const [sample] = segments.flatMap(({ name }) => (files.get(name)?.hdr ? name : []));
  const picture = held.find(({ kind }) => kind === "video");
  const problem = picture && sample !== undefined && "size" in picture && hdrProblem(picture, files.get(sample)?.hdr);
  return problem ? `${sample}: ${problem}` : undefined;
}

/** Pictures keep the target to a frame or two; sound, whose frames are of another length, nearly. */
function lengthsProblem({ name, segments }: Track, held: Held | undefined, target: number): string | undefined {
  if (held?.some(({ kind }) => kind === "subtitles")) return undefined;
  const tooLong = segments.find(({ seconds }) => seconds > target + 0.5);
  return (
    tooLong &&
    `${tooLong.name}: it is ${tooLong.seconds.toFixed(2)} s long, and ${name} promises ${target.toFixed(2)} s`
  );
}

/** Players change between renditions where segments begin. */
function alignmentProblem(tracks: readonly Track[]): string | undefined {
  const [first, ...others] = tracks;
  if (!first) return undefined;
  for (const other of others) {
    if (other.segments.length !== first.segments.length) {
      return `${other.name}: it has ${other.segments.length} segments, and ${first.name} has ${first.segments.length}`;
    }
    const at = other.segments.findIndex(({ seconds }, index) => {
      return Math.abs(seconds - (first.segments[index]?.seconds ?? 0)) > 0.02;
    });
    if (at >= 0) return `${other.segments[at]?.name}: it does not begin or end where those of ${first.name} do`;
  }
  return undefined;
}
