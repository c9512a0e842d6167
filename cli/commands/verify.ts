import type { Command } from "commander";
import { type Context, print } from "#cli/context.ts";
import { compareFiles, extraFile } from "#cli/verify/compare.ts";
import type { Difference } from "#cli/verify/difference.ts";
import { localFiles, readCertificate } from "#cli/verify/local-files.ts";
import { openCertificate, type Signed } from "#cli/verify/open-certificate.ts";
import type { OutputFiles } from "#cli/verify/output-files.ts";
import { isUrl } from "#cli/verify/remote.ts";
import { fetchCertificate, remoteFiles } from "#cli/verify/remote-files.ts";
import { trustedKeys } from "#cli/verify/trusted-keys.ts";
import { Fault } from "#shared/fault.ts";

type VerifyOptions = {
  /** Files of public keys in PEM. */
  key?: string[];
  /** The URL or the file of a JSON Web Key Set. */
  jwks?: string;
  /** The file or the URL of the certificate; absent: it lies beside the output. */
  certificate?: string;
};

/** Adds the command that verifies outputs. */
export const addVerify = (program: Command, context: Context) =>
  program
    .command("verify")
    .description("hold an output against its signed certificate and say what differs: files and signature")
    .argument("<output>", "its folder, one of its files, or a URL of these or of its certificate")
    .option("--key <file...>", "the public keys to trust, in PEM")
    .option("--jwks <url>", "a JSON Web Key Set to trust, as a service has at /.well-known/jwks.json; or its file")
    .option("--certificate <file>", "its certificate, or the URL of that; default: the one beside the output")
    .action((output, options) => verifyOutput(context, output, options));

/** Holds an output against its certificate and says what differs; the exit code is 1 then. */
async function verifyOutput(context: Context, target: string, options: VerifyOptions) {
  const keys = await trustedKeys(options);
  const files = isUrl(target) ? remoteFiles(target) : await localFiles(target);
  const found = options.certificate === undefined ? await files.certificates() : [await given(options.certificate)];
  if (found.length === 0)
    throw new Fault("not_found", `there is no certificate beside ${target}: name it with --certificate`);
  const opened = found.map((certificate) => openCertificate(certificate, keys));
  const problems = opened.flatMap((one) => ("kind" in one ? [one] : []));
  const signed = namingOnly(
    files,
    opened.flatMap((one) => ("kind" in one ? [] : [one])),
  );
  const unnamed =
    files.only !== undefined && signed.length === 0 && problems.length === 0 ? [extraFile(files.only)] : [];
  const differences = [...problems, ...unnamed, ...(signed.length > 0 ? await compareFiles(files, signed) : [])];
  report(context, signed, differences);
}

const given = (place: string) => (isUrl(place) ? fetchCertificate(place) : readCertificate(place));

/** Of certificates that lie beside each other, those that name the file which is to be verified. */
const namingOnly = ({ only }: OutputFiles, signed: readonly Signed[]) =>
  signed.filter((certificate) => only === undefined || certificate.files.has(only));

function report(context: Context, signed: readonly Signed[], differences: readonly Difference[]) {
  const certificates = signed.map(({ jobId, keyId, finishedOn, files }) => ({
    ...{ job_id: jobId, key_id: keyId, finished_on: finishedOn, files: files.size },
  }));
  const isValid = differences.length === 0;
  const lines = [
    ...differences.map(({ kind, file, message }) => `${`${kind.replaceAll("_", " ")}:`.padEnd(17)}${file} ${message}`),
    ...(isValid ? signed.map(wordsOf) : [`${differences.length} differ from what was signed`]),
  ];
  print(context, { valid: isValid, certificates, differences }, lines.join("\n"));
  if (!isValid) context.fail();
}

const wordsOf = ({ files, jobId, keyId, finishedOn }: Signed) =>
  `${files.size} ${files.size === 1 ? "file is" : "files are"} as job ${jobId} made them on ${finishedOn}, signed by the key ${keyId}`;
