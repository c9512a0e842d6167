import { extname } from "node:path/posix";
import type { About } from "./storage.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".mkv": "video/matroska",
  ".mov": "video/quicktime",
  ".m4a": "audio/mp4",
  ".mp3": "audio/mpeg",
  ".opus": "audio/ogg",
  ".ogg": "audio/ogg",
  ".flac": "audio/flac",
  ".wav": "audio/wav",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".vtt": "text/vtt",
  ".ts": "video/mp2t",
  ".m4s": "video/iso.segment",
  ".m3u8": "application/vnd.apple.mpegurl",
  ".mpd": "application/dash+xml",
  ".json": "application/json",
  ".log": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/** How a file of this name is served. */
export function aboutFile(name: string, metadata?: Readonly<Record<string, string>>): About {
  const extension = extname(name).toLowerCase();
  return {
    contentType: contentTypes[extension] ?? "application/octet-stream",
    cacheControl: cacheControl(name, extension),
    ...(metadata && { metadata }),
  };
}

// A segment's name is never used again for other bytes: a second generation has a folder of its own. An entry is
// asked for anew each time. A single file may be replaced at its path, so a cache may lag behind by an hour only.
function cacheControl(name: string, extension: string) {
  if (/\.(json|log|txt)$/.test(extension)) return "no-store";
  if (/\.(m3u8|mpd)$/.test(extension)) return "no-cache";
  const isSegment = /\.(ts|m4s)$/.test(extension) || /(^|\/)init[^/]*\.mp4$/.test(name);
  return isSegment ? "public, max-age=31536000, immutable" : "public, max-age=3600";
}
