/** Preloaded, it ends a process that loads anything of OpenTelemetry. */
Bun.plugin({
  name: "without OpenTelemetry",
  setup(build) {
    build.onLoad({ filter: /node_modules\/@opentelemetry\// }, ({ path }) => {
      process.stderr.write(`loads ${path}\n`);
      process.exit(99);
    });
  },
});
