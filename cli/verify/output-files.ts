/** A certificate as it was found, of which nothing is to be believed, or why it cannot be read. */
export type FoundCertificate = { name: string; text: string } | { name: string; problem: string };

/** What became of the reading of a file: its SHA-256 in hex, that there is none, or why it cannot be read. */
export type Read = { sha256: string } | "missing" | { problem: string };

/** A file that lies there, by its relative path, or a folder that cannot be listed, and why. */
export type Listed = { path: string; problem?: string };

/** The files of an output, in a folder or below a URL. */
export type OutputFiles = {
  /** The certificates that lie there, read one after the other; none where that cannot be found out. */
  certificates(): AsyncIterable<FoundCertificate>;
  /** Reads the file at a relative path that was checked. */
  read(path: string): Promise<Read>;
  /** All files, certificates too; absent where they cannot be listed or others may lie beside the output. */
  list?(): Promise<Listed[]>;
  /** The one file that the user has named, by its relative path; absent: all of a certificate's files. */
  only?: string;
};

/** The most bytes that a certificate may have: that of 300,000 files is smaller. */
export const mostCertificateBytes = 64 * 2 ** 20;
