import type { Argv } from "#worker/ffmpeg/argv.ts";
import { inputAllowlist } from "#worker/ffmpeg/input-allowlist.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { runToEnd, type Spawning } from "#worker/ffmpeg/run.ts";
import type { ExpectedText } from "#worker/plan/expected.ts";

/** In mp4 a text of no letters stands where nothing is shown: two bytes, which tell its length. */
const emptyBytes = 2;

/** How many texts each track of text in a file of ours shows, in the order of the tracks. */
export async function shownTexts(path: string, { subtitles }: Probe, { spawn, signal }: Spawning): Promise<number[]> {
  const argv: Argv = [
    ...(["ffprobe", "-hide_banner", "-v", "quiet", ...inputAllowlist, "-select_streams", "s"] as const),
    ...["-show_entries", "packet=stream_index,size", "-print_format", "compact=print_section=0:nokey=1", path],
  ];
  const { stdout } = await runToEnd(spawn, { argv, signal, reads: [path] });
  const shown = new Map<number, number>();
  for (const line of stdout.toString().split("\n")) {
    const [index = Number.NaN, size = 0] = line.split("|").map(Number);
    if (size > emptyBytes) shown.set(index, (shown.get(index) ?? 0) + 1);
  }
  return subtitles.map(({ index }) => shown.get(index) ?? 0);
}

/** What is wrong with the tracks of text of a file that must have these. */
export function textsProblem(
  expected: readonly ExpectedText[],
  { subtitles }: Probe,
  shown: readonly number[] = [],
): string | undefined {
  if (subtitles.length !== expected.length)
    return `it has ${subtitles.length} tracks of subtitles instead of ${expected.length}`;
  const problems = expected.map((one, at) => {
    const { codec, language, disposition } = subtitles[at] ?? {};
    const found = { codec, language: language ?? "und", ...disposition, cues: shown[at] ?? 0 };
    return trackProblem({ ...one, language: one.language ?? "und" }, found);
  });
  const at = problems.findIndex(Boolean);
  return at < 0 ? undefined : `its track ${at} of subtitles ${problems[at]}`;
}

const trackProblem = (expected: ExpectedText, found: Partial<Record<keyof ExpectedText, unknown>>) =>
  compared.flatMap(([name, words]) =>
    found[name] === expected[name] ? [] : words(String(found[name]), String(expected[name])),
  )[0];

const compared: readonly [keyof ExpectedText, (found: string, expected: string) => string][] = [
  ["codec", (found, expected) => `is ${found}, not ${expected}`],
  ["language", (found, expected) => `is said to be in ${found}, not ${expected}`],
  ["isForced", (found, expected) => `says ${found} of being forced, not ${expected}`],
  ["isDefault", (found, expected) => `says ${found} of being the default, not ${expected}`],
  ["cues", (found, expected) => `shows ${found} texts instead of ${expected}`],
];
