import type { VerifyKey } from "#shared/certificate/keys.ts";
import type { Difference } from "./difference.ts";
import { readCertificate } from "./local-files.ts";
import { openCertificate, type Signed } from "./open-certificate.ts";
import type { OutputFiles } from "./output-files.ts";
import { isUrl } from "./remote.ts";
import { fetchCertificate } from "./remote-files.ts";

/** The certificates of an output. */
export type Gathered = {
  /** Those that a trusted key has signed. */
  signed: Signed[];
  /** What is wrong with the others. */
  problems: Difference[];
  /** The files of the output which are certificates that have been opened, by their names. */
  opened: ReadonlySet<string>;
};

/** Opens the certificates that lie beside an output, one after the other: each may be large. */
export async function gatherBeside(files: OutputFiles, keys: readonly VerifyKey[]): Promise<Gathered> {
  const all: (Signed | Difference)[] = [];
  const opened = new Set<string>();
  for await (const found of files.certificates()) {
    all.push(openCertificate(found, keys));
    opened.add(found.name);
  }
  return { ...sorted(all), opened };
}

/** Opens the one certificate that the user names; the same one may lie beside the output too, any other there may not. */
export async function gatherGiven(place: string, files: OutputFiles, keys: readonly VerifyKey[]): Promise<Gathered> {
  const given = await (isUrl(place) ? fetchCertificate(place) : readCertificate(place));
  const opened = new Set<string>();
  if (files.list)
    for await (const found of files.certificates())
      if ("text" in found && "text" in given && found.text === given.text) opened.add(found.name);
  return { ...sorted([openCertificate(given, keys)]), opened };
}

const sorted = (all: readonly (Signed | Difference)[]) => ({
  signed: all.flatMap((one) => ("kind" in one ? [] : [one])),
  problems: all.flatMap((one) => ("kind" in one ? [one] : [])),
});
