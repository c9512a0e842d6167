import { expect, test } from "bun:test";
import { planned } from "#tests/support/plan-sources.ts";
import { normalising } from "#worker/plan/loudness.ts";

test("sound is measured before it is made louder", () => {
  const { analysis, args } = planned("audio_aac_normalised");
  expect(analysis?.args.join(" ")).toContain("-af loudnorm=I=-16:TP=-1.5:LRA=11:print_format=json -f null -");
  expect(analysis?.args).toContain("info");
  expect(args.join(" ")).not.toContain("loudnorm");
  const words = `[Parsed_loudnorm_0]\n{"input_i": "-21.80", "input_tp": "-12.71", "input_lra": "0.10",
    "input_thresh": "-31.80", "target_offset": "-0.03"}`;
  const settings =
    "measured_I=-21.8:measured_TP=-12.71:measured_LRA=0.1:measured_thresh=-31.8:offset=-0.03:linear=true";
  expect(analysis?.planWith(words).args.join(" ")).toContain(`,loudnorm=I=-16:TP=-1.5:LRA=11:${settings},`);
});

test.each([["nothing"], ['{"input_i": "-inf", "input_tp": "-inf"}']])("silence stays as it is: %s", (words) => {
  expect(normalising(-16, words)).toBeUndefined();
});
