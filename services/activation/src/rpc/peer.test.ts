import { expect, test } from "vitest";
import { peerOf } from "./peer.ts";

test.each([
  ["192.0.2.7:51234", "192.0.2.7"],
  ["::ffff:192.0.2.7:51234", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6:51234", "2001:db8:1:2::/64"],
  ["2001:db8::1:51234", "2001:db8:0:0::/64"],
  ["[2001:db8::1]:51234", "2001:db8:0:0::/64"],
  ["::1:51234", "0:0:0:0::/64"],
  ["fe80::1%eth0:51234", "fe80:0:0:0::/64"],
  ["unknown", "unknown"],
])("%s is counted as %s", (peer, network) => {
  expect(peerOf(peer).network).toBe(network);
});

test.each([
  ["192.0.2.7:1", ["192.0.2.0/24"], true],
  ["192.0.3.7:1", ["192.0.2.0/24"], false],
  ["192.0.3.7:1", ["192.0.2.0/24", "192.0.3.7/32"], true],
  ["::ffff:192.0.2.7:1", ["192.0.2.0/24"], true],
  ["192.0.2.7:1", ["0.0.0.0/0"], true],
  ["192.0.2.7:1", ["::/0"], false],
  ["2001:db8::1:1", ["2001:db8::/32"], true],
  ["2001:db9::1:1", ["2001:db8::/32", "0.0.0.0/0"], false],
  ["unknown", ["0.0.0.0/0", "::/0"], false],
])("%s is within %j: %s", (peer, networks, within) => {
  expect(peerOf(peer).isWithin(networks)).toBe(within);
});
