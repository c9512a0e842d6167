# syntax=docker/dockerfile:1
# docker build --target controlplane .    docker build --target worker .

# As package.json's packageManager; the Alpine image builds the musl binaries that Alpine runs.
FROM oven/bun:1.4.5-alpine AS build
WORKDIR /src
COPY package.json bun.lock ./
RUN --mount=type=cache,target=/var/cache/bun \
    BUN_INSTALL_CACHE_DIR=/var/cache/bun bun install --frozen-lockfile --production
COPY . .
RUN bun scripts/build.ts controlplane worker

# libstdc++ is all that a compiled binary needs beside musl; ca-certificates are for sources, callbacks and S3.
FROM alpine:3.22 AS base
RUN apk add --no-cache ca-certificates libstdc++ \
    && adduser -D -H -u 10001 flux \
    && install -d -o flux -g flux /var/lib/flux /var/lib/flux/jobs /var/lib/flux/out /var/lib/flux/queue
LABEL org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /var/lib/flux
USER flux
STOPSIGNAL SIGTERM

FROM base AS controlplane
LABEL org.opencontainers.image.title="flux-encoder control plane" \
      org.opencontainers.image.description="REST and SSE in front of flux-encoder workers."
COPY --from=build /src/dist/controlplane /usr/local/bin/controlplane
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["controlplane", "healthcheck"]
ENTRYPOINT ["controlplane"]

FROM base AS worker
LABEL org.opencontainers.image.title="flux-encoder worker" \
      org.opencontainers.image.description="Encodes with ffmpeg and delivers to storage, one address a worker."
USER root
# bubblewrap works where the container may make user namespaces; prlimit is in util-linux-misc, flock in BusyBox.
RUN apk add --no-cache ffmpeg bubblewrap util-linux-misc
USER flux
COPY --from=build /src/dist/worker /usr/local/bin/worker
# Listening beyond loopback needs TLS, or INSECURE_GRPC=true in a private network.
# A worker's JavaScript is no hot path: without the optimising compilers it starts as soon, and takes 4 % more memory than
# without any JIT compiler; but sources then come in at half the CPU time.
ENV GRPC_HOST=0.0.0.0 GRPC_PORT=50051 \
    BUN_JSC_useDFGJIT=0 \
    WORK_DIR=/var/lib/flux/jobs LOCAL_ROOT=/var/lib/flux/out
VOLUME ["/var/lib/flux/jobs", "/var/lib/flux/out"]
EXPOSE 50051
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["worker", "healthcheck"]
ENTRYPOINT ["worker"]

# For a volume that comes owned by root, as on Fly: it is handed over before the worker starts.
FROM worker AS worker-on-volume
USER root
RUN apk add --no-cache su-exec
ENTRYPOINT ["/bin/sh", "-c", "chown flux: \"$WORK_DIR\" && exec su-exec flux worker \"$@\"", "--"]
