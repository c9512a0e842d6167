import { extname } from "node:path/posix";

/** How a stored object is served. */
export type ObjectHeaders = {
  /** The value of Content-Type. */
  contentType: string;
  /** The value of Cache-Control. */
  cacheControl: string;
  /** Any text. Kept with the object where the storage can do that. */
  metadata?: Readonly<Record<string, string>>;
};

/** The headers of the object at a key, as this deployment is configured. */
export type HeadersFor = (key: string, metadata?: Readonly<Record<string, string>>) => ObjectHeaders;

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
  ".jsonl": "application/jsonl",
  ".log": "text/plain; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
};

/** The value of Cache-Control for each kind of file. */
export type CacheControl = {
  /** For HLS playlists and DASH manifests. */
  playlists: string;
  /** For media segments and their init files. */
  segments: string;
  /** For everything else that players read. */
  files: string;
};

// A segment's name is never used again for other bytes: a second generation has a folder of its own. An entry is
// asked for anew each time. A single file may be replaced at its path, so a cache may lag behind by an hour only.
export const usualCacheControl: CacheControl = {
  playlists: "no-cache",
  segments: "public, max-age=31536000, immutable",
  files: "public, max-age=3600",
};

/** Chooses headers by the name of a file; the type follows from its extension. */
export const makeHeadersFor =
  (cacheControl: CacheControl): HeadersFor =>
  (name, metadata) => {
    const extension = extname(name).toLowerCase();
    const kind = kindOf(name, extension);
    return {
      contentType: contentTypes[extension] ?? "application/octet-stream",
      cacheControl: kind === "notes" ? "no-store" : cacheControl[kind],
      ...(metadata && { metadata }),
    };
  };

/** The headers of a file of this name where nothing else is configured. */
export const headersFor = makeHeadersFor(usualCacheControl);

function kindOf(name: string, extension: string): keyof CacheControl | "notes" {
  if (/\.(jsonl?|log|txt)$/.test(extension)) return "notes";
  if (/\.(m3u8|mpd)$/.test(extension)) return "playlists";
  const isSegment = /\.(ts|m4s)$/.test(extension) || /(^|\/)init[^/]*\.mp4$/.test(name);
  return isSegment ? "segments" : "files";
}
