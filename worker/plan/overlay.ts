import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import type { FetchedOverlay } from "#worker/overlays/fetched-overlay.ts";
import { painted, type Target } from "./colour.ts";
import { drawnOverlay } from "./drawn-overlay.ts";

type Size = { width: number; height: number };

/** Where an overlay lies in a picture, in pixels. */
export type OverlayArea = Size & { x: number; y: number };

/** Where an overlay lies in a rendition of this size; `best` is that of the largest one. */
export function areaOf({ picture, ...overlay }: Omit<FetchedOverlay, "path">, size: Size, best: Size): OverlayArea {
  const { width: wanted = "12%", margin: apart = "2%", position = "bottom_right" } = overlay;
  const pixels = (length: number | string) =>
    typeof length === "number" ? (length * size.width) / best.width : (Number.parseFloat(length) / 100) * size.width;
  const factor = Math.min(pixels(wanted) / picture.width, size.width / picture.width, size.height / picture.height);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * factor) / 2));
  const own = { width: even(picture.width), height: even(picture.height) };
  const margin = pixels(apart);
  const place = (side: number, of: number, at: "start" | "middle" | "end") => {
    const free = Math.max(0, of - side);
    const from = { start: Math.min(margin, free), middle: free / 2, end: Math.max(0, free - margin) }[at];
    return 2 * Math.floor(from / 2);
  };
  const across = /left/.test(position) ? "start" : /right/.test(position) ? "end" : "middle";
  const down = /top/.test(position) ? "start" : /bottom/.test(position) ? "end" : "middle";
  return { ...own, x: place(own.width, size.width, across), y: place(own.height, size.height, down) };
}

/** The parts of the picture that are covered, in shares of its width and height. */
export const coveredParts = ({ overlays }: VideoStream): OverlayArea[] =>
  (overlays?.all ?? []).map((overlay) => {
    const { width, height } = overlays?.best ?? overlay.picture;
    const area = areaOf(overlay, { width, height }, { width, height });
    return { x: area.x / width, y: area.y / height, width: area.width / width, height: area.height / height };
  });

type Given = {
  /** The size of the picture, without bars. */
  size: Size;
  target: Target;
  /** Tells its labels from those of other chains of a graph. */
  name: string;
  /** The bars beside and above it, in pixels. */
  left: number;
  top: number;
};

/** The filters that lay overlays over a picture of this size. */
export function overlaying(video: VideoStream, { size, target, name, left, top }: Given): string[] {
  const { all, best } = video.overlays ?? { all: [], best: size };
  return all.map((overlay, at) => {
    const { x, y, width, height } = areaOf(overlay, size, best);
    const label = (what: string) => `[${name}${size.width}x${size.height}${what}${at}]`;
    const { start = 0, end } = overlay;
    const drawn = drawnOverlay(overlay, {
      ...{ width, height, target },
      filters: painted(video, target, { width, height }),
    });
    const when = end === undefined ? `gte(t,${start})` : `between(t,${start},${end})`;
    const enable = start > 0 || end !== undefined ? `:enable='${when}'` : "";
    const format = target === "hdr" ? "yuv420p10" : "yuv420";
    const ending = overlay.animation ? ":shortest=1" : "";
    return [
      `null${label("under")}`,
      `${drawn.join()}${label("over")}`,
      `${label("under")}${label("over")}overlay=x=${left + x}:y=${top + y}:format=${format}:eval=init${ending}${enable}`,
    ].join(";");
  });
}
