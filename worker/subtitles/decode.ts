/** Decodes text that ffmpeg has passed on unchanged: each line that is not UTF-8 is read as Windows-1252. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return unicode.decode(bytes);
  } catch {
    return linesOf(bytes).map(decodeLine).join("\n");
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

const newline = 0x0a;

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let begin = 0;
  for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, begin)) {
    lines.push(bytes.subarray(begin, end));
    begin = end + 1;
  }
  return [...lines, bytes.subarray(begin)];
}
