import { DetailedError, Upload } from "tus-js-client";
import { ApiFault } from "#client/client.ts";

type File = ConstructorParameters<typeof Upload>[0];

export type UploadOptions = {
  /** The address of the control plane; empty: the origin of the page. */
  server: string;
  apiKey: string | undefined;
  /** What the file is called. */
  name: string;
  signal?: AbortSignal;
  /** Told how many bytes are sent, and of how many. */
  onProgress(sent: number, total: number): void;
};

/** An upload that is whole: what orders call it, and what removes it where no job will read it. */
export type Uploaded = { inputUrl: string; remove(): Promise<void> };

// After a lost line, for a minute and more; it begins anew with every byte that arrives.
const retryDelays = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

/**
 * Uploads a file by tus, over lost lines; a page that is opened again goes on where it was. Throws an ApiFault when the service
 * refuses it or stays away.
 */
export function uploadFile(file: File, { server, apiKey, name, signal, onProgress }: UploadOptions): Promise<Uploaded> {
  const { promise, resolve, reject } = Promise.withResolvers<Uploaded>();
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const upload = new Upload(file, {
    endpoint: `${server.replace(/\/+$/, "")}/api/v1/uploads`,
    ...{ headers, retryDelays, onProgress, metadata: { filename: name }, removeFingerprintOnSuccess: true },
    onError: (error) => reject(faultIn(error)),
    onSuccess() {
      const url = upload.url ?? "";
      resolve({
        inputUrl: `upload:${url.split("/").at(-1)}`,
        remove: () => Upload.terminate(url, { headers, retryDelays }),
      });
    },
  });
  signal?.addEventListener("abort", () => {
    void upload.abort();
    reject(signal.reason);
  });
  upload
    .findPreviousUploads()
    .then(([previous]) => {
      if (previous) upload.resumeFromPreviousUpload(previous);
      if (!signal?.aborted) upload.start();
    })
    .catch(reject);
  return promise;
}

/** What the service says of an upload that it does not take. */
function faultIn(error: Error): Error {
  const response = error instanceof DetailedError ? error.originalResponse : undefined;
  if (!response)
    return new ApiFault("unreachable", "the upload broke off, and the service does not answer", { cause: error });
  const status = response.getStatus();
  if (status === 404 && !response.getHeader("tus-resumable"))
    return new ApiFault("invalid", "the service takes no uploads: set UPLOAD_STORAGE there", {
      cause: error,
      status,
    });
  const problem = problemIn(response.getBody());
  const { kind = status >= 500 ? "unreachable" : "internal", detail = `the service answered ${status}` } = problem;
  return new ApiFault(kind, detail, { ...problem, cause: error, status });
}

function problemIn(text: string): Partial<{ kind: ApiFault["kind"]; detail: string }> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
