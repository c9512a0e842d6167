/** A request as curl makes it. */
export type CurlRequest = {
  method: string;
  /** With its origin. */
  url: string;
  /** Others than those of the key and of the body. */
  headers?: Readonly<Record<string, string>>;
  /** JSON; empty for none. */
  body?: string;
  /** Whether the service asks for a key. */
  hasKey: boolean;
};

/** The curl command of a request. The API key stays a shell variable: it must not get into the clipboard. */
export function curlFor({ method, url, headers = {}, body = "", hasKey }: CurlRequest): string {
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(url)}`,
    ...(hasKey ? ['-H "Authorization: Bearer $FLUX_API_KEY"'] : []),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body ? ["-H 'Content-Type: application/json'", `-d ${quoted(body)}`] : []),
  ];
  return lines.join(" \\\n  ");
}

/** The curl command that posts an order. */
export const curlOf = (order: object, origin: string, hasKey: boolean): string =>
  curlFor({ method: "POST", url: `${origin}/api/v1/jobs`, body: JSON.stringify(order, null, 2), hasKey });

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
