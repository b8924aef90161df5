import { uuidBytes, type Uuid } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { leaseIdOf, leaseIdReader, licenseOfLeaseId } from "./lease-id.ts";

const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const OTHER = "018f0000-0000-7000-8000-000000000002" as Uuid;
const LEASE = "018f1111-1111-7111-9111-111111111111" as Uuid;

const read = leaseIdReader(LICENSE);
const bytes = (license: Uuid, lease: Uuid) => Buffer.concat([uuidBytes(license), uuidBytes(lease)]);

test("a lease id is its license and what the client made", () => {
  const reading = read(bytes(LICENSE, LEASE));
  if (reading.kind !== "lease") throw new Error(reading.kind);
  expect(reading.id.member).toBe("AY8RERERcRGREREREREREQ");
  expect(leaseIdOf(LICENSE, reading.id.member)).toEqual(reading.id);
});

test("a lease of another pool is told from one that is malformed, with its pool", () => {
  const given = bytes(OTHER, LEASE);
  const id = { bytes: given, member: "AY8RERERcRGREREREREREQ" };
  expect(read(given)).toEqual({ kind: "other-pool", pool: OTHER, id });
});

test.each([0, 16, 31, 33, 64])("%d bytes are no lease id", (length) => {
  expect(read(Buffer.alloc(length, 0x77)).kind).toBe("malformed");
});

test.each([
  ["version 4", "018f1111-1111-4111-9111-111111111111"],
  ["another variant", "018f1111-1111-7111-1111-111111111111"],
])("the client's part must not be of %s", (_, lease) => {
  expect(read(bytes(LICENSE, lease as Uuid)).kind).toBe("malformed");
});

test("a lease id of anybody's tells its license", () => {
  const given = bytes(OTHER, LEASE);
  expect(licenseOfLeaseId(given)).toEqual({
    license: OTHER,
    id: { bytes: given, member: "AY8RERERcRGREREREREREQ" },
  });
  for (const other of [Buffer.alloc(0), Buffer.alloc(31, 0x77), Buffer.alloc(32, 0x44)])
    expect(licenseOfLeaseId(other)).toBeUndefined();
});
