# syntax=docker/dockerfile:1
# docker build --target controlplane .    docker build --target worker .

# As package.json's packageManager. A compiled binary runs where it was made: the control plane on Alpine, the worker on
# Debian, whose C library its ffmpeg needs.
FROM oven/bun:1.4.5-alpine AS build-controlplane
WORKDIR /src
COPY package.json bun.lock ./
RUN --mount=type=cache,target=/var/cache/bun \
    BUN_INSTALL_CACHE_DIR=/var/cache/bun bun install --frozen-lockfile --production
COPY . .
RUN bun scripts/build.ts controlplane

FROM oven/bun:1.4.5-slim AS build-worker
WORKDIR /src
COPY package.json bun.lock ./
RUN --mount=type=cache,target=/var/cache/bun \
    BUN_INSTALL_CACHE_DIR=/var/cache/bun bun install --frozen-lockfile --production
COPY . .
RUN bun scripts/build.ts worker

# The ffmpeg and ffprobe that the tests run on, by version and hash (docs/adr/0012-the-images-ffmpeg.md).
FROM debian:13-slim AS ffmpeg
RUN apt-get update && apt-get install --assume-yes --no-install-recommends python3-pip
WORKDIR /src
COPY scripts/setup-ffmpeg scripts/newer-ffmpeg.txt scripts/
RUN XDG_CACHE_HOME=/opt scripts/setup-ffmpeg && mv /opt/flux-encoder/ffmpeg-*/bin /opt/ffmpeg

# libstdc++ is all that a compiled binary needs beside musl; ca-certificates are for callbacks, S3 and OAuth.
FROM alpine:3.22 AS controlplane
LABEL org.opencontainers.image.title="flux-encoder control plane" \
      org.opencontainers.image.description="REST and SSE in front of flux-encoder workers." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN apk add --no-cache ca-certificates libstdc++ \
    && adduser -D -H -u 10001 flux \
    && install -d -o flux -g flux /var/lib/flux /var/lib/flux/out /var/lib/flux/queue
WORKDIR /var/lib/flux
USER flux
STOPSIGNAL SIGTERM
COPY --from=build-controlplane /src/dist/controlplane /usr/local/bin/controlplane
ENV HOST=0.0.0.0 PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["controlplane", "healthcheck"]
ENTRYPOINT ["controlplane"]

# ffmpeg and ffprobe with their encoders are under the GPL.
FROM debian:13-slim AS worker
LABEL org.opencontainers.image.title="flux-encoder worker" \
      org.opencontainers.image.description="Encodes with ffmpeg and delivers to storage, one address a worker." \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-3.0-or-later"
# bubblewrap works where the container may make user namespaces; prlimit, flock and setpriv are there. Burned subtitles need
# fonts and what says where they are (fontconfig-config); nothing asks for Chinese, Japanese and Korean with serifs.
RUN apt-get update \
    && apt-get install --assume-yes --no-install-recommends bubblewrap ca-certificates \
        fontconfig-config fonts-noto-core fonts-noto-cjk \
    && rm /usr/share/fonts/opentype/noto/NotoSerifCJK-* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/flux --shell /usr/sbin/nologin flux \
    && install -d -o flux -g flux /var/lib/flux /var/lib/flux/jobs /var/lib/flux/out
COPY --from=ffmpeg /opt/ffmpeg/ /usr/local/bin/
# Its own fontconfig looks through all fonts where it finds no list of them, each time: here it writes that list.
RUN printf '[Script Info]\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:00.00,0:00:01.00,a\n' > /tmp/text.ass \
    && ffmpeg -v error -f lavfi -i color=s=64x64:d=1,ass=/tmp/text.ass -f null - \
    && rm /tmp/text.ass
COPY --from=build-worker /src/dist/worker /usr/local/bin/worker
WORKDIR /var/lib/flux
USER flux
STOPSIGNAL SIGTERM
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
ENTRYPOINT ["/bin/sh", "-c", "chown flux: \"$WORK_DIR\" && exec setpriv --reuid=flux --regid=flux --init-groups worker \"$@\"", "--"]
