import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { isHdr } from "#worker/plan/hdr.ts";
import type { ContentLight, Grading, MasteringDisplay } from "./grading.ts";
import { inputAllowlist } from "./input-allowlist.ts";
import type { Probe } from "./media.ts";
import { runToEnd, type Spawning } from "./run.ts";

/** What a film says of HDR, in boxes of its container and in its first picture. */
export type HdrSideData = {
  /** As ffprobe names it all. */
  names: readonly string[];
  grading: Grading;
  /** Whether its first picture could be decoded: some codecs say it there alone. */
  isDecoded: boolean;
};

type Input = Spawning & {
  /** The files that are read. */
  reads: readonly string[];
  /** The stream, as ffprobe specifies it. */
  stream: string;
  /** The names of its demuxer, as ffprobe gives them. */
  format: string;
  /** What ffprobe must be told before it opens the input. */
  options?: readonly string[];
};

/** What describes an HDR picture in a stream and in its first frame. */
export async function hdrSideDataIn(
  input: string,
  { reads, stream, format, options = [], signal, spawn }: Input,
): Promise<HdrSideData> {
  // A picture that an edit list hides is not shown here either.
  const opened = [...options, ...(/mov|mp4/.test(format) ? ["-ignore_editlist", "1"] : []), "-select_streams", stream];
  const look = async (...read: readonly string[]) => {
    const entries = "stream_side_data:frame_side_data:frame=pict_type";
    const query = [...inputAllowlist, ...opened, ...read, "-show_entries", entries, "-print_format", "json", input];
    const { stdout } = await runToEnd(spawn, { argv: ["ffprobe", "-v", "error", ...query], reads, signal });
    return hdrSideDataOf(stdout.toString());
  };
  const first = await look("-read_intervals", "%+#1");
  // A broadcast begins in the middle of a group of pictures.
  return first.isDecoded ? first : look("-skip_frame", "nokey", "-read_intervals", `%+#${mostOfGroup}`);
}

/** How many packets are read to find a keyframe. */
const mostOfGroup = 600;

/** How the picture of a source was graded, if it is HDR: H.265 and AV1 may say it in their first picture alone. */
export async function gradingIn(
  { format, video, inputOptions = [] }: Probe,
  file: string,
  asking: Spawning,
): Promise<Grading | undefined> {
  if (!video || !isHdr(video)) return undefined;
  const input = { ...asking, reads: [file], stream: String(video.index), format, options: inputOptions };
  return (await hdrSideDataIn(file, input)).grading;
}

const text = v.optional(v.string());
const SideData = v.object({
  side_data_type: v.optional(v.string(), ""),
  ...{ red_x: text, red_y: text, green_x: text, green_y: text, blue_x: text, blue_y: text },
  ...{ white_point_x: text, white_point_y: text, min_luminance: text, max_luminance: text },
  ...{ max_content: v.optional(v.number()), max_average: v.optional(v.number()) },
});
type SideData = v.InferOutput<typeof SideData>;
const Described = v.object({ side_data_list: v.optional(v.array(SideData), []) });
const Report = v.object({
  streams: v.optional(v.array(Described), []),
  frames: v.optional(v.array(Described), []),
});

const ofHdr = /^(Mastering display|Content light level|HDR Dynamic|Dolby Vision|DOVI)/;

/** The same of ffprobe's JSON. What the picture says goes before what its container says. */
export function hdrSideDataOf(json: string): HdrSideData {
  const { streams = [], frames = [] } = fromJsonText(Report, json) ?? {};
  const all = [...frames, ...streams].flatMap(({ side_data_list }) => side_data_list);
  const [mastering] = all.flatMap((one) => masteringOf(one) ?? []);
  const [light] = all.flatMap((one) => lightOf(one) ?? []);
  return {
    names: [...new Set(all.map(({ side_data_type }) => side_data_type).filter((name) => ofHdr.test(name)))],
    grading: { ...(mastering && { mastering }), ...(light && { light }) },
    isDecoded: frames.length > 0,
  };
}

/** The number of steps that a fraction has, such as `13250/50000`. */
function steps(fraction: string | undefined, perUnit: number): number {
  const [over = Number.NaN, under = 1] = (fraction ?? "").split("/").map(Number);
  return fraction ? Math.round((over * perUnit) / under) : Number.NaN;
}

function masteringOf(data: SideData): MasteringDisplay | undefined {
  const colour = (x: string | undefined, y: string | undefined) => [steps(x, 50_000), steps(y, 50_000)] as const;
  const mastering: MasteringDisplay = {
    green: colour(data.green_x, data.green_y),
    blue: colour(data.blue_x, data.blue_y),
    red: colour(data.red_x, data.red_y),
    white: colour(data.white_point_x, data.white_point_y),
    luminance: [steps(data.max_luminance, 10_000), steps(data.min_luminance, 10_000)],
  };
  return isPlausible(mastering) ? mastering : undefined;
}

/** Encoders refuse, or worse hand on, what no display can be. */
function isPlausible({ luminance: [most, least], ...colours }: MasteringDisplay): boolean {
  const isColour = Object.values(colours).every(([x, y]) => x > 0 && y > 0 && x + y <= 50_000);
  return isColour && most > least && least >= 0 && most < 2 ** 32;
}

function lightOf({ max_content: most, max_average: average }: SideData): ContentLight | undefined {
  const isLight = (value: number | undefined): value is number => value !== undefined && value >= 0 && value < 2 ** 16;
  return isLight(most) && isLight(average) && most + average > 0 ? { most, average } : undefined;
}
