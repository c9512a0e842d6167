import { expect, test } from "bun:test";
import { checkRawArgs } from "#worker/presets/raw-args.ts";

test.each([
  [["-vf", "scale=-2:720", "-c:v", "libx264", "-preset", "medium", "-crf", "23", "-c:a", "aac", "-b:a", "128k"]],
  [["-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1/1,fps=30000/1001", "-an"]],
  [["-x265-params", "profile=main10:log-level=error", "-movflags", "+faststart"]],
  [["-filter_complex", "[0:v]split[a][b];[a][b]overlay=(W-w)/2:-10", "-map", "0:a:0?", "-f", "mp4"]],
  [["-af", "loudnorm=I=-16:TP=-1.5", "-vn", "-sn", "-map_metadata", "-1", "-ss", "00:00:10.5"]],
  [["-metadata", "comment=https://example.com/", "-aspect", "16:9", "-noautorotate", "-shortest"]],
])("allows %p", (args) => {
  expect(checkRawArgs(args)).toEqual([]);
});

test.each<[string[]]>([
  [["-i", "other.mp4"]],
  [["-y"]],
  [["-progress", "x"]],
  [["-stats_period", "1"]],
  [["-report"]],
  [["-f", "tee"]],
  [["-f", "segment"]],
  [["-f", "hls"]],
  [["-filter_script:v", "x"]],
  [["-filter_complex_script", "x"]],
  [["-/filter_complex", "x"]],
  [["-attach", "x"]],
  [["-dump_attachment:t", "x"]],
  [["-vstats_file", "x"]],
  [["-passlogfile", "x"]],
  [["-init_hw_device", "vaapi"]],
  [["-protocol_whitelist", "file,http"]],
  [["-format_whitelist", "hls"]],
  [["-vf", "movie=other.mp4"]],
  [["-vf", "mov\\ie=other.mp4"]],
  [["-filter_complex", "[0:v]scale=2:2[a];amovie@x=b"]],
  [["-vf", "scale=2:2, subtitles=x.srt"]],
  [["-vf", "drawtext=textfile=x"]],
  [["-vf", "drawtext=text=a:fontfile=x.ttf"]],
  [["-vf", "lut3d=x.cube"]],
  [["-af", "azmq"]],
  [["-vf", "sendcmd=f=x"]],
  [["-x264-params", "stats=x"]],
  [["-x265-params", "log-level=1:csv=x"]],
  [["-c:v", "/usr/lib/x"]],
  [["-c:v", "a=/usr/lib/x"]],
  [["-c:v", "../x"]],
  [["-c:v", "file:x"]],
  [["-c:v", "http://example.com/"]],
  [["out.mp4"]],
  [["-vn", "out.mp4"]],
  [["-"]],
  [["-crf"]],
])("refuses %p", (args) => {
  expect(checkRawArgs(args)).toHaveLength(1);
});

test("says which argument is wrong", () => {
  expect(checkRawArgs(["-crf", "23", "-f", "tee", "-y"]).map(({ at }) => at)).toEqual([2, 4]);
});
