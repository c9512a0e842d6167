import { expect, test } from "bun:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ThumbnailsSchema } from "#proto/worker/v1/worker_pb.js";
import type { Thumbnails } from "#shared/job/thumbnails.ts";
import { thumbnailsFromMessage, thumbnailsToMessage } from "#shared/rpc/thumbnails-message.ts";

const sent = (message: ReturnType<typeof thumbnailsToMessage>) =>
  fromBinary(ThumbnailsSchema, toBinary(ThumbnailsSchema, create(ThumbnailsSchema, message)));

test.each<Thumbnails>([
  { times: [0, 12.5], size: 360 },
  { sprite: { width: 160, every_seconds: 5, columns: 5, rows: 4 }, poster: { size: 720 } },
  { preview: { size: 240, seconds: 4, moments: 2, rate: 5, format: "mp4" as const } },
])("a peer reads %j as it was ordered", (thumbnails) => {
  expect(thumbnailsFromMessage(sent(thumbnailsToMessage(thumbnails)))).toEqual(thumbnails);
});

test("what is none of ours is none", () => {
  expect(thumbnailsFromMessage(undefined)).toBeUndefined();
  expect(thumbnailsFromMessage(sent({}))).toBeUndefined();
  expect(thumbnailsFromMessage(sent({ times: [2, 1] }))).toBeUndefined();
});
