import { makeSemaphore } from "#shared/async/semaphore.ts";
import type { Difference } from "./difference.ts";
import type { Signed } from "./open-certificate.ts";
import type { OutputFiles, Read } from "./output-files.ts";

const atOnce = 4;

/** What a file has to be, and the certificate that says so. */
type Expected = { sha256: string; certificate: Signed };

/** A certificate, and which of its files were made anew by jobs that signed later. */
export type Standing = { certificate: Signed; superseded: number; supersededBy: readonly string[] };

/** What each certificate says that still holds, in the order of their signing: of a file that two name the later one holds. */
export function standingOf(certificates: readonly Signed[]): Standing[] {
  const expected = expectedFiles(certificates);
  return inOrder(certificates).map((certificate) => {
    const later = [...certificate.files].flatMap(([path, sha256]) => {
      const one = expected.get(path);
      return one && one.sha256 !== sha256 ? [one.certificate.jobId] : [];
    });
    return { certificate, superseded: later.length, supersededBy: [...new Set(later)] };
  });
}

/**
 * Holds the files of an output against what certificates say of them, and returns what differs, sorted by path. Of the files that
 * lie there, those with the names of `ignored` are certificates that were read themselves. Where the user has named one file, only
 * those are read which the certificates name that name it.
 */
export async function compareFiles(
  files: OutputFiles,
  certificates: readonly Signed[],
  ignored: ReadonlySet<string>,
): Promise<Difference[]> {
  const named = new Set(namingOnly(files, certificates).flatMap((one) => [...one.files.keys()]));
  const expected = new Map([...expectedFiles(certificates)].filter(([path]) => named.has(path)));
  const semaphore = makeSemaphore(atOnce);
  const compared = await Promise.all(
    [...expected].map(async ([path, one]) => {
      using _permit = await semaphore.acquire();
      return differenceIn(path, one, await files.read(path));
    }),
  );
  const listed = (await files.list?.()) ?? [];
  const extra = listed
    .filter(({ path }) => !(expected.has(path) || ignored.has(path)))
    .map(({ path, problem }) => (problem ? unreadable(path, problem) : extraFile(path, certificates)));
  return [...compared.flatMap((one) => one ?? []), ...extra].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Of certificates that lie beside each other, those that name the file which is to be verified. */
export const namingOnly = ({ only }: OutputFiles, signed: readonly Signed[]) =>
  signed.filter((certificate) => only === undefined || certificate.files.has(only));

const inOrder = (certificates: readonly Signed[]) =>
  certificates.toSorted((a, b) => Date.parse(a.finishedOn) - Date.parse(b.finishedOn));

/** An output may have been replaced at its path: what was signed later holds. */
const expectedFiles = (certificates: readonly Signed[]): ReadonlyMap<string, Expected> =>
  new Map(
    inOrder(certificates).flatMap((certificate) =>
      [...certificate.files].map(([path, sha256]) => [path, { sha256, certificate }] as const),
    ),
  );

function differenceIn(file: string, { sha256, certificate }: Expected, read: Read): Difference | undefined {
  if (read === "missing") return { kind: "missing", file, message: "is named in the certificate and is not there" };
  if ("problem" in read) return unreadable(file, read.problem);
  if (read.sha256 === sha256) return undefined;
  const says = `the certificate says ${sha256}`;
  const since = `it was changed, or made anew without a certificate, after job ${certificate.jobId} was signed`;
  return { kind: "changed", file, message: `has the SHA-256 ${read.sha256}; ${says}: ${since}` };
}

const unreadable = (file: string, message: string): Difference => ({ kind: "unreadable", file, message });

export function extraFile(file: string, certificates: readonly Signed[]): Difference {
  const [one] = certificates;
  const ofJob = one && certificates.length === 1 ? ` of job ${one.jobId}` : "";
  return { kind: "extra", file, message: `is named in no certificate${ofJob}` };
}
