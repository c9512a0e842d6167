import type { SpriteSettings } from "#shared/job/thumbnails.ts";
import { webvtt } from "#worker/subtitles/webvtt.ts";
import { straight } from "./graph.ts";
import { secondsOf } from "./input.ts";
import type { Part, PartSource } from "./part.ts";
import { shown, sizeWithin } from "./picture.ts";
import { numbered } from "./picture-names.ts";

/** Sheets of small pictures, one for every few seconds, and a WebVTT that says which is where. */
export function thumbnailsPart(settings: SpriteSettings, { video, probe, place }: PartSource, name: string): Part {
  const { every_seconds: step } = settings;
  const { durationSeconds, count, width, height, columns, rows, sheets } = sheetsOf(settings, { video, probe });
  return {
    chain: straight([
      `fps=1/${step}:start_time=0:round=up`,
      // The last picture stands still for as long as it takes.
      ...(count === undefined ? [] : [`tpad=stop_mode=clone:stop=${columns * rows}`]),
      ...shown(video, Math.min(width, height), { target: "jpeg", name: "sheet" }),
      `scale=${width}:${height},setsar=1`,
      `tile=${columns}x${rows}`,
    ]),
    args: [
      ...["-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "4"],
      ...(sheets === undefined ? [] : ["-frames:v", String(sheets)]),
      ...["-f", "image2"],
    ],
    target: `${name}_%02d.jpg`,
    alone: { inputs: [["-skip_frame", "noref"]] },
    files: [
      { name: `${name}.vtt`, isText: true },
      ...Array.from({ length: sheets ?? 1 }, (_, at) => ({
        name: numbered(name, at),
        image: "jpeg" as const,
        ...(at === 0 && { shows: 0, tile: { width, height } }),
      })),
    ],
    derived: {
      name: `${name}.vtt`,
      text(names) {
        const isSheet = (one: string) => one.startsWith(`${name}_`) && /^_\d+\.jpg$/.test(one.slice(name.length));
        const written = names.filter(isSheet).length;
        const cues = Array.from({ length: count ?? written * columns * rows }, (_, at) => {
          const end = Math.min((at + 1) * step, durationSeconds ?? Number.POSITIVE_INFINITY);
          const cell = at % (columns * rows);
          const corner = `${(cell % columns) * width},${Math.floor(cell / columns) * height}`;
          const sheet = numbered(place.stem, Math.floor(at / (columns * rows)));
          const text = `${encodeURIComponent(sheet)}#xywh=${corner},${width},${height}`;
          return { start: at * step * 1_000, end: Math.round(end * 1_000), settings: [], text };
        });
        return webvtt(cues);
      },
    },
  };
}

/** The pixels of a sheet, which ffmpeg has in memory several times; of four times as many it makes none. */
const mostPixels = 2 ** 26;

/** The size of a picture, how many of them lie on a sheet, and how many there are, where the source says how long it is. */
export function sheetsOf(settings: SpriteSettings, { video, probe }: Pick<PartSource, "video" | "probe">) {
  const durationSeconds = secondsOf(probe, video);
  const count =
    durationSeconds === undefined ? undefined : Math.max(1, Math.ceil(durationSeconds / settings.every_seconds));
  const size = thumbnailSize(settings, sizeWithin(video, Number.POSITIVE_INFINITY));
  const most = Math.max(1, Math.floor(mostPixels / (size.width * size.height)));
  const columns = Math.min(settings.columns, count ?? settings.columns, most);
  const needed = count === undefined ? settings.rows : Math.ceil(count / columns);
  const rows = Math.min(settings.rows, needed, Math.floor(most / columns));
  const sheets = count === undefined ? undefined : Math.ceil(count / (columns * rows));
  return { durationSeconds, count, columns, rows, sheets, ...size };
}

function thumbnailSize({ width: wanted }: SpriteSettings, { width, height }: { width: number; height: number }) {
  const factor = Math.min(1, wanted / width);
  const even = (side: number) => Math.max(2, 2 * Math.round((side * factor) / 2));
  return { width: even(width), height: even(height) };
}
