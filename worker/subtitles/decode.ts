/** Decodes text that ffmpeg has passed on unchanged: each line that is not UTF-8 is read as Windows-1252. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return unicode.decode(bytes);
  } catch {
    // Latin-1 has a letter for each byte, so that lines can be divided before their encoding is known.
    const lines = Buffer.from(bytes).toString("latin1").split("\n");
    return lines.map((line) => decodeLine(Buffer.from(line, "latin1"))).join("\n");
  }
}

const unicode = new TextDecoder("utf-8", { fatal: true });
const western = new TextDecoder("windows-1252");

function decodeLine(line: Uint8Array): string {
  try {
    return unicode.decode(line);
  } catch {
    return western.decode(line);
  }
}
