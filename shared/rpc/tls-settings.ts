import * as v from "valibot";
import { setting } from "#shared/env.ts";
import { issueAt } from "#shared/schemas.ts";
import type { TlsFiles } from "./tls.ts";

const file = (meaning: string) => setting(`PEM file ${meaning}; read again when it changes`, v.string());

/** The settings of TLS, which the settings of worker and control plane include. */
export const tlsSettings = {
  GRPC_TLS_CERT: file("of the certificate that a worker serves gRPC with, or a control plane shows to workers"),
  GRPC_TLS_KEY: file("of the key of GRPC_TLS_CERT"),
  GRPC_TLS_CA: file("of the CA that signs the other side's certificates; with it a worker answers only who has one"),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof tlsSettings, undefined>>;

/** Checks that certificate and key are given together. Its issues are reported even when a single setting is wrong. */
export const checkTls = <T extends Settings>({ needsCert }: { needsCert: boolean }) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const given: Partial<Settings> = Object(dataset.value);
    const complain = (key: keyof Settings, message: string) => addIssue(issueAt(message, key));
    if (given.GRPC_TLS_KEY && !given.GRPC_TLS_CERT) complain("GRPC_TLS_CERT", "is required with GRPC_TLS_KEY");
    if (given.GRPC_TLS_CERT && !given.GRPC_TLS_KEY) complain("GRPC_TLS_KEY", "is required with GRPC_TLS_CERT");
    if (needsCert && given.GRPC_TLS_CA && !given.GRPC_TLS_CERT)
      complain("GRPC_TLS_CERT", "is required with GRPC_TLS_CA");
  });

/** The files that are configured; undefined when TLS is not. */
export function tlsFiles({ GRPC_TLS_CERT, GRPC_TLS_KEY, GRPC_TLS_CA }: Settings): TlsFiles | undefined {
  const files = {
    ...(GRPC_TLS_CERT && GRPC_TLS_KEY && { GRPC_TLS_CERT, GRPC_TLS_KEY }),
    ...(GRPC_TLS_CA && { GRPC_TLS_CA }),
  };
  return Object.keys(files).length > 0 ? files : undefined;
}
