import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ParamsSchema } from "#proto/worker/v1/worker_pb.js";
import { paramsFromMessage, paramsIn, paramsToMessage } from "#shared/rpc/params-message.ts";

const sent = (message: ReturnType<typeof paramsToMessage>) =>
  fromBinary(ParamsSchema, toBinary(ParamsSchema, create(ParamsSchema, message)));

test.each([
  { crf: 0 },
  { frame_rate: 25 },
  { frame_rate: "<=30", audio_bitrate: "96k", gop_seconds: 2, loudness: -16 },
])("a peer reads %p as it was ordered", (params) => {
  expect(paramsFromMessage(sent(paramsToMessage(params)))).toEqual(params);
});

test("what is none of ours is none", () => {
  expect(paramsIn(sent({}))).toBeUndefined();
  expect(paramsIn(sent({ granted: ["crf"] }))).toBeUndefined();
  expect(paramsFromMessage(sent({ crf: Number.NaN }))).toBeUndefined();
  expect(paramsFromMessage(sent({ frameRate: "" }))).toBeUndefined();
});
