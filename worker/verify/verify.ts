import { Fault } from "#shared/fault.ts";
import { scrub } from "#shared/scrub.ts";
import type { EncodeReport } from "#worker/ffmpeg/encode-report.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { AudioStream } from "#worker/ffmpeg/streams.ts";
import type { ExpectedAudio, ExpectedFile } from "#worker/plan/expected.ts";
import type { Plan } from "#worker/plan/plan.ts";
import { captionProblem } from "./captions.ts";
import { textsProblem } from "./embedded-texts.ts";
import { hdrProblem } from "./hdr.ts";
import { partCoverageProblem } from "./joined-parts.ts";
import type { OutputFile } from "./output-file.ts";
import { audioProblem, lengthProblem, pictureProblem, soundProblem, videoProblem } from "./problems.ts";
import { segmentProblem } from "./segments.ts";
import { sourceCoverageProblem } from "./source-coverage.ts";
import { subtitleProblem } from "./subtitles.ts";

/**
 * Holds what an encode left against its plan, because ffmpeg reports success for much that is none. What it took is held
 * against a `source` that could be decoded whole.
 */
export function verify(plan: Plan, files: readonly OutputFile[], report?: EncodeReport, source?: Probe): void {
  const problem =
    filesProblem(plan, files) ?? encodeProblem(plan, report, source) ?? contentsProblem(plan, files, report);
  if (problem) throw new Fault("encode_failed", problem);
}

/** What is wrong with a file by itself. */
function filesProblem(plan: Plan, files: readonly OutputFile[]): string | undefined {
  for (const expected of plan.files) {
    const problem = problemOf(
      expected,
      files.find(({ name }) => name === expected.name),
    );
    if (problem) return `${expected.name}: ${problem}`;
  }
  const damaged = files.find(({ damage }) => damage !== undefined);
  return damaged && `${damaged.name}: it cannot be decoded to its end (${scrub(damaged.damage ?? "")})`;
}

/** What is wrong with what ffmpeg says that it did. */
function encodeProblem(plan: Plan, report: EncodeReport | undefined, source: Probe | undefined): string | undefined {
  if (!report) return undefined;
  const problem = mixProblem(report) ?? (source && isOurs(plan) ? coverageProblem(source, report) : undefined);
  return problem && `${plan.entry}: ${problem}`;
}

const coverageProblem = (source: Probe, report: EncodeReport) =>
  sourceCoverageProblem({ ...source, ...(source.joined && { audio: [] }) }, report) ??
  (source.joined && partCoverageProblem(source.joined, report));

/** What is above full scale is cut off by every player. */
const mixProblem = ({ mixedPeak = Number.NEGATIVE_INFINITY }: EncodeReport) =>
  mixedPeak > 0 ? `its sound is mixed down to ${mixedPeak.toFixed(1)} dB above full scale` : undefined;

/** What is wrong with the output as a whole. */
const contentsProblem = (plan: Plan, files: readonly OutputFile[], report: EncodeReport | undefined) =>
  plan.outputType === "single"
    ? captionProblem(plan, files)
    : (segmentProblem(plan, files, report) ?? subtitleProblem(plan, files));

/** What a user's own arguments take is theirs to know. */
const isOurs = ({ segments, files }: Plan) =>
  segments !== undefined || files.some(({ video, audio, image }) => video || audio || image);

function problemOf(expected: ExpectedFile, file: OutputFile | undefined): string | undefined {
  if (!file) return "ffmpeg did not write it";
  if (file.bytes === 0) return "it is empty";
  if (expected.isText) return file.text === undefined ? "it is not a text" : undefined;
  if (expected.image) return imageProblem(expected.image, file);
  if (!file.probe) return "it cannot be read as media";
  const hdr = expected.video && hdrProblem(expected.video, file.hdr);
  const texts = expected.texts && textsProblem(expected.texts, file.probe, file.shownTexts);
  return streamProblem(expected, file.probe) ?? hdr ?? texts ?? durationProblem(expected, file.probe);
}

function streamProblem({ video, audio, moreAudio = [] }: ExpectedFile, found: Probe): string | undefined {
  const pictures = found.video?.packets;
  const all = found.audio.toSorted((one, other) => one.index - other.index);
  const expected = audio ? [audio, ...moreAudio] : [];
  return (
    (video && (videoProblem(video, found) ?? (pictures && pictureProblem(video, pictures)))) ??
    expected.map((one, at) => heardProblem(one, all[at])).find(Boolean)
  );
}

const heardProblem = (expected: ExpectedAudio, found: AudioStream | undefined) =>
  audioProblem(expected, { audio: found ? [found] : [] }) ?? (found?.packets && soundProblem(expected, found.packets));

function durationProblem(
  { seconds, video, audio }: ExpectedFile,
  { durationSeconds: actual }: Probe,
): string | undefined {
  // Each stream was held against its own length by then.
  if (seconds === undefined || video || audio) return undefined;
  return actual === undefined ? "it does not say how long it is" : lengthProblem("the output", seconds, actual);
}

function imageProblem(kind: "jpeg" | "webp", { ends, bytes }: OutputFile): string | undefined {
  return ends && bytes >= 16 && isWhole[kind](Buffer.from(ends.first), Buffer.from(ends.last), bytes)
    ? undefined
    : `it is not a whole ${kind} picture`;
}

const isWhole = {
  jpeg: (first: Buffer, last: Buffer) =>
    first.readUInt16BE(0) === 0xff_d8 && last.subarray(-2).readUInt16BE(0) === 0xff_d9,
  webp: (first: Buffer, _: Buffer, bytes: number) =>
    first.toString("latin1", 0, 4) === "RIFF" &&
    first.toString("latin1", 8, 12) === "WEBP" &&
    first.readUInt32LE(4) + 8 === bytes,
};
