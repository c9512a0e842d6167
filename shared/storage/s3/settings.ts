import * as v from "valibot";
import { flag, httpUrl, setting } from "#shared/env.ts";
import type { SettingRule } from "#shared/storage/kind.ts";

export const s3Settings = {
  S3_BUCKET: setting("bucket for outputs; setting it makes the storage s3 available", v.string()),
  S3_REGION: setting("region of the bucket; default: as the AWS SDK finds it", v.string()),
  S3_ENDPOINT: setting("URL of a store that is not AWS, such as MinIO", httpUrl),
  S3_FORCE_PATH_STYLE: setting(
    "puts the bucket into the path instead of the host name, as MinIO needs it",
    flag,
    "false",
  ),
  S3_ACCELERATE: setting("uploads through S3 Transfer Acceleration", flag, "false"),
  S3_PUBLIC_URL: setting("URL below which players read the bucket", httpUrl),
};

export const s3Rules: readonly SettingRule<keyof typeof s3Settings>[] = [
  {
    field: "S3_ACCELERATE",
    message: "works on AWS only: it cannot be combined with S3_ENDPOINT",
    isBroken: (given) => given.S3_ACCELERATE === true && given.S3_ENDPOINT !== undefined,
  },
  {
    field: "S3_ACCELERATE",
    message: "cannot be combined with S3_FORCE_PATH_STYLE",
    isBroken: (given) => given.S3_ACCELERATE === true && given.S3_FORCE_PATH_STYLE === true,
  },
];
