import type { Command } from "commander";
import { plain } from "#cli/cells.ts";
import { type Context, print } from "#cli/context.ts";
import { compareFiles, extraFile, namingOnly, type Standing, standingOf } from "#cli/verify/compare.ts";
import type { Difference } from "#cli/verify/difference.ts";
import { gatherBeside, gatherGiven } from "#cli/verify/gather.ts";
import { localFiles } from "#cli/verify/local-files.ts";
import type { Signed } from "#cli/verify/open-certificate.ts";
import { isUrl } from "#cli/verify/remote.ts";
import { remoteFiles } from "#cli/verify/remote-files.ts";
import { trustedKeys } from "#cli/verify/trusted-keys.ts";
import { Fault } from "#shared/fault.ts";

type VerifyOptions = {
  /** Files of public keys in PEM. */
  key?: string[];
  /** The URL or the file of a JSON Web Key Set. */
  jwks?: string;
  /** The file or the URL of the certificate; absent: it lies beside the output. */
  certificate?: string;
  /** The id of the job whose certificate counts; absent: those of all jobs do. */
  job?: string;
};

/** Adds the command that verifies outputs. */
export const addVerify = (program: Command, context: Context) =>
  program
    .command("verify")
    .description("hold an output against its signed certificate and say what differs: files and signature")
    .argument(
      "<output>",
      "its folder, one of its files, or a URL of these (a folder's ends with /) or of its certificate",
    )
    .option("--key <file...>", "the public keys to trust, in PEM")
    .option("--jwks <url>", "a JSON Web Key Set to trust, as a service has at /.well-known/jwks.json; or its file")
    .option("--certificate <file>", "its certificate, or the URL of that; default: the one beside the output")
    .option("--job <job>", "the job that must have made it: no other's certificate counts")
    .action((output, options) => verifyOutput(context, output, options));

/** Holds an output against its certificate and says what differs; the exit code is 1 then. */
async function verifyOutput(context: Context, target: string, options: VerifyOptions) {
  const keys = await trustedKeys(options);
  const files = isUrl(target) ? remoteFiles(target) : await localFiles(target);
  const { certificate, job } = options;
  const found = await (certificate === undefined ? gatherBeside(files, keys) : gatherGiven(certificate, files, keys));
  if (found.signed.length + found.problems.length === 0)
    throw new Fault("not_found", `there is no certificate beside ${target}: name it with --certificate`);
  const naming = namingOnly(files, found.signed);
  const isUnnamed = files.only !== undefined && naming.length === 0 && found.problems.length === 0;
  const unnamed = isUnnamed ? [unnamedFile(target, files.only ?? "")] : [];
  const counting = found.signed.filter(({ jobId }) => job === undefined || jobId === job);
  const signed = new Set(namingOnly(files, counting));
  const others = job !== undefined && signed.size === 0 ? naming.map((one) => otherJob(one, job)) : [];
  const compared = signed.size > 0 ? await compareFiles(files, counting, found.opened) : [];
  const standings = standingOf(counting).filter(({ certificate }) => signed.has(certificate));
  report(context, standings, [...found.problems, ...unnamed, ...others, ...compared]);
}

/** A URL without a slash at its end may have been meant to be that of a folder. */
function unnamedFile(target: string, only: string): Difference {
  if (!isUrl(target)) return extraFile(only, []);
  throw new Fault("invalid", `${only} is named in no certificate; if it is a folder: the URL of one ends with /`);
}

const otherJob = ({ name, jobId }: Signed, job: string): Difference => ({
  kind: "other_job",
  file: name,
  message: `is the certificate of job ${jobId}, not of ${job}`,
});

function report(context: Context, standings: readonly Standing[], differences: readonly Difference[]) {
  const certificates = standings.map(
    ({ certificate: { jobId, keyId, finishedOn, files }, superseded, supersededBy }) => ({
      ...{ job_id: jobId, key_id: keyId, finished_on: finishedOn, files: files.size, superseded },
      ...(superseded > 0 && { superseded_by: supersededBy }),
    }),
  );
  const isValid = differences.length === 0;
  const lines = [
    ...differences.map(({ kind, file, message }) => `${`${kind.replaceAll("_", " ")}:`.padEnd(17)}${file} ${message}`),
    ...(isValid ? standings.map(wordsOf) : [`${differences.length} differ from what was signed`]),
  ];
  print(context, { valid: isValid, certificates, differences }, lines.map(plain).join("\n"));
  if (!isValid) context.fail();
}

function wordsOf({ certificate: { files, jobId, keyId, finishedOn }, superseded, supersededBy }: Standing): string {
  const holding = files.size - superseded;
  const by = supersededBy.map((id) => `job ${id}`).join(", ");
  if (holding === 0 && superseded > 0)
    return `superseded: all that job ${jobId} made on ${finishedOn} was made anew by ${by}`;
  const anew = superseded > 0 ? `; superseded: ${superseded} more of its files were made anew by ${by}` : "";
  return `${holding} ${holding === 1 ? "file is" : "files are"} as job ${jobId} made them on ${finishedOn}, signed by the key ${keyId}${anew}`;
}
