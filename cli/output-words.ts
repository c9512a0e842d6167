import { fileURLToPath } from "node:url";
import { padded, plain, widest } from "#cli/cells.ts";
import type { JobEvent } from "#client/client.ts";
import { bitrate, bytes, clock } from "#dashboard/format.ts";

type Outputs = NonNullable<JobEvent["outputs"]>;
type Rendition = Outputs["renditions"][number];

/** Where an output is, as one can paste it: a path on this machine, or the URL. */
export function placeOf(url: string): string {
  try {
    return url.startsWith("file:") ? plain(fileURLToPath(url)) : url;
  } catch {
    return url;
  }
}

/** How large source and output are, and what one is of the other; empty where that is not known. */
export function sizesOf({ source, outputs }: Pick<JobEvent, "source" | "outputs">): string {
  if (!source || !outputs || source.bytes === 0) return "";
  const share = (outputs.bytes / source.bytes) * 100;
  return `${bytes(source.bytes)} in, ${bytes(outputs.bytes)} out (${share.toFixed(share < 10 ? 1 : 0)} %)`;
}

/** What an output holds, a line for each rendition, with its columns one below the other. */
export function ladderLines(outputs: JobEvent["outputs"]): string[] {
  const rows = (outputs?.renditions ?? []).map(cellsOf);
  const widths = (rows[0] ?? []).map((_, column) => widest(rows.map((row) => row[column] ?? "")));
  return rows.map((row) => {
    const cells = row.map((cell, column) => padded(cell, widths[column] ?? 0));
    return `  ${cells.filter((_, column) => widths[column] !== 0).join("  ")}`.trimEnd();
  });
}

function cellsOf(rendition: Rendition): string[] {
  const { path, kind, codecs = "", width, height, frame_rate, hdr = "", language = "" } = rendition;
  const { duration_seconds, segments, average_bit_rate, peak_bit_rate } = rendition;
  return [
    ...[path, kind, width && height ? `${width}x${height}` : language],
    frame_rate === undefined ? "" : `${frame_rate} fps`,
    hdr,
    codecs,
    average_bit_rate === undefined ? "" : bitrate(average_bit_rate),
    peak_bit_rate === undefined ? "" : `peak ${bitrate(peak_bit_rate)}`,
    bytes(rendition.bytes),
    duration_seconds === undefined ? "" : clock(duration_seconds),
    segments === undefined ? "" : `${segments} segment${segments === 1 ? "" : "s"}`,
  ];
}
