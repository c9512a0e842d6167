#!/usr/bin/env bash
# Guess: an S3 client throws when something that is no S3 (a login page of the network, a proxy, a parked domain) answers
#   200 with a web page: the answer to a list is no ListBucketResult, and one to a put lacks the ETag that S3 always sends.
# Really: @aws-sdk/client-s3 takes every 2xx for success. PutObject and DeleteObject resolve with nothing in them, HeadObject
#   tells the page's length as the object's, and ListObjectsV2 resolves without Contents, as of an empty bucket.
# Why here: a delivered output was `completed` and nowhere, and "no jobs" was read from a bucket that was not there. So a
#   put without an ETag is a failure, and a text/html answer without one is another's (shared/storage/s3/client.ts).
# Seen with: @aws-sdk/client-s3 3.1169.0 on Node 20.20. Output: the version, then a line for each call.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-sdk/client-s3@3.1169.0 >/dev/null

cat >try.mjs <<'JS'
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { S3 } from "@aws-sdk/client-s3";

const page = "<html><head><title>Guest network</title></head><body><h1>Please log in</h1></body></html>";
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": "text/html", "content-length": page.length });
    response.end(request.method === "HEAD" ? undefined : page);
  });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const s3 = new S3({
  endpoint: `http://127.0.0.1:${server.address().port}`,
  region: "us-east-1",
  forcePathStyle: true,
  maxAttempts: 1,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const at = { Bucket: "media", Key: "film.mp4" };
const calls = {
  put: async () => (await s3.putObject({ ...at, Body: "film" })).ETag,
  head: async () => (await s3.headObject(at)).ContentLength,
  list: async () => (await s3.listObjectsV2({ Bucket: "media" })).Contents,
  delete: async () => (await s3.deleteObject(at)).VersionId,
};
console.log("@aws-sdk/client-s3", JSON.parse(readFileSync("node_modules/@aws-sdk/client-s3/package.json")).version);
let isAsSeen = true;
const expected = { put: undefined, head: page.length, list: undefined, delete: undefined };
for (const [name, call] of Object.entries(calls)) {
  const answer = await call().catch((error) => `threw ${error.name}`);
  console.log(`${name}: a web page with 200 is ${answer === undefined ? "success, with nothing in it" : answer}`);
  if (answer !== expected[name]) isAsSeen = false;
}
process.exit(isAsSeen ? 0 : 1);
JS
node try.mjs
