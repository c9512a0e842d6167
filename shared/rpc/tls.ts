import { createPrivateKey, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { type ChannelCredentials, experimental, type ServerCredentials } from "@grpc/grpc-js";
import { Fault } from "#shared/fault.ts";
import type { Log } from "#shared/log.ts";
import { watchFiles } from "#shared/watched-files.ts";

/** The files of TLS by the names of their settings; certificate and key go together. */
export type TlsFiles = { GRPC_TLS_CERT?: string; GRPC_TLS_KEY?: string; GRPC_TLS_CA?: string };

type Pem = { cert?: string | undefined; key?: string | undefined; ca?: string | undefined };

/**
 * The TLS credentials of a worker. With a CA, callers must have a certificate of it. Changed files apply to new
 * connections.
 */
export function serverTls(files: TlsFiles, log: Log): Disposable & { credentials: ServerCredentials } {
  const source = watched(files, log);
  const hasCa = files.GRPC_TLS_CA !== undefined;
  // Identity first, then CA: the d.ts of grpc-js 1.14 names the parameters the other way round.
  const credentials = experimental.createCertificateProviderServerCredentials(source, hasCa ? source : null, hasCa);
  return { credentials, [Symbol.dispose]: source[Symbol.dispose] };
}

/**
 * The TLS credentials of a control plane: the CA that it trusts, by default those of the system, and its own
 * certificate. Changed files apply to new connections.
 */
export function clientTls(files: TlsFiles, log: Log): Disposable & { credentials: ChannelCredentials } {
  const source = watched(files, log);
  const identity = files.GRPC_TLS_CERT === undefined ? null : source;
  const credentials = experimental.createCertificateProviderChannelCredentials(source, identity);
  return { credentials, [Symbol.dispose]: source[Symbol.dispose] };
}

function watched(files: TlsFiles, log: Log): Disposable & experimental.CertificateProvider {
  const settings = Object.keys(files);
  const source = watchFiles({
    files: { ...files },
    parse: (...texts) => checked(Object.fromEntries(settings.map((setting, at) => [setting, texts[at]]))),
    onChange(pem) {
      identity.notify(pem);
      ca.notify(pem);
    },
    log,
  });
  const latest = () => source.current;
  const identity = makeListeners(latest, ({ cert = "", key = "" }) => ({
    certificate: Buffer.from(cert),
    privateKey: Buffer.from(key),
  }));
  const ca = makeListeners(latest, ({ ca = rootCertificates.join("\n") }) => ({ caCertificate: Buffer.from(ca) }));
  return {
    addIdentityCertificateListener: identity.add,
    removeIdentityCertificateListener: identity.remove,
    addCaCertificateListener: ca.add,
    removeCaCertificateListener: ca.remove,
    [Symbol.dispose]: source[Symbol.dispose],
  };
}

/** The listeners of a certificate provider, which get each update, and soon after they are added the present one. */
function makeListeners<Update>(latest: () => Pem, updateOf: (pem: Pem) => Update) {
  const listeners = new Set<(update: Update) => void>();
  return {
    notify(pem: Pem) {
      for (const listener of listeners) listener(updateOf(pem));
    },
    add(listener: (update: Update) => void) {
      listeners.add(listener);
      process.nextTick(() => listener(updateOf(latest())));
    },
    remove: (listener: (update: Update) => void) => listeners.delete(listener),
  };
}

function checked({ GRPC_TLS_CERT: cert, GRPC_TLS_KEY: key, GRPC_TLS_CA: ca }: Record<string, string | undefined>): Pem {
  try {
    for (const text of [cert, ca]) if (text !== undefined) new X509Certificate(text);
    if (cert && key && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error("the key is not the certificate's");
  } catch (cause) {
    throw new Fault("invalid", "GRPC_TLS_CERT, GRPC_TLS_KEY or GRPC_TLS_CA: no usable certificate and key in PEM", {
      cause,
    });
  }
  return { cert, key, ca };
}
