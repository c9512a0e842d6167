import { invalidField } from "#shared/fault.ts";

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use; choose another",
  EACCES: "is not for this user; choose one above 1023",
};

/** Throws the error that kept a server from listening, as a fault of this setting when the port is the reason. */
export const throwListenFault =
  (setting: string, { host, port }: { host: string; port: number }) =>
  (error: unknown): never => {
    // gRPC names the code only in its message.
    const { code = "", message = "" } = Object(error);
    const why = words[/\bE[A-Z]+\b/.exec(`${code} ${message}`)?.[0] ?? ""];
    throw why === undefined ? error : invalidField(setting, `${host}:${port} ${why}`);
  };
