import { expect, test } from "vitest";
import { networkOf } from "./network-of.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:2::", "2001:db8:1:2"],
  ["2001:0db8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:db8::1:2:3:4:5", "2001:db8:0:1"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["64:ff9b::192.0.2.7", "64:ff9b:0:0"],
  ["::2", "0:0:0:0"],
])("%s stands for %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", undefined, "", "/run/socket"])(
  "%s is this machine, or no address",
  (address) => {
    expect(networkOf(address)).toBeUndefined();
  },
);
