import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import { rejection } from "#tests/support/outcome.ts";
import { fetchEach } from "#worker/run/fetch-each.ts";

const { signal } = new AbortController();
const options = { tenant: "acme", dirs: ["/0", "/1", "/2"], maxSourceBytes: 100, signal };
const upload = `upload:${"0".repeat(32)}`;
const inputs = [{ url: "https://a/1" }, { url: upload, clip: { start: 1 } }, { url: "https://a/3" }];

test("the sources of an order are fetched one after the other, uploads below their tenant", async () => {
  const asked: unknown[] = [];
  const fetched = await fetchEach({ inputUrl: "", inputs }, options, async ({ dir, ...one }) => {
    asked.push(one);
    return { path: `${dir}/source`, bytes: 30 };
  });
  expect(asked).toEqual([
    { url: "https://a/1", clip: undefined, name: "source 1 of 3" },
    { url: `${upload}@acme`, clip: { start: 1 }, name: "source 2 of 3" },
    { url: "https://a/3", clip: undefined, name: "source 3 of 3" },
  ]);
  expect(fetched[1]).toEqual({
    ...{ path: "/1/source", bytes: 30, url: upload, clip: { start: 1 }, label: "inputs.1.url: " },
  });
});

test("a source alone is called the source, and its errors are its own", async () => {
  const fails = async () => {
    throw new Fault("source_failed", "the server answered 404");
  };
  const alone = await rejection(fetchEach({ inputUrl: "https://a/1" }, options, fails));
  expect(alone).toMatchObject({ message: "the server answered 404" });
  const joined = await rejection(fetchEach({ inputUrl: "", inputs }, options, fails));
  expect(joined).toMatchObject({ kind: "source_failed", message: "inputs.0.url: the server answered 404" });
});

test("what all have together is bounded, and known as soon as a source says its size", async () => {
  const sizes = [60, 30, 30];
  let begun = 0;
  const tooMany = await rejection(
    fetchEach({ inputUrl: "", inputs }, options, async (_asked, check) => {
      const bytes = sizes[begun++] ?? 0;
      check(bytes);
      return { path: "/source", bytes };
    }),
  );
  expect(tooMany).toMatchObject({ kind: "source_failed" });
  expect(String(tooMany)).toContain("inputs.2.url: the sources are larger than 100 bytes together");
});
