import { expect, test } from "bun:test";
import { noSpans } from "#shared/tracing/trace.ts";
import { parseTraceparent, traceIdOf, traceparent, within } from "#shared/tracing/traceparent.ts";

const [traceId, spanId] = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"];
const header = `00-${traceId}-${spanId}-01`;

test("a traceparent is read in any version to come, and known as version 00", () => {
  expect(parseTraceparent(header)).toBe(header);
  expect(parseTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-brings`)).toBe(header);
  expect(traceIdOf(header)).toBe(traceId);
});

test.each([
  undefined,
  "",
  "1",
  header.toUpperCase(),
  `${header}-more`,
  `${header}0`,
  ` ${header}`,
  `ff-${traceId}-${spanId}-01`,
  `00-${"0".repeat(32)}-${spanId}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId}-${spanId}\n-01`,
])("what is no traceparent is none: %p", (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

test("work goes on in its span across everything it waits for, and in no other's", async () => {
  const seen = async () => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    return traceparent();
  };
  expect(await Promise.all([within(header, seen), seen(), within(undefined, seen)])).toEqual([
    header,
    undefined,
    undefined,
  ]);
  expect(await noSpans.span("any", { parent: header }, seen)).toBe(header);
});
