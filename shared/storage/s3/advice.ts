import type { Advice } from "#shared/storage/kind.ts";

export const s3Advice: readonly Advice[] = [
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
];
