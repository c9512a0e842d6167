import * as v from "valibot";
import { description, name, oneOf } from "./fields.ts";
import { checkRawArgs } from "./raw-args.ts";

const extensions = "mp4 m4v mov mkv webm avi ts mpg flv mxf ogv m4a mp3 aac ogg opus flac wav".split(" ");

const fileName = v.pipe(
  v.string("write a file name"),
  v.regex(
    /^[\w%$.-]+\.(m3u8|mpd|ts|m4s|mp4|m4a|aac|vtt)$/,
    "write a file name such as segment_%03d.ts, without folders",
  ),
);

const entries = { hls: ".m3u8", dash: ".mpd" } as const;

/** A user's own: the arguments between input and output. */
export const RawPreset = v.pipe(
  v.strictObject({
    name,
    description,
    output_type: v.optional(oneOf(["single", "hls", "dash"]), "single"),
    extension: v.exactOptional(oneOf(extensions)),
    /** The names of what a segmented output consists of, its entry first; `%03d` and the like stand for numbers. */
    output_files: v.exactOptional(v.tupleWithRest([fileName], fileName, "list the entry and the media")),
    ffmpeg_args: v.pipe(
      v.array(v.string("write it in quotes"), "write a list of arguments"),
      v.nonEmpty("write at least one argument"),
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { ffmpeg_args: args, output_type } = dataset.value;
    for (const { at, message } of checkRawArgs(args, output_type)) {
      addIssue({
        message,
        path: [
          { type: "object", origin: "value", input: dataset.value, key: "ffmpeg_args", value: args },
          { type: "array", origin: "value", input: args, key: at, value: args[at] },
        ],
      });
    }
  }),
  v.forward(
    v.check(
      ({ output_type, extension }) => (output_type === "single") === (extension !== undefined),
      (issue) => (issue.input.output_type === "single" ? "is required" : "a segmented output has none"),
    ),
    ["extension"],
  ),
  v.forward(
    v.check(
      ({ output_type, output_files }) =>
        output_type === "single"
          ? output_files === undefined
          : output_files?.[0].endsWith(entries[output_type]) === true && output_files.length > 1,
      "list the entry (.m3u8 for hls, .mpd for dash) and then the media, for a segmented output only",
    ),
    ["output_files"],
  ),
  v.transform((preset) => ({ ...preset, extension: preset.extension ?? "" })),
);
export type RawPreset = v.InferOutput<typeof RawPreset>;
