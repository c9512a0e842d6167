import type { Env } from "#shared/env.ts";

/**
 * Why requests to S3 could not be signed; undefined when they can. The AWS SDK is asked only when the environment holds
 * no keys, because loading it costs 100 ms and 30 MB and it may ask the machine's role.
 */
export async function credentialsProblem({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: Env) {
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) return undefined;
  const { S3 } = await import("@aws-sdk/client-s3");
  const s3 = new S3({ region: "us-east-1" });
  try {
    await s3.config.credentials();
    return undefined;
  } catch {
    const found = AWS_ACCESS_KEY_ID ? "AWS_SECRET_ACCESS_KEY is missing" : "there are none";
    return `no credentials for S3: ${found}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a profile or a role`;
  } finally {
    s3.destroy();
  }
}
