import { expect, test } from "vitest";
import { hostOf, isLoopback } from "./target-host.ts";

test.each([
  ["127.0.0.1:7401", "127.0.0.1"],
  ["issuer:7401", "issuer"],
  ["[::1]:7401", "::1"],
  ["dns:///broker.example.com:7403", "broker.example.com"],
  ["dns:broker.example.com:7403", "broker.example.com"],
  ["dns://10.0.0.10/broker.example.com", "broker.example.com"],
  ["ipv4:10.1.2.3:7403,10.1.2.4:7403", "10.1.2.3"],
])("the host of %s is %s", (target, host) => {
  expect(hostOf(target)).toBe(host);
});

test.each(["127.0.0.1", "127.9.9.9", "::1", "localhost"])("%s is this machine", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(["128.0.0.1", "127.0.0.1.example.com", "::", "0.0.0.0", "localhost.example.com", ""])(
  "%s is not",
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
