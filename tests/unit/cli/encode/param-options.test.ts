import { expect, test } from "bun:test";
import { Command } from "commander";
import * as v from "valibot";
import { addParamOptions, paramsIn } from "#cli/encode/param-options.ts";
import { Params } from "#shared/job/params.ts";

const parsed = (...args: string[]) =>
  paramsIn(addParamOptions(new Command("x").exitOverride()).parse(args, { from: "user" }).opts());

test("each parameter has an option, and what is not given is left out", () => {
  const given =
    "--crf 20 --bitrate 2500k --maxrate 4000k --size 480 --frame-rate <=30 --speed fast --audio-bitrate 96k --loudness -16 --segment-seconds 4 --gop-seconds 2";
  const params = parsed(...given.split(" "));
  expect(v.parse(Params, params)).toEqual({
    ...{ crf: 20, bitrate: "2500k", maxrate: "4000k", size: 480, frame_rate: "<=30", speed: "fast" },
    ...{ audio_bitrate: "96k", loudness: -16, segment_seconds: 4, gop_seconds: 2 },
  });
  expect(parsed("--crf", "0")).toEqual({ crf: 0 });
  expect(parsed()).toBeUndefined();
});
