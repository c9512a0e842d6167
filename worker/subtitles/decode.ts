import { orUndefined } from "#shared/errors.ts";
/** Decodes text that ffmpeg has passed on unchanged: each line that is not UTF-8 is read as Windows-1252. */
export function decodeText(bytes: Uint8Array): string {
  const text = orUndefined(() => unicode.decode(bytes));
  if (text !== undefined) return text;
  // Latin-1 has a letter for each byte, so that lines can be divided before their encoding is known.
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  return lines.map((line) => decodeLine(Buffer.from(line, "latin1"))).join("\n");
}

const unicode = new TextDecoder("utf-8", { fatal: true });
const western = new TextDecoder("windows-1252");

const decodeLine = (line: Uint8Array) => orUndefined(() => unicode.decode(line)) ?? western.decode(line);
