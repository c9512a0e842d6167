import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { certificateSuffix } from "#shared/certificate/statement.ts";
import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { type FoundCertificate, mostCertificateBytes, type OutputFiles, type Read } from "./output-files.ts";

/** The files of an output in a folder, around a file of it, or around its certificate. */
export async function localFiles(target: string): Promise<OutputFiles> {
  const found = await stat(target).catch((cause) => {
    throw new Fault("not_found", `there is no file or folder ${target}`, { cause });
  });
  if (found.isDirectory()) return filesBelow(target);
  const [folder, name] = [dirname(target), basename(target)];
  const { list: _, ...files } = filesBelow(folder);
  if (name.endsWith(certificateSuffix)) return { ...files, certificates: async () => [await readCertificate(target)] };
  return { ...files, only: name };
}

function filesBelow(root: string): OutputFiles {
  const isCertificate = (path: string) => !path.includes(sep) && path.endsWith(certificateSuffix);
  const paths = async () => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort();
  };
  return {
    async certificates() {
      const names = (await readdir(root)).filter(isCertificate).sort();
      return Promise.all(names.map((name) => readCertificate(join(root, name))));
    },
    read: (path) => readBelow(root, path),
    list: async () => (await paths()).filter((path) => !isCertificate(path)),
  };
}

/** Reads a certificate's file. */
export async function readCertificate(file: string): Promise<FoundCertificate> {
  const { size } = await stat(file).catch((cause) => {
    throw new Fault("not_found", `there is no file ${file}`, { cause });
  });
  if (size > mostCertificateBytes) throw new Fault("invalid", `${file} is too large for a certificate`);
  return { name: basename(file), text: await readFile(file, "utf8") };
}

/** A path that leads out of the folder by a link, and what is no regular file, is not opened. */
async function readBelow(root: string, path: string): Promise<Read> {
  const file = join(root, path);
  try {
    if (!(await lstat(file)).isFile()) return { problem: "is no regular file" };
    const inside = `${await realpath(root)}${sep}`;
    if (!(await realpath(file)).startsWith(inside)) return { problem: "lies outside of the folder, behind a link" };
    const hash = createHash("sha256");
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash);
    return { sha256: hash.digest("hex") };
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    return { problem: `cannot be read (${code || "unknown failure"})` };
  }
}
