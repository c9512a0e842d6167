import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { certificateSuffix } from "#shared/certificate/statement.ts";
import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import {
  type FoundCertificate,
  type Listed,
  mostCertificateBytes,
  type OutputFiles,
  type Read,
} from "./output-files.ts";
import { piecesOf, readRegular, textOf } from "./regular-file.ts";

const tooLarge = `is longer than the ${mostCertificateBytes} bytes that a certificate may have`;

/** The files of an output in a folder, around a file of it, or around its certificate. */
export async function localFiles(target: string): Promise<OutputFiles> {
  const found = await stat(target).catch((cause) => {
    throw new Fault("not_found", `there is no file or folder ${target}`, { cause });
  });
  if (found.isDirectory()) return filesBelow(target);
  const [folder, name] = [dirname(target), basename(target)];
  const { list: _, ...files } = filesBelow(folder);
  if (!name.endsWith(certificateSuffix)) return { ...files, only: name };
  return { ...files, certificates: () => certificatesBelow(folder, [name]) };
}

const filesBelow = (root: string): OutputFiles => ({
  certificates: () => certificatesBelow(root),
  read: (path) =>
    readRegular<Read>(root, path, async (pieces) => {
      const hash = createHash("sha256");
      for await (const piece of pieces) hash.update(piece);
      return { sha256: hash.digest("hex") };
    }),
  list: () => listBelow(root),
});

/** Reads the certificates with these names in a folder, or all that lie in it. */
async function* certificatesBelow(root: string, names?: readonly string[]): AsyncGenerator<FoundCertificate> {
  const found = names ?? (await readdir(root)).filter((name) => name.endsWith(certificateSuffix)).sort();
  for (const name of found) {
    const read = await readRegular(root, name, async (pieces) => ({
      text: await textOf(pieces, mostCertificateBytes),
    }));
    if (read === "missing") yield { name, problem: "is not there any more" };
    else if ("problem" in read) yield { name, problem: read.problem };
    else yield read.text === undefined ? { name, problem: tooLarge } : { name, text: read.text };
  }
}

/** All files in a folder and those of it. A link is one of them, wherever it leads: what is behind it belongs elsewhere. */
async function listBelow(root: string): Promise<Listed[]> {
  const files: Listed[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await entriesIn(root, folder);
    folders.push(...entries.flatMap(({ path, isFolder }) => (isFolder ? [path] : [])));
    files.push(...entries.filter(({ isFolder }) => !isFolder));
  }
  return files;
}

/** What lies in a folder of an output, or that it cannot be listed. */
async function entriesIn(root: string, folder: string): Promise<(Listed & { isFolder?: boolean })[]> {
  try {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries.map((entry) => ({ path: join(folder, entry.name), isFolder: entry.isDirectory() }));
  } catch (error) {
    return [{ path: folder || ".", problem: `cannot be listed (${codeOf(error)})` }];
  }
}

/** Reads the file of a certificate that the user has named, who may name a link or a pipe. */
export async function readCertificate(file: string): Promise<FoundCertificate> {
  await using handle = await open(file).catch((cause) => {
    throw new Fault("not_found", `there is no file ${file} that can be read`, { cause });
  });
  const text = await textOf(piecesOf(handle), mostCertificateBytes).catch((cause) => {
    throw new Fault("invalid", `${file} cannot be read as a certificate (${codeOf(cause)})`, { cause });
  });
  if (text === undefined) throw new Fault("invalid", `${file} ${tooLarge}`);
  return { name: basename(file), text };
}
