import * as v from "valibot";
import { checkRawArgs } from "./raw-args.ts";

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, ({ received }) => `use ${values.join(", ")}; ${received} is not supported`);

const name = v.pipe(
  v.string("write a name"),
  v.regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, "use lower-case letters, digits and single underscores"),
  v.maxLength(64, "use at most 64 characters"),
);
const description = v.pipe(v.string("write a sentence for people"), v.nonEmpty("write a sentence for people"));
const outputType = v.optional(oneOf(["single"]), "single");
const bitRate = v.pipe(v.string("write a bit rate such as 128k"), v.regex(/^\d+k$/, "write a bit rate such as 128k"));

const between = (min: number, max: number) => {
  const message = `use a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

export const videoCodecs = ["h264", "h265"] as const;
export type VideoCodec = (typeof videoCodecs)[number];

const speeds = [
  "ultrafast",
  "superfast",
  "veryfast",
  "faster",
  "fast",
  "medium",
  "slow",
  "slower",
  "veryslow",
] as const;

const Rendition = v.strictObject({
  size: between(16, 4_320),
  crf: between(0, 51),
  maxrate: bitRate,
  bufsize: bitRate,
});
/** One size of the picture: its short side in pixels, its quality, and the ceiling of its bit rate. */
export type Rendition = v.InferOutput<typeof Rendition>;

const Audio = v.strictObject({
  codec: oneOf(["aac"]),
  bitrate: bitRate,
  channels: v.optional(between(1, 2), 2),
});
export type AudioSettings = v.InferOutput<typeof Audio>;

const DeclarativePreset = v.strictObject({
  name,
  description,
  output_type: outputType,
  extension: v.optional(oneOf(["mp4"]), "mp4"),
  video: v.strictObject({
    codec: oneOf(videoCodecs),
    speed: v.optional(oneOf(speeds), "medium"),
    renditions: v.pipe(
      v.tupleWithRest([Rendition], Rendition, "list one rendition"),
      v.maxLength(1, "a single file holds one rendition"),
    ),
  }),
  audio: v.optional(Audio),
});
/** What we ship: it says what is wanted, and the planner writes the arguments. */
export type DeclarativePreset = v.InferOutput<typeof DeclarativePreset>;

const rawExtensions = "mp4 m4v mov mkv webm avi ts mpg flv mxf ogv m4a mp3 aac ogg opus flac wav".split(" ");

const RawPreset = v.strictObject({
  name,
  description,
  output_type: outputType,
  extension: oneOf(rawExtensions),
  ffmpeg_args: v.pipe(
    v.array(v.string("write it in quotes"), "write a list of arguments"),
    v.nonEmpty("write at least one argument"),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const { at, message } of checkRawArgs(dataset.value)) {
        const step = {
          type: "array",
          origin: "value",
          input: dataset.value,
          key: at,
          value: dataset.value[at],
        } as const;
        addIssue({ message, path: [step] });
      }
    }),
  ),
});
/** A user's own: the arguments between input and output. */
export type RawPreset = v.InferOutput<typeof RawPreset>;

const isRaw = (input: unknown) => typeof input === "object" && input !== null && "ffmpeg_args" in input;

export const Preset = v.lazy((input) => (isRaw(input) ? RawPreset : DeclarativePreset));
export type Preset = DeclarativePreset | RawPreset;
