import { makeSemaphore } from "#shared/async/semaphore.ts";
import type { Difference } from "./difference.ts";
import type { Signed } from "./open-certificate.ts";
import type { OutputFiles } from "./output-files.ts";

const atOnce = 4;

/** Holds the files of an output against what certificates say of them, and returns what differs, sorted by path. */
export async function compareFiles(files: OutputFiles, certificates: readonly Signed[]): Promise<Difference[]> {
  const expected = expectedFiles(certificates);
  const semaphore = makeSemaphore(atOnce);
  const compared = await Promise.all(
    [...expected].map(async ([path, sha256]) => {
      using _permit = await semaphore.acquire();
      return differenceIn(path, sha256, await files.read(path));
    }),
  );
  const listed = (await files.list?.()) ?? [];
  const extra = listed.filter((path) => !expected.has(path)).map(extraFile);
  return [...compared.flatMap((one) => one ?? []), ...extra].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** An output may have been replaced at its path: what was signed later holds. */
function expectedFiles(certificates: readonly Signed[]): ReadonlyMap<string, string> {
  const inOrder = certificates.toSorted((a, b) => Date.parse(a.finishedOn) - Date.parse(b.finishedOn));
  return new Map(inOrder.flatMap((certificate) => [...certificate.files]));
}

function differenceIn(
  file: string,
  sha256: string,
  read: Awaited<ReturnType<OutputFiles["read"]>>,
): Difference | undefined {
  if (read === "missing") return { kind: "missing", file, message: "is named in the certificate and is not there" };
  if ("problem" in read) return { kind: "unreadable", file, message: read.problem };
  if (read.sha256 === sha256) return undefined;
  return { kind: "changed", file, message: `has the SHA-256 ${read.sha256}; the certificate says ${sha256}` };
}

export const extraFile = (file: string): Difference => ({ kind: "extra", file, message: "is named in no certificate" });
