import { type Command, Option } from "commander";
import { encode } from "#cli/commands/encode.ts";
import type { Context, Remote } from "#cli/context.ts";
import { metrics } from "#shared/job/metric.ts";
import { priorities } from "#shared/job/priority.ts";
import { addOverlayOptions } from "./overlay-options.ts";
import { addParamOptions } from "./param-options.ts";
import { addPictureOptions } from "./picture-options.ts";
import { addSoundOptions } from "./sound-options.ts";
import { addSubtitleOptions } from "./subtitle-options.ts";
import { addThumbnailOptions } from "./thumbnail-options.ts";

/** What names a part of a source; of sources that are joined, once for each. */
export const clipOption = () =>
  new Option(
    "--clip <range>",
    "the part of each source to take, such as 0:10-0:25, 90.5- or 1:02:00-1:03:00; with --join once for each, in order",
  ).argParser((range: string, before: readonly string[] = []) => [...before, range]);

/** Adds the command that encodes. */
export function addEncode(program: Command, context: Context, remote: () => Remote) {
  const command = program
    .command("encode")
    .description("encode videos and wait for them")
    .argument(
      "<input...>",
      "files, folders (their media files) or URLs, s3:// ones of S3_INPUT_BUCKETS too; a service gets files by upload",
    )
    .option("-p, --preset <preset>", "how to encode; see `flux presets`", "720p_h264")
    .option(
      "-o, --output <folder>",
      "where outputs go that are made here; or the one output's file, such as x.mp4; default: ./out",
    )
    .option("--path <path>", "the one output's path in the folder or storage; default: <stem>_<preset>.<ext>")
    .option("-r, --recursive", "look into the folders of a folder too; outputs keep theirs")
    .addOption(new Option("--priority <priority>", "where orders wait for a worker of a service").choices(priorities))
    .option("--vmaf <number>", "the VMAF to aim at, from 30 to 97: finds the CRF that gives it; needs libvmaf", Number)
    .addOption(
      new Option("--measure <metric>", "measure the quality against the source; vmaf needs libvmaf").choices(metrics),
    )
    .option("--workers <number>", "how many workers of a service may encode a film at a time, from 1 to 32", Number)
    .addOption(clipOption())
    .option("--join", "make one film of all inputs, one after the other, in the order that they are named in")
    .option("--overwrite", "make outputs anew that are there already, instead of skipping them");
  addThumbnailOptions(
    addSubtitleOptions(addOverlayOptions(addPictureOptions(addSoundOptions(addParamOptions(command))))),
  ).action(async (inputs, options) => {
    await encode(context, remote(), inputs, options);
  });
}
