import { expect, test } from "bun:test";
import { ApiFault } from "#client/client.ts";
import { emptyForm, faultOf, orderIn } from "#dashboard/order-form.ts";

const filled = { ...emptyForm, input_url: " https://example.com/a.mp4 ", preset: "720p_h264" };

test("what is left empty is left out of the order", () => {
  expect(orderIn(filled)).toEqual({ input_url: "https://example.com/a.mp4", preset: "720p_h264" });
});

test("what is filled in is in the order", () => {
  const whole = { ...filled, storage: "s3", path: "a/", overwrite: true, callback_url: "https://example.com/hook" };
  expect(orderIn(whole)).toMatchObject({
    output: { storage: "s3", path: "a/", overwrite: true },
    callback_url: "https://example.com/hook",
  });
});

test("a refusal is shown field by field, any other as a whole", () => {
  const errors = [{ field: "output.path", message: "must not be absolute" }];
  const refused = new ApiFault("invalid", "output.path: must not be absolute", { status: 400, errors });
  expect(faultOf(refused).fields).toEqual({ "output.path": "must not be absolute" });
  expect(faultOf(new ApiFault("busy", "no worker has room"))).toEqual({ message: "no worker has room", fields: {} });
});
