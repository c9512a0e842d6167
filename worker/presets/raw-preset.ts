import * as v from "valibot";
import { issueAt } from "#shared/schemas.ts";
import { description, name, oneOf } from "./fields.ts";
import { checkRawArgs } from "./raw-args.ts";

const extensions = "mp4 m4v mov mkv webm avi ts mpg flv mxf ogv m4a mp3 aac ogg opus flac wav".split(" ");
const entries = { hls: "m3u8", dash: "mpd" } as const;

const fileName = v.pipe(
  v.string("write a file name"),
  v.regex(
    /^[\w%$.*?-]+\.(m3u8|mpd|ts|m4s|mp4|m4a|aac|vtt)$/,
    "write a file name such as segment_%03d.ts or segment_*.ts, without folders",
  ),
);

const RawFields = v.strictObject({
  name,
  description,
  output_type: v.optional(oneOf(["single", "hls", "dash"]), "single"),
  /** The extension of a single output, or of the entry of a segmented one, where it may be left out. */
  extension: v.exactOptional(oneOf([...extensions, ...Object.values(entries)])),
  /**
   * The names of the files of a segmented output, its entry first. `*` and `?` match as in a shell; `%03d` and the like
   * stand for numbers, as in ffmpeg's own patterns.
   */
  output_files: v.exactOptional(v.tupleWithRest([fileName], fileName, "list the entry and the media")),
  ffmpeg_args: v.pipe(
    v.array(v.string("write it in quotes"), "write a list of arguments"),
    v.nonEmpty("write at least one argument"),
  ),
});
type RawFields = v.InferOutput<typeof RawFields>;

/** A preset of the user's own arguments, which ffmpeg gets between input and output. */
export const RawPreset = v.pipe(
  v.unknown(),
  v.transform(withType),
  RawFields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { ffmpeg_args: args, output_type } = dataset.value;
    for (const { at, message } of checkRawArgs(args, output_type)) addIssue(issueAt(message, "ffmpeg_args", at));
  }),
  v.forward(v.check(hasFittingExtension, extensionAdvice), ["extension"]),
  v.forward(
    v.check(
      hasFittingFiles,
      "list the entry (.m3u8 for hls, .mpd for dash; one name) and then the media, for a segmented output only",
    ),
    ["output_files"],
  ),
  v.transform((preset) => ({
    ...preset,
    extension: preset.output_type === "single" ? (preset.extension ?? "") : "",
  })),
);
export type RawPreset = v.InferOutput<typeof RawPreset>;

/** Fills in the type of a segmented output that is left out: from its entry, or else from its name. */
function withType(input: unknown): unknown {
  if (typeof input !== "object" || input === null || "output_type" in input) return input;
  const { name = "", extension = "", output_files = [] }: Readonly<Record<string, unknown>> = { ...input };
  if (extensions.includes(String(extension))) return input;
  const entry = Array.isArray(output_files) ? String(output_files[0]) : "";
  const kinds = ["hls", "dash"] as const;
  const kind =
    kinds.find((type) => extension === entries[type] || entry.endsWith(`.${entries[type]}`)) ??
    kinds.find((type) => String(name).startsWith(`${type}_`));
  return kind ? { ...input, output_type: kind } : input;
}

function hasFittingExtension({ output_type, extension }: RawFields): boolean {
  if (output_type !== "single") return extension === undefined || extension === entries[output_type];
  return extension !== undefined && extensions.includes(extension);
}

function extensionAdvice({ input: { output_type, extension } }: v.CheckIssue<RawFields>): string {
  if (output_type !== "single") return `leave it out, or write ${entries[output_type]}, which is the entry's`;
  return extension === undefined ? "is required" : `use ${extensions.join(", ")} for a single file`;
}

function hasFittingFiles({ output_type, output_files }: RawFields): boolean {
  if (output_type === "single" || !output_files) return (output_type === "single") === !output_files;
  const [entry] = output_files;
  return entry.endsWith(`.${entries[output_type]}`) && !/[*?]/.test(entry) && output_files.length > 1;
}
