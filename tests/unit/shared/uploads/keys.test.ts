import { expect, test } from "bun:test";
import { closedKey, openKey, pinFolder, uploadKey, uploadKeyIn } from "#shared/uploads/keys.ts";

const id = "0123456789abcdef0123456789abcdef";

test("an upload lies below its tenant, the operator's apart from all of them", () => {
  expect(uploadKey(".flux/uploads", { tenant: "acme", id })).toBe(`.flux/uploads/acme/${id}`);
  expect(uploadKey(".flux/uploads", { tenant: "", id })).toBe(`.flux/uploads/_operator/${id}`);
});

test.each(["..", "../beta", "_open", "_operator", "a/b", "a\\b", ".hidden", "a\u0000"])(
  "what cannot be a tenant, as %j, has no folder",
  (tenant) => {
    expect(() => uploadKey(".flux/uploads", { tenant, id })).toThrow("tenant");
  },
);

test("what lies beside an upload leads back to it, and nothing else does", () => {
  const key = uploadKey("up", { tenant: "acme", id });
  for (const beside of [key, closedKey(key), `${pinFolder(key)}job`, openKey("up", key)])
    expect(uploadKeyIn("up", beside)).toBe(key);
  for (const other of ["up/acme/readme", `up/_open/${id}`, `up/acme/${id}0`, "up/_private/x", `up/a/b/${id}`])
    expect(uploadKeyIn("up", other)).toBeUndefined();
});
