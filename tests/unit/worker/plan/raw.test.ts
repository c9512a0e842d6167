import { expect, test } from "bun:test";
import { source } from "#tests/support/plan-sources.ts";
import { anyCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { plan } from "#worker/plan/decide.ts";
import type { RawPreset } from "#worker/presets/raw-preset.ts";

const place = { input: "/jobs/source", outputDir: "/jobs/out", stem: "clip" };

const planned = (ffmpeg_args: string[], output_files: RawPreset["output_files"], of = source()) =>
  plan(
    {
      ...{ name: "mine", description: "Mine", extension: "", ffmpeg_args },
      ...{ output_type: output_files?.[0].endsWith(".mpd") ? "dash" : "hls" },
      ...(output_files && { output_files }),
    },
    of,
    place,
    anyCapabilities,
  );

const map = (text: string) => ["-var_stream_map", text];
const pair = map("v:0,a:0 v:1,a:0");

test.each<[string, string[], [string, ...string[]], string]>([
  ["the entry alone", [], ["index.m3u8", "a_*.ts"], "index.m3u8"],
  ["the entry of one variant", map("v:0,a:0"), ["index.m3u8", "a_*.ts"], "index.m3u8"],
  ["the entry beside a master", ["-master_pl_name", "m.m3u8"], ["index.m3u8", "m.m3u8"], "index.m3u8"],
  ["an entry of its own pattern", pair, ["size_%v.m3u8", "a_*.ts"], "size_%v.m3u8"],
  ["playlists by a glob", pair, ["all.m3u8", "size_*.m3u8", "a_*.ts"], "size_%v.m3u8"],
  ["playlists by a pattern", pair, ["all.m3u8", "size_%v.m3u8", "a_*.ts"], "size_%v.m3u8"],
  ["playlists that are not listed", pair, ["all.m3u8", "a_*.ts"], "stream_%v.m3u8"],
  ["a playlist below a master of one", ["-master_pl_name", "all.m3u8"], ["all.m3u8", "a_*.ts"], "stream_%v.m3u8"],
])("has ffmpeg write %s", (_, args, files, target) => {
  const { args: all, entries } = planned(args, files);
  expect(all.at(-1)).toBe(`/jobs/out/${target}`);
  expect(entries).toEqual([files[0]]);
  const master = all.lastIndexOf("-master_pl_name");
  if (target !== files[0]) expect(all[master + 1]).toBe(files[0]);
});

test.each<[string, string[], [string, ...string[]], string[], string[]]>([
  ["a glob", [], ["i.m3u8", "a_*.ts"], ["a_000.ts", "a_0_1.ts"], ["b_0.ts", "a_0.ts.tmp", "xa_0.ts", "i.m3u8"]],
  ["question marks", [], ["i.m3u8", "a??.ts"], ["a00.ts", "axy.ts"], ["a000.ts", "a0.ts"]],
  ["a glob of all", ["-init_seg_name", "i_$RepresentationID$.m4s"], ["i.mpd", "*.m4s"], ["c.m4s"], ["i_0.m4s"]],
  ["what the arguments say", ["-hls_segment_filename", "p_%03d.ts"], ["i.m3u8", "a_*.ts"], ["p_000.ts"], ["p_x.ts"]],
  ["what DASH's arguments say", ["-media_seg_name", "p_$Number$.m4s"], ["i.mpd", "x_*.m4s"], ["p_1.m4s"], ["p_.m4s"]],
  ["a file that grows", ["-hls_flags", "single_file"], ["i.m3u8", "*.ts"], [], ["a.ts"]],
  ["files that grow", ["-hls_segment_size", "1000"], ["i.m3u8", "*.ts"], [], ["a.ts"]],
  ["ffmpeg's own init segments", [], ["i.mpd", "*.m4s"], ["chunk-stream0-00001.m4s"], ["init-stream0.m4s"]],
])("knows segments by %s", (_, args, files, media, others) => {
  const { isMedia } = planned(args, files);
  expect(media.filter((name) => !isMedia(name))).toEqual([]);
  expect(others.filter(isMedia)).toEqual([]);
});

const silent = source({}, { audio: [] });
const files: [string, ...string[]] = ["all.m3u8", "size_*.m3u8", "a_*.ts"];

test("maps a shared audio as ffmpeg takes it, and none where there is none", () => {
  expect(planned(pair, files).args).toContain(
    "v:0,agroup:audio v:1,agroup:audio a:0,agroup:audio,name:audio,default:yes",
  );
  expect(planned(pair, files, silent).args).toContain("v:0 v:1");
});

test.each([
  [["-map", "a:0"], "preset mine maps a:0; write -map a:0? for sources without"],
  [["-map", "0:a"], "preset mine maps 0:a; write -map 0:a? for sources without"],
  [["-filter_complex", "[0:a]volume=2[x]"], "preset mine filters some"],
])("refuses a source without audio where %j needs some", (args, reason) => {
  expect(() => planned(args, files, silent)).toThrow(`the source has no audio, and ${reason}`);
});

test.each([[["-map", "a:0?"]], [["-map", "[a]"]], [["-map", "-0:a"]], [["-c:a", "aac"]]])(
  "takes a source without audio with %j",
  (args) => {
    expect(planned(args, files, silent).args).toContain(args[1] ?? "");
  },
);
