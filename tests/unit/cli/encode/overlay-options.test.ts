import { expect, test } from "bun:test";
import { Command } from "commander";
import { addOverlayOptions, overlayIn } from "#cli/encode/overlay-options.ts";

const parsed = (...args: string[]) =>
  overlayIn(addOverlayOptions(new Command("x").exitOverride()).parse(args, { from: "user" }).opts());

test("an overlay has an option for each of its fields", () => {
  const given =
    "--overlay https://example.com/a.png --overlay-position top --overlay-width 12% --overlay-margin 0 --overlay-opacity 0.5 --overlay-start 1 --overlay-end 2";
  expect(parsed(...given.split(" "))).toEqual({
    overlay: [
      {
        ...{ url: "https://example.com/a.png", position: "top", width: "12%", margin: 0 },
        ...{ opacity: 0.5, start: 1, end: 2 },
      },
    ],
  });
  expect(parsed("--overlay", "https://example.com/a.png")).toEqual({ overlay: [{ url: "https://example.com/a.png" }] });
  expect(parsed()).toEqual({});
});
