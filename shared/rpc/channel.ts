import type { ChannelOptions } from "@grpc/grpc-js";

const maxMessageBytes = 8 * 2 ** 20;

/** Options for both ends of each connection. Keepalive detects a frozen peer, which TCP alone does not. */
export const channelOptions = {
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5_000,
  // With the defaults of grpc-js a worker that has just started is found seconds late.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 500,
  "grpc.max_send_message_length": maxMessageBytes,
  "grpc.max_receive_message_length": maxMessageBytes,
  // Enough for following every job of a worker; a caller cannot make it hold more.
  "grpc.max_concurrent_streams": 2_000,
  // Each client has its own connection, so that closing the client ends its attempts to connect.
  "grpc.use_local_subchannel_pool": 1,
} satisfies ChannelOptions;
