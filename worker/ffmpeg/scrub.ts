const url = /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi;
const path = /(?<![\w.)<])\.{0,2}\/[^\s'":;,]+/g;
const address = / @ 0x[0-9a-f]+/gi;

/** What ffmpeg said, fit for a client: without URLs, paths and memory addresses. */
export const scrub = (text: string) => text.replace(url, "<url>").replace(path, "<file>").replace(address, "");
