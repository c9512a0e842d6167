import { expect, test } from "bun:test";
import { faultIn } from "#shared/fault.ts";
import type { Picture } from "#shared/job/picture.ts";
import { source } from "#tests/support/plan-sources.ts";
import type { VideoStream } from "#worker/ffmpeg/streams.ts";
import { withEdits } from "#worker/plan/edits.ts";
import { sizeWithin } from "#worker/plan/picture.ts";
import { loadPresets, presetNamed } from "#worker/presets/load.ts";

const preset = presetNamed(await loadPresets(), "720p_h264");
const uhd = { width: 1_920, height: 1_080, sampleAspect: 1, rotation: 0 } as const;

function edited(picture: Picture, of: Partial<VideoStream> = uhd): VideoStream {
  const { video } = withEdits({ ...preset, picture } as typeof preset, source(of));
  if (!video) throw new Error("the source has a video");
  return video;
}
const filters = (...of: Parameters<typeof edited>) => edited(...of).edits?.filters;

test("without a picture a source stays what it is", () => {
  const probe = source(uhd);
  expect(withEdits(preset, probe)).toBe(probe);
});

test("a part is cut out in stored pixels of the upright picture", () => {
  const crop = { x: 241, y: 1, width: 1_440, height: 1_079 };
  expect(filters({ crop })).toEqual(["crop=w=1442:h=1080:x=240:y=0"]);
  const phone = { ...uhd, rotation: 90 };
  expect(filters({ crop: { x: 0, y: 840, width: 1_080, height: 1_080 } }, phone)).toEqual([
    "crop=w=1080:h=1080:x=0:y=840",
  ]);
  const anamorphic = { ...uhd, width: 1_440, sampleAspect: 4 / 3 };
  expect(filters({ crop: { x: 240, y: 0, width: 1_440, height: 1_080 } }, anamorphic)).toEqual([
    "crop=w=1080:h=1080:x=180:y=0",
  ]);
  const phoneOfWide = { ...anamorphic, rotation: 90 };
  expect(filters({ crop: { x: 0, y: 240, width: 1_080, height: 1_440 } }, phoneOfWide)).toEqual([
    "crop=w=1080:h=1080:x=0:y=180",
  ]);
  const turned = { rotate: 90, crop: { x: 0, y: 0, width: 1_080, height: 100 } } as const;
  expect(filters(turned)).toEqual(["transpose=clock", "crop=w=1080:h=100:x=0:y=0"]);
});

test("a part that reaches outside is refused with the picture's size", () => {
  const beyond = (of: Partial<VideoStream>) =>
    faultIn(() => edited({ crop: { x: 1_000, y: 0, width: 1_000, height: 1_000 } }, of));
  expect(beyond(uhd)).toMatchObject({
    ...{ kind: "invalid", message: "crop: reaches outside the picture, which is 1920x1080" },
    fields: [{ field: "crop" }],
  });
  expect(beyond({ ...uhd, rotation: 270 })?.message).toContain("1080x1920");
});

test("a frame is what the preset says, or follows the picture's shape", () => {
  const frameOf = (...of: Parameters<typeof edited>) => edited(...of).edits?.frame;
  expect(frameOf({ width: 1_080, height: 1_920 })).toEqual({ width: 1_080, height: 1_920, bars: "000000" });
  expect(frameOf({ width: 640 })).toEqual({ width: 640, height: 360 });
  expect(frameOf({ height: 640 }, { ...uhd, rotation: 90 })).toEqual({ width: 360, height: 640 });
  expect(frameOf({ width: 64, height: 64, fit: "cover" })).toEqual({ width: 64, height: 64 });
  expect(filters({ width: 1_080, height: 1_920, fit: "cover" })).toEqual(["crop=w=608:h=1080:x=656:y=0"]);
  const thin = faultIn(() => edited({ width: 1_080 }, { ...uhd, width: 16 }));
  expect(thin?.message).toContain("width: makes a picture of 1080x72900");
});

test("a rendition is the frame at its own short side", () => {
  const video = edited({ width: 1_080, height: 1_920 }, { ...uhd, width: 320, height: 180 });
  expect(sizeWithin(video, 1_080)).toEqual({ width: 1_080, height: 1_920 });
  expect(sizeWithin(video, 480)).toEqual({ width: 480, height: 852 });
});

test("fields become pictures as it is asked, whatever the source says", () => {
  const fields = { ...uhd, interlaced: true };
  expect(filters({ deinterlace: "auto" }, fields)).toEqual([expect.stringContaining("deint=interlaced")]);
  expect(filters({ deinterlace: "off" }, fields)).toEqual([]);
  expect(filters({ deinterlace: "on" })).toEqual([expect.stringContaining("deint=all")]);
});

test("pictures whose size may change are brought to one first", () => {
  const shapes = [
    { fromSeconds: 0, width: 640, height: 480, sampleAspect: 1 },
    { fromSeconds: 5, width: 1_280, height: 720, sampleAspect: 1 },
  ];
  const crop = { x: 0, y: 0, width: 1_280, height: 360 };
  const changed = edited({ crop }, { ...uhd, width: 640, height: 480, shapes });
  expect(changed.edits?.filters).toEqual([
    expect.stringContaining("scale=eval=frame"),
    "setsar=1",
    expect.stringContaining("pad=w='1280':h='720'"),
    "crop=w=1280:h=360:x=0:y=0",
  ]);
  expect(changed).toMatchObject({ width: 1_280, height: 360, edits: { maySizeChange: true } });
  expect(changed.shapes).toBeUndefined();
});

test("RGB becomes YUV by a matrix that is told before noise is taken out", () => {
  const rgb = edited({ denoise: "light" }, { ...uhd, pixelFormat: "gbrp", matrix: "gbr" });
  expect(rgb.edits?.filters[0]).toBe("scale=out_color_matrix=bt709:out_range=tv");
  expect(rgb).toMatchObject({ matrix: "bt709", range: "tv" });
});
