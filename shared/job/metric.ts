/** How the quality of a picture is measured against its source, as ffmpeg's filters `libvmaf` and `ssim` do it. */
export type Metric = "vmaf" | "ssim";
