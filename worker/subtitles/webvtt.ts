import type { Run } from "./text.ts";

/** Times in milliseconds; `settings` as WebVTT writes them. */
export type Cue = { start: number; end: number; settings: readonly string[]; text: string };

/** Writes a WebVTT file: the cues sorted by their beginning, each only once. */
export function webvtt(cues: readonly Cue[]): string {
  const blocks = cues.toSorted((a, b) => a.start - b.start).map(blockOf);
  return ["WEBVTT\n", ...new Set(blocks)].join("\n");
}

const blockOf = ({ start, end, settings, text }: Cue) =>
  `${[`${timestamp(start)} --> ${timestamp(end)}`, ...settings].join(" ")}\n${text}\n`;

/** A time in milliseconds as WebVTT writes it, with all its hours. */
export function timestamp(milliseconds: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const seconds = milliseconds / 1_000;
  return `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(milliseconds % 1_000).padStart(3, "0")}`;
}

/** The text of a cue without empty lines, which would end the cue; empty when nothing of it is visible. */
export function cueText(runs: readonly Run[]): string {
  const lines: Run[][] = [[]];
  for (const run of runs) {
    for (const [at, text] of run.text.split("\n").entries()) {
      if (at > 0) lines.push([]);
      lines.at(-1)?.push({ ...run, text });
    }
  }
  return lines
    .filter((line) => line.some(({ text }) => text.trim() !== ""))
    .map(lineText)
    .join("\n");
}

const lineText = (line: readonly Run[]) => line.map(runText).join("").trim();

function runText({ text, bold, italic, underline }: Run): string {
  const names = [...(bold ? ["b"] : []), ...(italic ? ["i"] : []), ...(underline ? ["u"] : [])];
  const shown = escaped(text);
  return shown.trim() === "" ? shown : names.reduceRight((inner, name) => `<${name}>${inner}</${name}>`, shown);
}

const escaped = (text: string) =>
  text
    .replace(/\p{Cc}/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
