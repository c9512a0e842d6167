import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault, fieldFault } from "#shared/fault.ts";
import type { SubtitleOrder } from "#shared/job/subtitles.ts";
import { nameOfFormat } from "#worker/ffmpeg/name-of-format.ts";
import type { Job } from "#worker/job/job.ts";
import type { OpenSource, Source } from "#worker/source/source.ts";
import { decodeFile } from "./charset.ts";
import { cleanText, endings, kindOf, type TextKind } from "./kind.ts";

/** No subtitles of a film are larger. */
const mostBytes = 20 * 1024 * 1024;

type Options = {
  openSource: OpenSource;
  /** How many bytes all that is fetched for the job may have together. */
  maxBytes: number;
  sources: readonly Pick<Source, "bytes" | "fetched">[];
};

/** Subtitles of an order that came by URL: a file of clean UTF-8 that this process wrote. */
export type SubtitleFile = {
  /** Which of the order's subtitles they are, from 0. */
  at: number;
  path: string;
  codec: TextKind;
  /** How many were fetched. */
  bytes: number;
  /** The encoding that the file was taken for; absent where that is sure. */
  guessed?: string;
};

/** Fetches the subtitles of an order that have a URL into the job's folder. */
export async function fetchSubtitles(
  { order, journal, meter, signal }: Pick<Job, "order" | "journal" | "meter" | "signal">,
  { openSource, maxBytes, sources }: Options,
): Promise<SubtitleFile[]> {
  const { subtitles = [] } = order;
  if (subtitles.length === 0) return [];
  await rm(journal.subtitlesDir, { recursive: true, force: true });
  await mkdir(journal.subtitlesDir, { recursive: true });
  const files: SubtitleFile[] = [];
  const whole = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  const counted = sources.reduce((sum, { bytes, fetched = bytes }) => sum + fetched, 0);
  let spent = 0;
  for (const [at, { url, language }] of subtitles.entries()) {
    if (url === undefined) continue;
    const field = `subtitles.${at}.url`;
    const dir = join(journal.subtitlesDir, `fetched_${at}`);
    await mkdir(dir);
    const most = Math.min(mostBytes, maxBytes - whole - spent);
    const { path: raw, bytes } = await openSource(url, dir, signal, (size) => checkSize(size, most, field)).catch(
      (error) => {
        throw error instanceof Fault && error.fields.length === 0
          ? fieldFault(error.kind, field, error.message, { cause: error })
          : error;
      },
    );
    checkSize(bytes, most, field);
    spent += bytes;
    meter.fetched(counted + spent);
    const { text, codec, ...said } = readFile(await Bun.file(raw).bytes(), field, language);
    await rm(dir, { recursive: true });
    const path = join(journal.subtitlesDir, `subtitles_${at}.${endings[codec]}`);
    await writeFile(path, text);
    files.push({ at, path, codec, bytes, ...said });
  }
  return files;
}

function checkSize(bytes: number, most: number, field: string) {
  if (bytes > most)
    throw fieldFault("too_large", field, `has more than ${most} bytes, which is all that there is room for`);
}

/** The clean text of a file that was fetched, and what it is. */
function readFile(bytes: Uint8Array, field: string, language: SubtitleOrder["language"]) {
  const decoded = decodeFile(bytes, language);
  const text = decoded && cleanText(decoded.text);
  const codec = text === undefined ? undefined : kindOf(text);
  if (decoded && text !== undefined && codec)
    return { text, codec, ...(decoded.guessed !== undefined && { guessed: decoded.guessed }) };
  const name = nameOfFormat(bytes);
  if (!decoded && (name === undefined || name === "a text" || name.includes("(subtitles)")))
    throw failed(field, "is in an encoding that cannot be told: save it as UTF-8, or say its language");
  const what = name === undefined || name.includes("(subtitles)") ? "holds no subtitles that are known" : `is ${name}`;
  throw failed(field, `${what}: use SubRip (.srt), WebVTT (.vtt) or ASS (.ass)`);
}

const failed = (field: string, words: string) => fieldFault("source_failed", field, words);
