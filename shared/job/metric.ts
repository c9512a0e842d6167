/** How the quality of a picture is measured against its source, as ffmpeg's filters `libvmaf` and `ssim` do it. */
export const metrics = ["vmaf", "ssim"] as const;
export type Metric = (typeof metrics)[number];

export const isMetric = (name: string): name is Metric => metrics.some((metric) => metric === name);
