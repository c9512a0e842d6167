import { expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { openCertificate } from "#cli/verify/open-certificate.ts";
import { signedEnvelope } from "#shared/certificate/dsse.ts";
import { readPublicKeys, readSigningKey } from "#shared/certificate/keys.ts";
import { formatStatement } from "#shared/certificate/statement.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const signing = readSigningKey(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
const trusted = readPublicKeys(publicKey.export({ type: "spki", format: "pem" }).toString());
if (typeof signing === "string" || typeof trusted === "string") throw new Error("no keys");

const sha256 = "0".repeat(64);
const made = {
  ...{
    externalParameters: {},
    internalParameters: {},
    resolvedDependencies: [],
    worker: "w",
    versions: {},
    measured: {},
  },
  ...{ jobId: "job-1", startedOn: "2026-01-01T00:00:00.000Z", finishedOn: "2026-01-01T00:01:00.000Z" },
};
const signed = (...names: string[]) =>
  signedEnvelope(
    formatStatement(
      names.map((name) => ({ name, digest: { sha256 } })),
      made,
    ),
    signing,
  );
const opened = (text: string) => openCertificate({ name: "c.intoto.jsonl", text }, trusted);

test("tells the files and who signed them; lines of others are ignored", () => {
  const expected = {
    ...{ name: "c.intoto.jsonl", keyId: signing.id, jobId: "job-1", finishedOn: made.finishedOn },
    files: new Map([
      ["a.mp4", sha256],
      ["b/c.ts", sha256],
    ]),
  };
  expect(opened(signed("a.mp4", "b/c.ts"))).toEqual(expected);
  expect(opened(`no envelope\n{}\n${signed("a.mp4", "b/c.ts")}\n`)).toEqual(expected);
});

test.each(["../a.mp4", "/etc/passwd", "a/../../b", "a//b", "", "a\\b", "a\0b", "x".repeat(300), "."])(
  "a path as %j is trusted from nobody, signed or not",
  (name) => {
    expect(opened(signed("a.mp4", name))).toMatchObject({ kind: "bad_certificate", file: "c.intoto.jsonl" });
  },
);

test("a file that is named twice makes a certificate a bad one", () => {
  expect(opened(signed("a.mp4", "a.mp4"))).toMatchObject({ kind: "bad_certificate" });
});

test("what was signed must be provenance that this version understands", () => {
  expect(opened(signedEnvelope("{}", signing))).toMatchObject({ kind: "bad_certificate" });
  expect(opened("")).toMatchObject({ kind: "bad_certificate" });
});

test("400 segments and a playlist are one line below 100 KB", () => {
  const names = Array.from({ length: 400 }, (_, n) => `segment_${n}.m4s`);
  const line = signed("master.m3u8", ...names);
  expect(line.length).toBeLessThan(100_000);
  expect(opened(line)).toMatchObject({ keyId: signing.id });
});
