import { expect, test } from "bun:test";
import { formats } from "#worker/ffmpeg/input-allowlist.ts";
import { withMade } from "../../scripts/made-part.ts";
import type { Kind } from "./kind.ts";
import { colour } from "./kinds/colour.ts";
import { containers } from "./kinds/containers.ts";
import { damage } from "./kinds/damage.ts";
import { hdr } from "./kinds/hdr.ts";
import { keptHdr } from "./kinds/kept-hdr.ts";
import { lengths } from "./kinds/lengths.ts";
import { shape } from "./kinds/shape.ts";
import { sound } from "./kinds/sound.ts";
import { stills } from "./kinds/stills.ts";
import { time } from "./kinds/time.ts";
import { tracks } from "./kinds/tracks.ts";
import { turned } from "./kinds/turned.ts";

const page = new URL("../../docs/sources.md", import.meta.url);
const topics = { sound, time, lengths, shape, turned, colour, hdr, keptHdr, containers, tracks, stills, damage };

/** What comes out of a kind, in words: the same that its test holds outputs to. */
function outcome({ expected }: Kind): string {
  if ("refused" in expected) return `refused: ${expected.refused}`;
  if ("damaged" in expected) return `refused: the source is damaged: ${expected.damaged}`;
  const { and } = expected;
  return [...made(expected), ...(and === undefined ? [] : [and])].join("; ");
}

function made(expected: Exclude<Kind["expected"], { refused: string } | { damaged: string }>): string[] {
  if ("seconds" in expected) return [`${expected.seconds} s of sound`];
  if (!("pictures" in expected)) return [];
  const { pictures, rate, isSilent, flashes, beeps } = expected;
  const length = `${Number((pictures / rate).toFixed(2))} s, ${rate} pictures a second`;
  return [length, ...(isSilent ? ["no sound"] : []), ...(flashes?.length && beeps?.length ? ["in step"] : [])];
}

const rows = Object.values(topics)
  .flat()
  .map((kind) => `| ${kind.kind} | ${outcome(kind)} |`);
const table = ["| source | what comes out |", "| --- | --- |", ...rows].join("\n");

test("the page of sources tells what has been tried; UPDATE_TABLES=1 writes it", async () => {
  const text = await Bun.file(page).text();
  const right = withMade(text, "footage", table, "UPDATE_TABLES=1 bun run test tests/footage/table");
  const { UPDATE_TABLES } = process.env;
  if (UPDATE_TABLES) await Bun.write(page, right);
  expect(UPDATE_TABLES ? right : text).toBe(right);
});

test("the page of sources names every format that is taken, and no other", async () => {
  const [, taken = ""] = /## What is taken\n([\s\S]*?)\nCodecs/.exec(await Bun.file(page).text()) ?? [];
  const rows = taken.split("\n").filter((line) => line.startsWith("| "));
  const named = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  expect(named.toSorted()).toEqual(formats.split(",").toSorted());
});

test("no two kinds have the same name", () => {
  const names = Object.values(topics).flatMap((kinds) => kinds.map(({ kind }) => kind));
  expect(new Set(names).size).toBe(names.length);
});
