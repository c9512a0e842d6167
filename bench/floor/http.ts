/** The least that can answer HTTP: it listens on the port that is its argument. */
Bun.serve({ hostname: "127.0.0.1", port: Number(process.argv[2]), fetch: () => Response.json({ status: "ok" }) });
