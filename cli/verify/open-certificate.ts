import { type Envelope, mostSignatures, openEnvelope, parseEnvelope } from "#shared/certificate/dsse.ts";
import type { VerifyKey } from "#shared/certificate/keys.ts";
import { parseStatement, type Statement } from "#shared/certificate/statement.ts";
import { keyProblem } from "#shared/storage/key.ts";
import type { Difference } from "./difference.ts";
import type { FoundCertificate } from "./output-files.ts";

/** What a certificate says that a trusted key has signed. */
export type Signed = {
  /** The name of the certificate's file. */
  name: string;
  /** The id of that key. */
  keyId: string;
  jobId: string;
  /** RFC 3339. */
  finishedOn: string;
  /** The SHA-256 of each file in hex, by its path, which is relative and leads nowhere else. */
  files: ReadonlyMap<string, string>;
};

/** Opens a certificate, or says why it is not to be trusted. Nothing of it is used before its signature was verified. */
export function openCertificate(found: FoundCertificate, keys: readonly VerifyKey[]): Signed | Difference {
  const { name } = found;
  const bad = (message: string): Difference => ({ kind: "bad_certificate", file: name, message });
  if ("problem" in found) return bad(found.problem);
  const envelopes = envelopesIn(found.text);
  if (!envelopes) return bad(`holds more than ${mostSignatures} signatures`);
  if (envelopes.length === 0) return bad("holds no signed in-toto statement");
  const opened = envelopes.map((envelope) => openEnvelope(envelope, keys));
  const trusted = opened.find((one) => "text" in one);
  if (!trusted) return untrusted(name, opened, keys);
  const statement = parseStatement(trusted.text);
  if (!statement) return bad("is signed, and holds no in-toto statement v1 with SLSA provenance v1");
  const problem = subjectProblem(statement);
  return problem === undefined ? signedOf(name, trusted.keyId, statement) : bad(`is signed, and ${problem}`);
}

/** The envelopes of a bundle; undefined when more are signed, or more often, than is worth the work. */
function envelopesIn(text: string): Envelope[] | undefined {
  const envelopes: Envelope[] = [];
  let signatures = 0;
  for (const line of linesOf(text)) {
    // Lines that are no envelopes are to be ignored, as the specification of bundles says.
    const envelope = parseEnvelope(line);
    if (!envelope) continue;
    envelopes.push(envelope);
    signatures += envelope.signatures.length;
    if (signatures > mostSignatures) return undefined;
  }
  return envelopes;
}

/** The lines of a text that are not empty, one after the other: a text may consist of line breaks. */
function* linesOf(text: string) {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    if (end > start) yield text.slice(start, end);
    start = end + 1;
  }
}

function signedOf(name: string, keyId: string, { subject, predicate }: Statement): Signed {
  const { invocationId: jobId, finishedOn } = predicate.runDetails.metadata;
  return { name, keyId, jobId, finishedOn, files: new Map(subject.map(({ name, digest }) => [name, digest.sha256])) };
}

/** A path could lead out of the output, or hide that a file is named twice with different content. */
function subjectProblem({ subject }: Statement): string | undefined {
  const seen = new Set<string>();
  for (const { name } of subject) {
    const problem = keyProblem(name);
    if (problem) return `names a path that ${problem}: ${JSON.stringify(name.slice(0, 200))}`;
    if (seen.has(name)) return `names a file twice: ${JSON.stringify(name)}`;
    seen.add(name);
  }
  return undefined;
}

function untrusted(
  file: string,
  opened: readonly ReturnType<typeof openEnvelope>[],
  keys: readonly VerifyKey[],
): Difference {
  const problems = opened.flatMap((one) => ("problem" in one ? [one] : []));
  const broken = problems.find(({ problem }) => problem === "wrong_signature");
  if (broken)
    return { kind: "wrong_signature", file, message: "its signature is wrong: it was changed after it was signed" };
  const named = idsOf(problems.flatMap(({ keyIds }) => keyIds));
  const known = idsOf(keys.map(({ id }) => id));
  return {
    kind: "unknown_key",
    file,
    message: `is signed by the key ${named}; trusted are ${known}`,
  };
}

const mostIds = 4;

/** The first of these ids, and how many more there are. */
function idsOf(ids: readonly string[]) {
  const unique = [...new Set(ids)];
  const first = unique.slice(0, mostIds).map((id) => JSON.stringify(id.slice(0, 100)));
  return unique.length > mostIds ? `${first.join(", ")} and ${unique.length - mostIds} more` : first.join(", ");
}
