import type { ControlPlaneMetrics } from "#controlplane/metrics.ts";

/** What the metrics count of uploads. */
export type UploadMetrics = ControlPlaneMetrics["uploads"];
