import { scrub } from "#shared/scrub.ts";

const most = { bytes: 2 ** 20, words: "1 MiB" };

/**
 * What of a failed job's log its client may read: the last whole lines, at most 1 MiB, scrubbed as messages are. Where
 * something is left out before them, the first line says so.
 */
export function shownLog(text: string): string {
  const note = `[the log is longer: these are its last lines, at most ${most.words}]\n`;
  const room = most.bytes - note.length;
  // What begins within a line could be the rest of a URL or a path, which would not be known as such.
  const end = lastLines(text, room);
  const scrubbed = scrub(end);
  // Lines may have grown.
  const shown = lastLines(scrubbed, room);
  return end === text && shown === scrubbed ? shown : note + shown;
}

function lastLines(text: string, room: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= room) return text;
  // From the last byte that does not fit: a line may begin just behind it.
  const rest = bytes.subarray(bytes.length - room - 1);
  const lineEnd = rest.indexOf("\n");
  return lineEnd < 0 ? "" : rest.toString("utf8", lineEnd + 1);
}
