import * as v from "valibot";
import { fromJsonText } from "#shared/json-text.ts";
import { omitEmpty } from "#shared/omit-empty.ts";

/** The end of the name of a certificate's file, a bundle of one attestation. */
export const certificateSuffix = ".intoto.jsonl";

/** The media type of such a file, as in-toto names it. */
export const certificateType = "application/vnd.in-toto.bundle";

const statementType = "https://in-toto.io/Statement/v1";
const predicateType = "https://slsa.dev/provenance/v1";

/** What an encode of this project is, for who reads the provenance; docs/certificates.md describes its parameters. */
const buildType = "urn:flux-encoder:build:encode:v1";
/** Who has made it: a worker of this project. */
const builderId = "urn:flux-encoder:builder:worker:v1";

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** A file that a statement is about: its path relative to the output, and its SHA-256 in hex. */
export type Subject = v.InferOutput<typeof Subject>;
const Subject = v.object({ name: v.string(), digest: v.object({ sha256: Sha256 }) });

/** A thing that went into an output, as in-toto describes resources. */
export type Resource = {
  name?: string;
  uri?: string;
  digest?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, unknown>>;
};

/** What is read of a statement in order to verify it. */
export type Statement = v.InferOutput<typeof Statement>;
const Statement = v.object({
  _type: v.literal(statementType),
  predicateType: v.literal(predicateType),
  subject: v.array(Subject),
  predicate: v.object({
    runDetails: v.object({
      metadata: v.object({ invocationId: v.string(), finishedOn: v.string() }),
    }),
  }),
});

/** Parses the text of a statement; undefined when it is none that this version understands. */
export const parseStatement = (text: string): Statement | undefined => fromJsonText(Statement, text);

/** What a statement says of how an output was made. */
export type Provenance = {
  externalParameters: Readonly<Record<string, unknown>>;
  internalParameters: Readonly<Record<string, unknown>>;
  resolvedDependencies: readonly Resource[];
  /** The name of the worker. */
  worker: string;
  /** The versions of the worker's programs, by name. */
  versions: Readonly<Record<string, string>>;
  jobId: string;
  /** RFC 3339. */
  startedOn: string;
  /** RFC 3339. */
  finishedOn: string;
  /** What was measured of the source and the output; absent fields were not. */
  measured: Readonly<Record<string, unknown>>;
};

/** The text of an in-toto statement with a predicate of SLSA provenance v1. */
export function formatStatement(subject: readonly Subject[], made: Provenance): string {
  const { externalParameters, internalParameters, resolvedDependencies, jobId, startedOn, finishedOn } = made;
  return JSON.stringify({
    _type: statementType,
    subject,
    predicateType,
    predicate: {
      buildDefinition: { buildType, externalParameters, internalParameters, resolvedDependencies },
      runDetails: {
        builder: { id: builderId, version: made.versions, flux_worker: made.worker },
        metadata: { invocationId: jobId, startedOn, finishedOn },
        ...omitEmpty({ flux_measured: made.measured }),
      },
    },
  });
}
