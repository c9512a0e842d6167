import * as v from "valibot";
import { flag, httpUrl, setting } from "#shared/env.ts";
import { storageKind } from "#shared/storage/kind.ts";
import { s3Storage } from "./s3-storage.ts";

export const s3Kind = storageKind({
  setting: "S3_BUCKET",
  settings: {
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
  },
  rules: [
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
  ],
  optionsOf: (settings) =>
    settings.S3_BUCKET
      ? {
          bucket: settings.S3_BUCKET,
          region: settings.S3_REGION,
          endpoint: settings.S3_ENDPOINT,
          forcePathStyle: settings.S3_FORCE_PATH_STYLE,
          accelerate: settings.S3_ACCELERATE,
          publicUrl: settings.S3_PUBLIC_URL,
          limits: { answerMs: settings.STORAGE_TIMEOUT },
        }
      : undefined,
  open: (options, limits) => options && s3Storage({ ...options, limits: { ...options.limits, ...limits } }),
  advice: [
    [/bucket does not exist|bucket's name/, "check S3_BUCKET and S3_ENDPOINT"],
    [/another region|region is not set/, "set S3_REGION to the bucket's region"],
    [/credentials|access key/, "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the role of this machine"],
    [/S3_ENDPOINT/, "check scheme, host and port"],
    [/certificate/, "name the authority's PEM file in NODE_EXTRA_CA_CERTS, or the host as its certificate does"],
    [/cannot be reached|in time|cut/, "check S3_ENDPOINT, S3_REGION and the network"],
    [/does not allow|may not be written/, "see the policy in docs/storage.md"],
    [/players cannot read|nothing answers|something else/, "set S3_PUBLIC_URL to what serves the bucket"],
    [/are served as/, "whatever stands before the bucket must pass Content-Type on"],
    [/browser does not let/, "give the bucket the CORS rules in docs/storage.md"],
  ],
});
