import { expect, test } from "bun:test";
import { hdrSideDataOf } from "#worker/ffmpeg/hdr-side-data.ts";

const mastering = {
  side_data_type: "Mastering display metadata",
  ...{ red_x: "34000/50000", red_y: "16000/50000", green_x: "13250/50000", green_y: "34500/50000" },
  ...{ blue_x: "7500/50000", blue_y: "3000/50000", white_point_x: "15635/50000", white_point_y: "16450/50000" },
  ...{ min_luminance: "50/10000", max_luminance: "10000000/10000" },
};
const light = { side_data_type: "Content light level metadata", max_content: 1000, max_average: 400 };
const user = { side_data_type: "H.26[45] User Data Unregistered SEI message" };

const told = (report: object) => hdrSideDataOf(JSON.stringify(report));

test("what a first picture says of how it was graded is found, and goes before what the container says", () => {
  const streams = [{ side_data_list: [{ ...light, max_content: 600 }, { side_data_type: "CPB properties" }] }];
  const found = told({ frames: [{ side_data_list: [user, mastering, light] }], streams });
  expect(found).toEqual({
    names: ["Mastering display metadata", "Content light level metadata"],
    grading: {
      mastering: {
        ...{ green: [13_250, 34_500], blue: [7_500, 3_000], red: [34_000, 16_000], white: [15_635, 16_450] },
        luminance: [10_000_000, 50],
      },
      light: { most: 1_000, average: 400 },
    },
    isDecoded: true,
  });
});

test("containers say it alone, in other fractions too", () => {
  const inBoxes = { ...mastering, green_x: "17367/65536", min_luminance: "82/16384" };
  const { grading, isDecoded } = told({ streams: [{ side_data_list: [inBoxes] }] });
  expect(grading).toMatchObject({ mastering: { green: [13_250, 34_500], luminance: [10_000_000, 50] } });
  expect(isDecoded).toBe(false);
});

test("Dolby Vision is named, and what no display can be is left out", () => {
  const { names, grading } = told({
    streams: [{ side_data_list: [{ side_data_type: "DOVI configuration record" }] }],
    frames: [
      {
        side_data_list: [
          { ...mastering, max_luminance: "0/10000" },
          { ...light, max_content: 0, max_average: 0 },
        ],
      },
    ],
  });
  expect(names).toContain("DOVI configuration record");
  expect(grading).toEqual({});
  expect(hdrSideDataOf("nothing")).toEqual({ names: [], grading: {}, isDecoded: false });
});
