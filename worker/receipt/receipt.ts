import type { Receipt } from "#shared/job/receipt.ts";
import type { Usage } from "./usage.ts";

type ReceiptDetails = { attempts: number; coldStartMs?: number | undefined; pricePerHour?: number | undefined };

/** The receipt of a job, for its final event. */
export function receiptOf(usage: Usage, { attempts, coldStartMs = 0, pricePerHour }: ReceiptDetails): Receipt {
  const { shareSeconds, measureCpuSeconds, aimCpuSeconds, ...same } = usage;
  return {
    ...same,
    workerSeconds: milli(usage.workerSeconds),
    cpuSeconds: milli(usage.cpuSeconds),
    sourceSeconds: milli(usage.sourceSeconds),
    encodeSeconds: milli(usage.encodeSeconds),
    mediaSeconds: milli(usage.mediaSeconds),
    uploadSeconds: milli(usage.uploadSeconds),
    coldStartSeconds: milli(coldStartMs / 1_000),
    attempts,
    ...(aimCpuSeconds > 0 && { aimCpuSeconds: milli(aimCpuSeconds) }),
    ...(measureCpuSeconds > 0 && { measureCpuSeconds: milli(measureCpuSeconds) }),
    ...(pricePerHour !== undefined && { cost: micro((shareSeconds / 3_600) * pricePerHour) }),
  };
}

const milli = (seconds: number) => Math.round(seconds * 1e3) / 1e3;
const micro = (money: number) => Math.round(money * 1e6) / 1e6;
