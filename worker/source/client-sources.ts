import { checkedInputUrl } from "#shared/net/input-url.ts";
import { type HttpSourceOptions, httpSource } from "./http-source.ts";
import { type S3SourceOptions, s3Source } from "./s3-source.ts";
import { checkedS3Url } from "./s3-url.ts";
import { type OpenSource, sourceByScheme } from "./source.ts";

/** The sources that clients of a service may name: opens them, and checks them as far as the URL tells. */
export function clientSources(options: HttpSourceOptions & S3SourceOptions) {
  const web = httpSource(options);
  const hasBuckets = options.buckets.length > 0;
  const openSource: OpenSource = sourceByScheme({
    "https:": web,
    "http:": web,
    ...(hasBuckets && { "s3:": s3Source(options) }),
  });
  const checkInput = (url: string) => {
    if (hasBuckets && URL.parse(url)?.protocol === "s3:") checkedS3Url(url, options.buckets);
    else checkedInputUrl(url, options);
  };
  return { openSource, checkInput };
}
