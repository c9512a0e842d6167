import { expect, test } from "bun:test";
import { withPictureApart } from "#controlplane/orders/picture.ts";
import type { PictureSettings } from "#shared/job/picture.ts";

test("the fields about the picture become one, and no field is none", () => {
  const order = { preset: "film", workers: 2 };
  const picture = {
    crop: { x: 0, y: 0, width: 100, height: 100 },
    rotate: 0,
    fit: "cover",
    width: 64,
    height: 64,
  } as const;
  expect(withPictureApart({ ...order, ...picture })).toEqual({ ...order, picture });
  expect(withPictureApart({ ...order, fit: "cover" } as const)).toHaveProperty("picture", { fit: "cover" });
  expect(withPictureApart<typeof order & PictureSettings>(order)).toEqual(order);
});
