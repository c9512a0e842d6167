/** The least that a compiled program can be: it listens on the port that is its argument. */
Bun.listen({ hostname: "127.0.0.1", port: Number(process.argv[2]), socket: { data() {} } });
