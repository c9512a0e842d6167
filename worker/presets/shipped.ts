import p240Fast from "../../presets/240p_fast.yaml" with { type: "text" };
import p480H264 from "../../presets/480p_h264.yaml" with { type: "text" };
import p720H264 from "../../presets/720p_h264.yaml" with { type: "text" };
import p1080H264 from "../../presets/1080p_h264.yaml" with { type: "text" };
import p1080H265 from "../../presets/1080p_h265.yaml" with { type: "text" };

/** The presets that come with the worker, by file name: part of the program, so that it runs in an empty folder. */
export const shipped: Readonly<Record<string, string>> = {
  "240p_fast.yaml": p240Fast,
  "480p_h264.yaml": p480H264,
  "720p_h264.yaml": p720H264,
  "1080p_h264.yaml": p1080H264,
  "1080p_h265.yaml": p1080H265,
};
