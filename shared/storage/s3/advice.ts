import type { Advice } from "#shared/storage/kind.ts";

export const s3Advice: readonly Advice[] = [
  { pattern: /bucket does not exist|bucket's name/, advice: "check S3_BUCKET and S3_ENDPOINT" },
  { pattern: /another region|region is not set/, advice: "set S3_REGION to the bucket's region" },
  {
    pattern: /credentials|access key/,
    advice: "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or the role of this machine",
  },
  { pattern: /S3_ENDPOINT/, advice: "check scheme, host and port" },
  {
    pattern: /certificate/,
    advice: "name the authority's PEM file in NODE_EXTRA_CA_CERTS, or the host as its certificate does",
  },
  { pattern: /cannot be reached|in time|cut/, advice: "check S3_ENDPOINT, S3_REGION and the network" },
  { pattern: /does not allow|may not be written/, advice: "see the policy in docs/storage.md" },
  {
    pattern: /players cannot read|nothing answers|something else/,
    advice: "set S3_PUBLIC_URL to what serves the bucket",
  },
  { pattern: /are served as/, advice: "whatever stands before the bucket must pass Content-Type on" },
  { pattern: /browser does not let/, advice: "give the bucket the CORS rules in docs/storage.md" },
];
