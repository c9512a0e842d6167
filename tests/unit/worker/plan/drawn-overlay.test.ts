import { expect, test } from "bun:test";
import { drawnOverlay } from "#worker/plan/drawn-overlay.ts";

const picture = { width: 200, height: 100 };
const drawing = { width: 100, height: 50, target: "film", filters: ["painted"] } as const;
const animation = { frames: 5, seconds: 0.5 };

test("a picture stands, and one that is animated plays for ever or as often as it says", () => {
  expect(drawnOverlay({ path: "/a.png", picture, opacity: 0.5 }, drawing)).toEqual([
    ...["movie=filename=/a.png:format_name=png_pipe", "format=rgba", "colorchannelmixer=aa=0.5", "painted"],
    "setpts=PTS-10/TB",
  ]);
  const moving = { path: "/a.mov", picture, animation };
  const turns = (begin: string, start = 0) =>
    `setpts='if(N,PTS-if(mod(N,5),ld(0),st(0,PTS))+(floor(N/5)*0.500000+${start})/TB,0*st(0,PTS)${begin}/TB)'`;
  const movie = "movie=filename=/a.mov:format_name=mov";
  expect(drawnOverlay(moving, drawing)).toEqual([movie, "painted", "loop=loop=-1:size=5", turns("-10")]);
  expect(drawnOverlay({ ...moving, start: 3, animation: { ...animation, plays: 2 } }, drawing)).toEqual([
    ...[movie, "painted", "loop=loop=1:size=5", turns("+3", 3), "tpad=stop=-1:stop_mode=clone"],
  ]);
});

test("an animation that is large is read again for each turn", () => {
  const frames = 2_000;
  const moving = { path: "/a.mov", picture, animation: { frames, seconds: 80 } };
  const filters = (target: "film" | "hdr") => drawnOverlay(moving, { ...drawing, target }).join();
  expect(filters("film")).toContain("loop=loop=-1:size=2000");
  expect(filters("hdr")).toStartWith("movie=filename=/a.mov:format_name=mov:loop=0,painted,setpts");
});
