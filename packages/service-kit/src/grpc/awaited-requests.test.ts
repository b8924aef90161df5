import { expect, test } from "vitest";
import { awaitedRequests } from "./awaited-requests.ts";

test("so many of one network are awaited, and another as soon as one of them is there", () => {
  const requests = awaitedRequests(2);
  const first = requests.await("192.0.2.1");
  expect(requests.await("192.0.2.1")).toBeDefined();
  expect(requests.await("192.0.2.1")).toBeUndefined();
  first?.();
  expect(requests.await("192.0.2.1")).toBeDefined();
  expect(requests.await("192.0.2.1")).toBeUndefined();
});

test("a request that is there twice makes room for one", () => {
  const requests = awaitedRequests(2);
  const first = requests.await("192.0.2.1");
  requests.await("192.0.2.1");
  first?.();
  first?.();
  expect(requests.await("192.0.2.1")).toBeDefined();
  expect(requests.await("192.0.2.1")).toBeUndefined();
});

test("networks are counted apart, 64 bits of IPv6 as one, and what has no address as one", () => {
  const requests = awaitedRequests(1);
  for (const address of ["192.0.2.1", "192.0.2.2", "2001:db8::1", "127.0.0.1", undefined])
    expect(requests.await(address)).toBeDefined();
  for (const address of ["192.0.2.1", "2001:db8::2", "127.0.0.1", undefined])
    expect(requests.await(address)).toBeUndefined();
});
