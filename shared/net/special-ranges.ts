/**
 * Address ranges that are not the public internet, with the RFC that sets each aside: the IANA special-purpose
 * registries (RFC 6890, RFC 8190) for IPv4 and IPv6, multicast, and IPv6 forms that are deprecated or unassigned.
 */
export const specialRanges = [
  ["0.0.0.0/8", "this network, RFC 791"],
  ["10.0.0.0/8", "private use, RFC 1918"],
  ["100.64.0.0/10", "carrier-grade NAT, RFC 6598"],
  ["127.0.0.0/8", "loopback, RFC 1122"],
  ["169.254.0.0/16", "link-local, RFC 3927"],
  ["172.16.0.0/12", "private use, RFC 1918"],
  ["192.0.0.0/24", "protocol assignments, RFC 6890"],
  ["192.0.2.0/24", "documentation, RFC 5737"],
  ["192.31.196.0/24", "AS112, RFC 7535"],
  ["192.52.193.0/24", "AMT, RFC 7450"],
  ["192.88.99.0/24", "6to4 relay, RFC 7526"],
  ["192.168.0.0/16", "private use, RFC 1918"],
  ["192.175.48.0/24", "AS112, RFC 7534"],
  ["198.18.0.0/15", "benchmarking, RFC 2544"],
  ["198.51.100.0/24", "documentation, RFC 5737"],
  ["203.0.113.0/24", "documentation, RFC 5737"],
  ["224.0.0.0/4", "multicast, RFC 5771"],
  ["255.255.255.255/32", "broadcast, RFC 919"],
  ["240.0.0.0/4", "reserved, RFC 1112"],

  ["::/128", "unspecified, RFC 4291"],
  ["::1/128", "loopback, RFC 4291"],
  ["::/96", "IPv4-compatible, RFC 4291"],
  ["::ffff:0:0:0/96", "IPv4-translated, RFC 2765"],
  ["64:ff9b:1::/48", "local NAT64, RFC 8215"],
  ["100::/64", "discard, RFC 6666"],
  ["100:0:0:1::/64", "dummy prefix, RFC 9780"],
  ["2001::/32", "Teredo, RFC 4380"],
  ["2001:2::/48", "benchmarking, RFC 5180"],
  ["2001:3::/32", "AMT, RFC 7450"],
  ["2001:4:112::/48", "AS112, RFC 7535"],
  ["2001:10::/28", "ORCHID, RFC 4843"],
  ["2001:20::/28", "ORCHIDv2, RFC 7343"],
  ["2001:30::/28", "drone remote id, RFC 9374"],
  ["2001::/23", "protocol assignments, RFC 2928"],
  ["2001:db8::/32", "documentation, RFC 3849"],
  ["2002::/16", "6to4, RFC 3056"],
  ["2620:4f:8000::/48", "AS112, RFC 7534"],
  ["3fff::/20", "documentation, RFC 9637"],
  ["5f00::/16", "segment routing, RFC 9602"],
  ["fc00::/7", "unique local, RFC 4193"],
  ["fe80::/10", "link-local, RFC 4291"],
  ["fec0::/10", "site-local, RFC 3879"],
  ["ff00::/8", "multicast, RFC 4291"],
] as const;

/** The metadata services of clouds, where a machine can read about itself, including its secrets. */
export const metadataServices = [
  "169.254.169.254", // AWS, Google, Azure, Oracle, OpenStack, DigitalOcean and most others
  "169.254.170.2", // AWS ECS
  "169.254.170.23", // AWS EKS
  "169.254.42.42", // Scaleway
  "169.254.0.23", // Tencent
  "100.100.100.200", // Alibaba
  "168.63.129.16", // Azure's host
  "192.0.0.192", // Oracle
  "fd00:ec2::254", // AWS
  "fd00:ec2::23", // AWS EKS
  "fd20:ce::254", // Google
  "fd00:42::42", // Scaleway
  "fe80::a9fe:a9fe", // OpenStack
] as const;
