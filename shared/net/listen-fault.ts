import { invalidField } from "#shared/fault.ts";

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use; choose another",
  EACCES: "is not for this user; choose one above 1023",
};

/** Throws what kept a server from listening: as a fault of this setting when its port is why. */
export const throwListenFault =
  (setting: string, { host, port }: { host: string; port: number }) =>
  (error: unknown): never => {
    // gRPC tells the code in its message alone.
    const { code = "", message = "" } = Object(error);
    const why = words[/\bE[A-Z]+\b/.exec(`${code} ${message}`)?.[0] ?? ""];
    throw why === undefined ? error : invalidField(setting, `${host}:${port} ${why}`);
  };
