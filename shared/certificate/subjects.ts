import { dirname } from "node:path/posix";
import type { Order } from "#shared/job/order.ts";
import { certificateSuffix, type Subject } from "./statement.ts";

/** The name of the file of a job's certificate, beside its record and beside its output. */
export const certificateName = (jobId: string) => `${jobId}${certificateSuffix}`;

/** The folder that a certificate's paths are relative to: of an output of many files its own, of a single one that around it. */
function outputFolder({ path, type }: Pick<Order["output"], "path" | "type">): string {
  if (type !== "single") return path;
  const folder = dirname(path);
  return folder === "." ? "" : `${folder}/`;
}

/** The key of a certificate that lies beside its output. */
export const certificateKey = ({ jobId, output }: Pick<Order, "jobId" | "output">) =>
  outputFolder(output) + certificateName(jobId);

/** The published objects of an output as subjects, sorted by their paths. */
export const subjectsOf = (
  { output }: Pick<Order, "output">,
  objects: readonly { key: string; sha256: string }[],
): Subject[] =>
  objects
    .map(({ key, sha256 }) => ({ name: key.slice(outputFolder(output).length), digest: { sha256 } }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
