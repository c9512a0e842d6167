import { expect, test } from "bun:test";
import { noOverlay, overlayOf } from "#dashboard/overlay-form.ts";

test("an overlay is ordered where its URL is written", () => {
  expect(overlayOf({ ...noOverlay, width: "12%" })).toEqual({});
  expect(overlayOf({ url: " https://example.com/a.png", position: "top", width: "200", opacity: "0.5" })).toEqual({
    overlay: [{ url: "https://example.com/a.png", position: "top", width: 200, opacity: 0.5 }],
  });
});
