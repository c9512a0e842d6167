import { expect, test } from "bun:test";
import { create } from "@bufbuild/protobuf";
import { AllowedParamSchema } from "#proto/worker/v1/worker_pb.js";
import { allowedParamsFromMessage, allowedParamsToMessage } from "#shared/rpc/allowed-params-message.ts";

test("rules are read as they were sent, and those of a later version are left out", () => {
  const allow = {
    ...{ crf: { min: 0, max: 30 }, bitrate: { max: "8000k" }, size: true as const },
    ...{ speed: ["fast" as const], frame_rate: [25, "30000/1001"] },
  };
  const messages = [...allowedParamsToMessage(allow), { name: "tune", values: ["film"] }, { name: "crf", min: "a" }];
  const read = allowedParamsFromMessage(messages.map((message) => create(AllowedParamSchema, message)));
  expect(read).toEqual(allow);
});
