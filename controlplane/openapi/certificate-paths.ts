import { certificateType } from "#shared/certificate/statement.ts";
import { client, recorded } from "./causes.ts";
import { limited } from "./headers.ts";
import { jobId } from "./parameters.ts";
import { problems } from "./problems.ts";

/** The operations on certificates. */
export const certificatePaths = {
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
