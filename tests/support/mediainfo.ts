import { toolPath } from "./tools.ts";

const program = toolPath("mediainfo");

/** What MediaInfo says of the picture of a file, by the names of its fields; undefined where there is no MediaInfo. */
export async function mediainfo(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (!program) return undefined;
  const { media } = await Bun.$`${program} --Output=JSON ${path}`.json();
  const tracks: Record<string, unknown>[] = media.track;
  return tracks.find((track) => track["@type"] === "Video") ?? {};
}
