const url = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi;
const path = /(?<![\w.)<])\.{0,2}\/[^\s'":;,]+/g;
// ffmpeg puts names into quotes: what is in them may hold spaces.
const quotedPath = /(?<=['"])\.{0,2}\/[^'"\n]+(?=['"])/g;
// 16 bytes, as keys of encryption are.
const key = /\b[0-9a-f]{32}\b/gi;
const address = / @ 0x[0-9a-f]+/gi;

/** What ffmpeg said, fit for a client: without URLs, paths, what may be a key, and memory addresses. */
export const scrub = (text: string) =>
  text
    .replace(url, "<url>")
    .replace(quotedPath, "<file>")
    .replace(path, "<file>")
    .replace(key, "<key>")
    .replace(address, "");
