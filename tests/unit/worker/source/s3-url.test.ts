import { expect, test } from "bun:test";
import { checkedS3Url } from "#worker/source/s3-url.ts";

const buckets = ["media", "my.bucket-1"];

test.each([
  ["s3://media/a.mp4", "media", "a.mp4"],
  ["S3://media/folder/a%20b%3F%23.mp4", "media", "folder/a b?#.mp4"],
  ["s3://media/a b.mp4", "media", "a b.mp4"],
  ["s3://media//a.mp4", "media", "/a.mp4"],
  ["s3://media/%E3%81%82/あ.mp4", "media", "あ/あ.mp4"],
  ["s3://my.bucket-1/a+b.mp4", "my.bucket-1", "a+b.mp4"],
])("%s is an object", (url, Bucket, Key) => {
  expect(checkedS3Url(url, buckets)).toEqual({ Bucket, Key });
});

const spelling = "input_url: write s3://bucket/key, percent-encoded as in other URLs";
const notAllowed = "input_url: is in a bucket that S3_INPUT_BUCKETS does not allow";

test.each([
  ["s3://media", spelling],
  ["s3://media/", spelling],
  ["s3:media/a.mp4", spelling],
  ["s3:///a.mp4", spelling],
  ["s3://me@media/a.mp4", spelling],
  ["s3://me:safe@media/a.mp4", spelling],
  ["s3://media:80/a.mp4", spelling],
  ["s3://media/a.mp4?versionId=1", spelling],
  ["s3://media/a.mp4#t", spelling],
  ["s3://media/a%zz.mp4", spelling],
  ["https://media/a.mp4", spelling],
  ["media/a.mp4", spelling],
  ["s3://secrets/a.mp4", notAllowed],
  ["s3://Media/a.mp4", notAllowed],
  ["s3://media.evil/a.mp4", notAllowed],
])("%s is refused", (url, message) => {
  expect(() => checkedS3Url(url, buckets)).toThrow(expect.objectContaining({ kind: "invalid", message }));
});
