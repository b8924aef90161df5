import { assert, bigInt, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { isNetwork } from "./network.ts";

test.each([
  "192.0.2.0/24",
  "10.0.0.0/8",
  "0.0.0.0/0",
  "192.0.2.7/32",
  "2001:db8::/32",
  "::/0",
  "::1/128",
  "fe80::/10",
  "::ffff:192.0.2.0/120",
  "2001:db8:0:1:2:3:4:5/128",
])("%s is a network", (text) => {
  expect(isNetwork(text)).toBe(true);
});

test.each([
  ["a host's bits behind the prefix", "192.0.2.1/24"],
  ["no prefix", "192.0.2.0"],
  ["a prefix that is too long", "192.0.2.0/33"],
  ["a prefix of IPv6 that is too long", "::/129"],
  ["a leading zero", "192.0.2.0/024"],
  ["octal bytes", "010.0.0.0/8"],
  ["a zone", "fe80::1%eth0/128"],
  ["upper case", "2001:DB8::/32"],
  ["a name", "example.com/24"],
  ["host bits of IPv6", "2001:db8::1/32"],
  ["nothing", ""],
  ["a line end", "10.0.0.0/8\n"],
])("what has %s is no network", (_, text) => {
  expect(isNetwork(text)).toBe(false);
});

test("an IPv4 network is one whose address is zero behind the prefix", () => {
  const address = bigInt({ min: 0n, max: 2n ** 32n - 1n });
  assert(
    property(address, integer({ min: 0, max: 32 }), (value, prefix) => {
      const bytes = [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n);
      const isZero = value % 2n ** BigInt(32 - prefix) === 0n;
      expect(isNetwork(`${bytes.join(".")}/${prefix}`)).toBe(isZero);
    }),
  );
});
