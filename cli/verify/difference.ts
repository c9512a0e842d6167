/** What is not as a certificate says. */
export type Difference = {
  /** What kind of difference it is, for programs. */
  kind:
    | "changed"
    | "missing"
    | "extra"
    | "unreadable"
    | "unknown_key"
    | "wrong_signature"
    | "bad_certificate"
    | "other_job";
  /** The file that it is about: its path in the output, or the name of the certificate. */
  file: string;
  /** What differs, for people. */
  message: string;
};
