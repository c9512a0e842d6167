import type { JobStatus } from "#client/client.ts";

export const Status = ({ status }: { status: JobStatus }) => <span class={`status ${status}`}>{status}</span>;
