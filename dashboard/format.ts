const units = ["B", "kB", "MB", "GB", "TB"];

/** Formats a number of bytes in decimal units, as in `1.5 MB`. */
export function bytes(count: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  const value = count / 1_000 ** power;
  return `${value.toFixed(value >= 100 || power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Formats a duration, as in `340 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min` and `3 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}

/** Formats how long ago something was, as in `now`, `5 min`, `3 h` and `4 d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return "now";
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 * 2 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

export const bitrate = (bitsPerSecond: number) =>
  bitsPerSecond >= 1e6 ? `${(bitsPerSecond / 1e6).toFixed(1)} Mb/s` : `${Math.round(bitsPerSecond / 1e3)} kb/s`;

/** Formats the length of a film, as in `0:07`, `12:40` and `1:02:33`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The last part of the path of a URL, decoded for people; the host when there is no path. */
export function fileName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) return url;
  return decoded(parsed.pathname.split("/").filter(Boolean).at(-1) ?? parsed.host);
}

/** What of an order says where its source is, or its sources. */
type Sources = { input_url?: string | undefined; inputs?: readonly { url: string }[] | undefined };

/** Where an order's source is; of several that are joined, where the first one is. */
export const sourceUrl = ({ input_url = "", inputs = [] }: Sources): string => inputs[0]?.url ?? input_url;

/** Where all sources of an order are. */
export const sourceUrls = ({ input_url = "", inputs }: Sources): string[] =>
  inputs?.map(({ url }) => url) ?? [input_url];

/** What an order's source is called; of several that are joined the first one, and how many more there are. */
export const sourceName = (order: Sources): string => {
  const more = (order.inputs?.length ?? 1) - 1;
  return `${fileName(sourceUrl(order))}${more > 0 ? ` and ${more} more` : ""}`;
};

/** The folder that a URL's file lies in, decoded for people, with the slash at its end; the host where it lies in none. */
export function folderName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) return "";
  return `${decoded(parsed.pathname.split("/").filter(Boolean).at(-2) ?? parsed.host)}/`;
}

function decoded(part: string) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// RFC 9562, section 5.7: the first 48 bits of a UUID v7 are Unix milliseconds.
const uuidV7 = /([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When a job was made, in Unix milliseconds; undefined for an id that does not end in a UUID v7. */
export function timeOf(jobId: string): number | undefined {
  const [, high, low] = uuidV7.exec(jobId) ?? [];
  return high && low ? Number.parseInt(high + low, 16) : undefined;
}

/** Formats an amount with as many digits as say something, as in `0.0042`, `3.5` and `1,204`. */
export const amount = (value: number) =>
  value.toLocaleString("en-GB", value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
