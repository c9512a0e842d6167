import { expect, test } from "bun:test";
import { codersIn, listed } from "#worker/ffmpeg/capabilities.ts";

const said = (list: string) => Bun.$`ffmpeg -hide_banner ${list}`.text();

test("the list of codecs names every encoder and decoder that their own lists name", async () => {
  const [codecs, encoders, decoders] = await Promise.all(["-codecs", "-encoders", "-decoders"].map(said));
  const wanted = [...listed("encoder", encoders ?? ""), ...listed("decoder", decoders ?? "")];
  expect(wanted.length).toBeGreaterThan(100);
  expect(codersIn(codecs ?? "").sort()).toEqual(wanted.sort());
});
