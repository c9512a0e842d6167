import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { inputsFromMessage } from "#shared/rpc/inputs-message.ts";

test("sources that are joined travel as they are, and anything else is none", () => {
  const inputs = [{ url: "https://example.com/a.mp4" }, { url: "https://example.com/b.mp4", clip: { start: 1.5 } }];
  const sent = toBinary(JobRequestSchema, create(JobRequestSchema, { inputs }));
  expect(inputsFromMessage(fromBinary(JobRequestSchema, sent).inputs)).toEqual(inputs);
  expect(inputsFromMessage([])).toBeUndefined();
  expect(inputsFromMessage([{ url: "https://example.com/a.mp4" }])).toBeUndefined();
});
