import * as v from "valibot";
import { flag, httpUrl } from "#shared/env.ts";
import type { SettingRule } from "#shared/storage/kind.ts";

export const s3Settings = {
  S3_BUCKET: v.pipe(
    v.optional(v.string()),
    v.description("bucket for outputs; setting it makes the storage s3 available"),
  ),
  S3_REGION: v.pipe(v.optional(v.string()), v.description("region of the bucket; default: as the AWS SDK finds it")),
  S3_ENDPOINT: v.pipe(v.optional(httpUrl), v.description("URL of a store that is not AWS, such as MinIO")),
  S3_FORCE_PATH_STYLE: v.pipe(
    v.optional(flag, "false"),
    v.description("puts the bucket into the path instead of the host name, as MinIO needs it"),
  ),
  S3_ACCELERATE: v.pipe(v.optional(flag, "false"), v.description("uploads through S3 Transfer Acceleration")),
  S3_PUBLIC_URL: v.pipe(v.optional(httpUrl), v.description("URL below which players read the bucket")),
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
