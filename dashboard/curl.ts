/** The curl command that posts an order. The API key stays a shell variable: it must not get into the clipboard. */
export function curlOf(order: object, origin: string, hasKey: boolean): string {
  const lines = [
    `curl -X POST ${quoted(`${origin}/api/v1/jobs`)}`,
    ...(hasKey ? ['-H "Authorization: Bearer $FLUX_API_KEY"'] : []),
    "-H 'Content-Type: application/json'",
    `-d ${quoted(JSON.stringify(order, null, 2))}`,
  ];
  return lines.join(" \\\n  ");
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
