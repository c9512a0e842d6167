import { expect, test } from "bun:test";
import { refusalIn } from "#controlplane/dispatch/refusals.ts";
import { invalidField } from "#shared/fault.ts";

test("what depends on the worker that was asked sends an order on to another", () => {
  for (const field of ["preset", "output.storage", "output.certificate", "measure", "quality", "workers"])
    expect(refusalIn(invalidField(field, "is not possible here"), false)).toMatchObject({ fields: [{ field }] });
});

test("what is wrong at every worker is told at once, and wakes none", () => {
  for (const field of ["input_url", "params.crf", "crop", "clip", "overlay", "thumbnails"])
    expect(() => refusalIn(invalidField(field, "is not possible"), false)).toThrow("is not possible");
});
