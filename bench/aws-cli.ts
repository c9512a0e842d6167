import { join } from "node:path";
import { seconds } from "./job.ts";

const version = "1.46.3";
const home = join(import.meta.dir, "../.tools", `awscli-${version}`);

/** The AWS CLI (version 1, as PyPI has it), installed when it is first asked for. */
export async function awsCli(): Promise<string> {
  const aws = join(home, "bin/aws");
  if (!(await Bun.file(aws).exists())) {
    await Bun.$`python3 -m venv ${home}`.quiet();
    await Bun.$`${home}/bin/pip install --quiet --disable-pip-version-check awscli==${version}`.quiet();
  }
  return aws;
}

/** How long `aws s3 cp --recursive` takes with a folder, from its start to its end. */
export async function awsCopySeconds(folder: string, to: string, env: Readonly<Record<string, string>>) {
  const aws = await awsCli();
  const copy = [aws, "s3", "cp", "--recursive", "--quiet", "--endpoint-url", env["S3_ENDPOINT"] ?? "", folder, to];
  const settings = {
    PATH: process.env["PATH"] ?? "",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_DEFAULT_REGION: "us-east-1",
  };
  return await seconds(async () => {
    const child = Bun.spawn(copy, { env: { ...settings, ...env }, stdio: ["ignore", "ignore", "inherit"] });
    if ((await child.exited) !== 0) throw new Error("aws s3 cp failed");
  });
}
