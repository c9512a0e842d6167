import { createHash } from "node:crypto";
import { certificateSuffix } from "#shared/certificate/statement.ts";
import { type FaultKind, toFault } from "#shared/fault.ts";
import { type FoundCertificate, mostCertificateBytes, type OutputFiles, type Read } from "./output-files.ts";
import { fetchRemote, fetchText } from "./remote.ts";

/**
 * The files of an output below the URL of a folder, or beside the URL of one of them or of its certificate. A query, such as
 * that of a shared access signature, is sent with each. What else lies there cannot be found out over HTTP.
 */
export function remoteFiles(target: string): OutputFiles {
  const { origin, pathname, search } = new URL(target);
  const folder = pathname.slice(0, pathname.lastIndexOf("/") + 1);
  const name = decoded(pathname.slice(folder.length));
  const urlOf = (path: string) => `${origin}${folder}${path.split("/").map(encodeURIComponent).join("/")}${search}`;
  return {
    async *certificates() {
      if (name.endsWith(certificateSuffix)) yield await fetchCertificate(target);
    },
    read: (path) => readRemote(urlOf(path)),
    ...(name !== "" && !name.endsWith(certificateSuffix) && { only: name }),
  };
}

/** Fetches the file of a certificate. */
export async function fetchCertificate(url: string): Promise<FoundCertificate> {
  const name = decoded(new URL(url).pathname.split("/").at(-1) ?? "");
  return { name, text: await fetchText(url, mostCertificateBytes) };
}

async function readRemote(url: string): Promise<Read> {
  try {
    const { status, pieces } = await fetchRemote(url);
    const hash = createHash("sha256");
    for await (const piece of pieces) hash.update(piece);
    if (status === 200) return { sha256: hash.digest("hex") };
    return gone.includes(status) ? "missing" : { problem: `is answered with ${status}` };
  } catch (error) {
    const { kind, message } = toFault(error);
    return { problem: kind === unreachable ? message : "cannot be read" };
  }
}

const gone = [404, 410];
const unreachable: FaultKind = "unreachable";

const decoded = (part: string) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
