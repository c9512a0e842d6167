import { certificateType } from "#shared/certificate/statement.ts";
import { client, recorded } from "./causes.ts";
import { limited } from "./headers.ts";
import { jobId } from "./parameters.ts";
import { problems } from "./problems.ts";

/** The operations on what lies beside records, and on the keys of certificates. */
export const recordTextPaths = {
  "/api/v1/jobs/{id}/certificate": {
    parameters: [jobId],
    get: {
      operationId: "readCertificate",
      tags: ["Jobs"],
      summary: "The signed certificate of what a job made",
      description:
        "An in-toto statement with SLSA provenance in an envelope of DSSE, one line of JSON. Not found before the job has completed, and where its worker had no SIGNING_KEY.",
      responses: limited({
        200: {
          description: "The certificate, as it was signed.",
          content: {
            [certificateType]: {
              schema: { type: "string" },
              example: '{"payloadType":"application/vnd.in-toto+json","payload":"...","signatures":[...]}\n',
            },
          },
        },
        ...problems(...client, ...recorded, "not_found", "unreachable"),
      }),
    },
  },
  "/api/v1/jobs/{id}/log": {
    parameters: [jobId],
    get: {
      operationId: "readLog",
      tags: ["Jobs"],
      summary: "What ffmpeg said in a job that failed",
      description:
        "At most the last 1 MiB, in whole lines; the first line says so where more was said. URLs are `<url>`, paths `<file>`, and 32 hex digits `<key>`. Not found before the job has failed, for one that ended otherwise, and where ffmpeg had not begun to encode.",
      responses: limited({
        200: {
          description: "The log.",
          content: {
            "text/plain": {
              schema: { type: "string" },
              example: "[h264] [error] Invalid NAL unit size\n[error] Conversion failed!\n",
            },
          },
        },
        ...problems(...client, ...recorded, "not_found", "unreachable"),
      }),
    },
  },
  "/.well-known/jwks.json": {
    get: {
      operationId: "readKeys",
      tags: ["Health"],
      summary: "The public keys of certificates",
      description: "Of SIGNING_PUBLIC_KEYS; not found where that is not set. May be kept for an hour.",
      security: [],
      responses: {
        200: {
          description: "A JSON Web Key Set.",
          content: { "application/jwk-set+json": { schema: { $ref: "#/components/schemas/JwkSet" } } },
        },
        304: { description: "The keys are those of If-None-Match." },
        ...problems("not_found"),
      },
    },
  },
};
