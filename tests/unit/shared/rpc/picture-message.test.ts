import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { PictureSchema } from "#proto/worker/v1/worker_pb.js";
import type { PictureSettings } from "#shared/job/picture.ts";
import { pictureFromMessage, pictureIn } from "#shared/rpc/picture-message.ts";

const sent = (message: PictureSettings) =>
  fromBinary(PictureSchema, toBinary(PictureSchema, create(PictureSchema, message)));

test.each([
  { rotate: 0 } as const,
  { crop: { x: 0, y: 0, width: 100, height: 100 }, denoise: "light" } as const,
  { width: 640, height: 640, fit: "contain", background: "red", deinterlace: "off", rotate: 270 } as const,
])("a peer reads %p as it was ordered", (picture) => {
  expect(pictureFromMessage(sent(picture))).toEqual(picture);
});

test("what is none of ours is none", () => {
  expect(pictureIn(undefined)).toBeUndefined();
  expect(pictureIn(create(PictureSchema, {}))).toBeUndefined();
  expect(pictureFromMessage(create(PictureSchema, { rotate: 45 }))).toBeUndefined();
});
