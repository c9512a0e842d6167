import { expect, test } from "bun:test";
import * as v from "valibot";
import { hostRules, mayAsk } from "#shared/net/hosts.ts";

const rules = (text: string) => v.parse(hostRules, text);

test.each([
  ["a.example", "", true],
  ["example.com", "example.com", true],
  ["a.example.com", "example.com", false],
  ["a.example.com", "*.example.com", true],
  ["a.b.example.com", "*.example.com", true],
  ["example.com", "*.example.com", false],
  ["badexample.com", "*.example.com", false],
  ["example.com.evil.test", "*.example.com, example.com", false],
  ["b.test", "a.test, b.test", true],
  ["a.example.com", "!a.example.com", false],
  ["b.example.com", "!a.example.com", true],
  ["a.example.com", "*.example.com, !a.example.com", false],
  ["a.b.example.com", "!*.example.com", false],
  ["xn--bcher-kva.example", "BÜCHER.example.", true],
  ["8.8.8.8", "0x08080808", true],
  ["[2606:4700::1]", "[2606:4700:0::1]", true],
  ["8.8.4.4", "! 8.8.4.4", false],
])("%s under [%s]: %p", (host, text, expected) => {
  expect(mayAsk(host, rules(text))).toBe(expected);
});

test.each(["https://a.test", "a.test/x", "a.test:80", "*", "*.", "!", "a.*.test", "me@a.test", "a b", "::1", "[x]"])(
  "%s is refused by name",
  (entry) => {
    const { issues = [] } = v.safeParse(hostRules, `a.test, ${entry}`);
    expect(issues.map(({ message }) => message)).toEqual([
      `${entry} is not a host; write example.com, *.example.com or !bad.example.com`,
    ]);
  },
);
