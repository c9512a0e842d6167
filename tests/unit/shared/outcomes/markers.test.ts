import { expect, test } from "bun:test";
import { markerField, markerName, nameAt, parseMarker } from "#shared/outcomes/markers.ts";
import { keyProblem } from "#shared/storage/key.ts";

const jobId = "1f2e3d4c-019a8c5e-7c1b-7d2e-9f3a-4b5c6d7e8f90";

test.each([
  ["acme", "720p_h264"],
  ["", "720p_h264"],
  ["a~b/../c", "~"],
  ["é".repeat(255), "x".repeat(500)],
  ["東京\n\\", "\ud800"],
  ["=", "100%"],
])("the name of a marker of tenant %j and preset %j is a valid segment that tells both apart", (tenant, preset) => {
  const name = markerName({ jobId, tenant, preset }, 1_750_000_000_000);
  expect(keyProblem(name)).toBeUndefined();
  expect(name.split("~")).toHaveLength(3);
  expect(parseMarker(name)).toEqual({
    ...{ jobId, at: 1_750_000_000_000 },
    ...{ tenant: markerField(tenant), preset: markerField(preset) },
  });
});

test("different tenants have different fields", () => {
  const tenants = ["a", "A", "a~", "a%7E", "é".repeat(20), "é".repeat(21), "=", ""];
  expect(new Set(tenants.map(markerField)).size).toBe(tenants.length);
});

test("names sort by time, the newest first, and the bound of a time lies before its names", () => {
  const names = [3, 2, 1].map((ms) => markerName({ jobId, preset: "p" }, ms));
  expect(names.toSorted()).toEqual(names);
  expect(nameAt(2) < (names[1] ?? "")).toBe(true);
  expect(nameAt(2) > (names[0] ?? "")).toBe(true);
});

test.each(["", "notes.txt", "8218478399999-a~b", "821-a~b~c", "8218478399999-a b~c~d", "8218478399999-a~b~c~d"])(
  "%j is no marker",
  (name) => {
    expect(parseMarker(name)).toBeUndefined();
  },
);
