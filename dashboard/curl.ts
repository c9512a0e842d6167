/** The request that posts an order, as one would type it. The key stays a variable: it is for no clipboard. */
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
