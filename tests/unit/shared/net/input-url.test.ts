import { expect, test } from "bun:test";
import * as v from "valibot";
import { cidrs } from "#shared/net/addresses.ts";
import { hostRules } from "#shared/net/hosts.ts";
import { checkedInputUrl } from "#shared/net/input-url.ts";

const rules = (allowed = "") => ({ schemes: ["https", "http"], allowedCidrs: v.parse(cidrs, allowed) });

test.each([
  "https://example.com/source.mp4?sig=a%20b#t=1",
  "HTTP://EXAMPLE.COM/",
  "https://user:secret@example.com/a.mp4",
  "http://8.8.8.8/",
  "http://134744072/",
  "http://[2606:4700::1111]:8080/",
  "https://b\u00fccher.example/a.mp4",
  "https://internal.example.com/",
  "https://localhost.example.com/",
  "https://mylocal/",
])("%s may be fetched", (text) => {
  expect(checkedInputUrl(text, rules()).href).toBe(new URL(text).href);
});

const isPrivate = "leads to a private address";
const isMetadata = "leads to a cloud's metadata service, which is never allowed";
const isLocal = "is a local name; ALLOWED_PRIVATE_CIDRS can allow its address";

test.each([
  ["", "is not a URL"],
  ["source.mp4", "is not a URL"],
  ["//example.com/a", "is not a URL"],
  ["http://", "is not a URL"],
  ["http://1.2.3.4.5/", "is not a URL"],
  ["http://[::1%25eth0]/", "is not a URL"],
  ["http://a%zz@example.com/", "holds a user or password with a stray % sign"],
  ["http://a:%ff@example.com/", "holds a user or password with a stray % sign"],
  ["file:///etc/passwd", "the scheme file is not allowed; use https or http"],
  ["ftp://example.com/a", "the scheme ftp is not allowed"],
  ["data:video/mp4;base64,AA", "the scheme data is not allowed"],
  ["gopher://127.0.0.1:6379/_x", "the scheme gopher is not allowed"],
  ["concat:a|b", "the scheme concat is not allowed"],
  ["http://127.0.0.1/", `${isPrivate} (loopback, RFC 1122); ALLOWED_PRIVATE_CIDRS can allow it`],
  ["http://127.1/", isPrivate],
  ["http://0177.0.0.1/", isPrivate],
  ["http://0x7f.0.0.1/", isPrivate],
  ["http://0x7f000001/", isPrivate],
  ["http://2130706433/", isPrivate],
  ["http://0/", isPrivate],
  ["http://127.0.0.1./", isPrivate],
  ["http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/", isPrivate],
  ["http://127%2e0%2e0%2e1/", isPrivate],
  ["http:\\\\127.0.0.1\\a", isPrivate],
  ["http://example.com@127.0.0.1/", isPrivate],
  ["http://10.0.0.1/", isPrivate],
  ["http://[::1]/", isPrivate],
  ["http://[::]/", isPrivate],
  ["http://[::ffff:127.0.0.1]/", isPrivate],
  ["http://[::ffff:7f00:1]/", isPrivate],
  ["http://[fd00::1]/", isPrivate],
  ["http://[64:ff9b::10.0.0.1]/", isPrivate],
  ["http://169.254.169.254/latest/meta-data/", isMetadata],
  ["http://2852039166/", isMetadata],
  ["http://[::ffff:169.254.169.254]/", isMetadata],
  ["http://[fd00:ec2::254]/", isMetadata],
  ["http://metadata.google.internal/", isMetadata],
  ["http://METADATA.google.internal./", isMetadata],
  ["http://localhost/", `localhost ${isLocal}`],
  ["http://LOCALHOST.:8080/", `localhost ${isLocal}`],
  ["http://a.localhost/", `a.localhost ${isLocal}`],
  ["http://printer.local/", `printer.local ${isLocal}`],
  ["http://db.internal/", `db.internal ${isLocal}`],
  ["http://nas.home.arpa/", `nas.home.arpa ${isLocal}`],
])("%s is refused: %s", (text, message) => {
  expect(() => checkedInputUrl(text, rules())).toThrow(
    expect.objectContaining({
      kind: "invalid",
      message: expect.stringContaining(`input_url: ${message}`),
      fields: [{ field: "input_url", message: expect.stringContaining(message) }],
    }),
  );
});

test.each([
  ["http://localhost/", "127.0.0.0/8"],
  ["http://localhost/", "::1"],
  ["http://127.1/", "127.0.0.0/8"],
  ["http://[::ffff:127.0.0.1]/", "127.0.0.0/8"],
  ["http://printer.local/", "192.168.0.0/16"],
])("%s may be fetched where %s is allowed", (text, allowed) => {
  expect(checkedInputUrl(text, rules(allowed)).href).toBe(new URL(text).href);
});

test("localhost needs loopback to be allowed, not just any range", () => {
  expect(() => checkedInputUrl("http://localhost/", rules("10.0.0.0/8"))).toThrow(isLocal);
});

test.each(["http://169.254.169.254/", "http://metadata.google.internal/"])(
  "%s is refused whatever is allowed",
  (text) => {
    expect(() => checkedInputUrl(text, rules("0.0.0.0/0, ::/0"))).toThrow(isMetadata);
  },
);

test("says which schemes there are", () => {
  expect(() => checkedInputUrl("http://example.com/", { schemes: ["https"], allowedCidrs: [] })).toThrow(
    "input_url: the scheme http is not allowed; use https",
  );
});

test("refuses a URL that is too long", () => {
  expect(() => checkedInputUrl(`https://example.com/${"a".repeat(8192)}`, rules())).toThrow(
    "input_url: is longer than 8192 characters",
  );
});

test("refuses a host that the lists do not allow, however it is spelled", () => {
  const hosts = v.parse(hostRules, "*.example.com, !bad.example.com, 8.8.8.8");
  const check = (url: string) => checkedInputUrl(url, { ...rules(), hosts }).href;
  expect(check("http://A.example.com./")).toBe("http://a.example.com./");
  expect(check("http://0x08080808/")).toBe("http://8.8.8.8/");
  for (const url of ["http://BAD.example.com./", "http://example.com/", "http://8.8.4.4/", "http://[::1]/"]) {
    expect(() => check(url)).toThrow("input_url: is at a host that INPUT_HOSTS does not allow");
  }
});

test("leaves what is not of the web to who opens it", () => {
  const url = "s3://localhost/a.mp4";
  expect(checkedInputUrl(url, { schemes: ["s3"], allowedCidrs: [] }).href).toBe(url);
});
