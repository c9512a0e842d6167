import { expect, test } from "bun:test";
import { withoutSecrets } from "#shared/log.ts";
import { checkedUploadUrl, isUploadUrl, uploadUrl } from "#shared/uploads/upload-url.ts";

const url = uploadUrl("0123456789abcdef0123456789abcdef");

test("an upload is taken as it is written, told as it is, and refused with what to set where none are taken", () => {
  expect([isUploadUrl(url), isUploadUrl("https://example.com/upload:1")]).toEqual([true, false]);
  expect(checkedUploadUrl(url, true)).toBe(url);
  expect(withoutSecrets(url)).toBe(url);
  expect(() => checkedUploadUrl(url, false)).toThrow("set UPLOAD_STORAGE");
});

test.each([
  "upload:",
  "UPLOAD:0123456789abcdef0123456789abcdef",
  `${url}0`,
  `${url}@beta`,
  "upload:../beta/x",
  `${url}?a`,
])("%s is no upload", (text) => {
  expect(isUploadUrl(text)).toBe(true);
  expect(() => checkedUploadUrl(text, true)).toThrow("input_url");
});
