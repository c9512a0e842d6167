import { orUndefined } from "#shared/errors.ts";
import { invalidField } from "#shared/fault.ts";

/** The bucket and key of `s3://bucket/key`. Throws when the URL is malformed or the bucket is not one of these. */
export function checkedS3Url(text: string, buckets: readonly string[]): { Bucket: string; Key: string } {
  const url = URL.parse(text);
  const isBare = url?.host === url?.hostname && !url?.username && !url?.password && !url?.search && !url?.hash;
  const Key = orUndefined(() => decodeURIComponent(url?.pathname.slice(1) ?? ""));
  if (url?.protocol !== "s3:" || !url.host || !isBare || !Key) {
    throw invalidField("input_url", "write s3://bucket/key, percent-encoded as in other URLs");
  }
  // In a request the key becomes a path again, with which the store or a proxy might leave the bucket.
  if (Key.split(/[/\\]/).some((segment) => segment === "." || segment === "..") || /\p{Cc}/u.test(Key)) {
    throw invalidField("input_url", "must not name a key with . or .. between slashes, or control characters");
  }
  if (!buckets.includes(url.host)) {
    throw invalidField("input_url", "is in a bucket that S3_INPUT_BUCKETS does not allow");
  }
  return { Bucket: url.host, Key };
}
