import { expect, test } from "vitest";
import { formatVendorFile, parseVendorFile, sealPublicKeyOf } from "./index.ts";

const VENDOR = {
  deployment: "licenses.example.com",
  trustRoot: new Uint8Array(32).fill(1),
  sealKey: sealPublicKeyOf(new Uint8Array(32).fill(3)),
};

test("a vendor file gives back the deployment and its two public keys", () => {
  const file = formatVendorFile(VENDOR);
  expect(file).toMatch(
    /^# Leasehold vendor file\n# Deployment: licenses\.example\.com\n# Root key: /,
  );
  expect(parseVendorFile(file.replaceAll("\n", "\r\n"))).toMatchObject({
    kind: "parsed",
    ...VENDOR,
  });
});

test.each<[string, (plain: string) => string, string]>([
  ["doubled", (plain) => plain + plain, "doubled"],
  ["no vendor file", (plain) => plain.replaceAll("VENDOR", "LICENSE"), "no-block"],
  ["spoilt", (plain) => plain.replace(/(BEGIN.*\n)./, "$1#"), "malformed"],
  ["too large", (plain) => plain + "\n".repeat(4_096), "too-large"],
])("one that is %s is refused", (_, spoil, fault) => {
  expect(parseVendorFile(spoil(formatVendorFile(VENDOR)))).toEqual({ kind: "refused", fault });
});

test("keys of other lengths are not written", () => {
  expect(() => formatVendorFile({ ...VENDOR, sealKey: new Uint8Array(31) })).toThrow(RangeError);
});
