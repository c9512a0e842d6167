import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { SoundSchema } from "#proto/worker/v1/worker_pb.js";
import type { SoundOrder } from "#shared/job/sound-order.ts";
import { soundFromMessage, soundIn, soundToMessage } from "#shared/rpc/sound-message.ts";

const sent = (message: ReturnType<typeof soundToMessage>) =>
  fromBinary(SoundSchema, toBinary(SoundSchema, create(SoundSchema, message)));

test.each<SoundOrder>([{ tracks: [0, "en", "pt-BR"] }, { channels: "source" }, { tracks: [7], channels: "mono" }])(
  "a peer reads %p as it was ordered",
  (sound) => {
    expect(soundFromMessage(sent(soundToMessage(sound)))).toEqual(sound);
  },
);

test("what says nothing is nothing, and what is none of ours is not taken for something else", () => {
  expect(soundIn(sent({}))).toBeUndefined();
  expect(soundFromMessage(sent({ channels: "7.1" }))).toBeUndefined();
  expect(soundFromMessage(sent({ tracks: ["0:a"] }))).toBeUndefined();
});
