import type { Plan } from "#worker/plan/plan.ts";
import type { OutputFile } from "./output-file.ts";

/** What is wrong with WebVTT that was made of another format, with the name of its file. */
export function subtitleProblem({ converted = [] }: Plan, files: readonly OutputFile[]): string | undefined {
  // WebVTT of the source stays as it was written.
  for (const { name, codec } of converted.filter((one) => one.codec !== "webvtt")) {
    const text = files.find((file) => file.name === name)?.text;
    const problem =
      text === undefined
        ? undefined
        : cueLines(text)
            .map((line) => lineProblem(line, codec))
            .find(Boolean);
    if (problem) return `${name}: ${problem}`;
  }
  return undefined;
}

/** The lines of a WebVTT file that are shown. */
const cueLines = (text: string) => text.split("\n").filter((line) => line !== "" && !isHead.test(line));
const isHead = /^WEBVTT|^[\d:.]+ --> /;

// The elements that are written, and the names for what must be escaped (W3C WebVTT, "WebVTT cue text").
const markup = /<\/?[biu]>|&(amp|lt|gt|nbsp|lrm|rlm);/g;
const overrideCodes = /\{\\[^}]+\}/;
const drawing = /^m( -?[\d.]+){2} [nlbspc]( |$)/;
const isAss = /^(ass|ssa)$/;

function lineProblem(line: string, codec: string): string | undefined {
  if (/[<>&]/.test(line.replace(markup, ""))) return "a text is not escaped as WebVTT asks";
  // In other formats braces may be meant: decoders keep them apart from codes.
  if (codec !== "text" && overrideCodes.test(line)) return "a text holds the codes of its former format";
  return isAss.test(codec) && drawing.test(line) ? "a text is the numbers of a drawing" : undefined;
}
