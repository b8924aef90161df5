import { expect, test } from "vitest";
import type { Uuid } from "@leasehold/kernel";
import { leaseIdOf } from "./lease-id.ts";
import { ticketKeys } from "./wait-ticket.ts";

const LICENSE = "0190f5fe-7c00-7a00-8000-000000000001" as Uuid;
const id = leaseIdOf(LICENSE, "AZD1_nwAegCAAAAAAAAAAg");
const subject = { id, installation: "0190f5fe-7c00-7a00-8000-000000000003" as Uuid };
const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const keys = ticketKeys([newer, older]);

test.each([
  { order: 1, seenAt: 0 },
  { order: 2 ** 32 + 1, seenAt: 1_760_000_000_000 },
  { order: 2 ** 53 - 1, seenAt: 2 ** 48 - 1 },
])("a ticket tells the place $order, $seenAt again", (place) => {
  expect(keys.read(subject, keys.mint(subject, place))).toEqual(place);
});

test("a ticket made with an older key counts, one made with an unknown key does not", () => {
  const place = { order: 7, seenAt: 8 };
  expect(keys.read(subject, ticketKeys([older]).mint(subject, place))).toEqual(place);
  const stranger = ticketKeys([Buffer.alloc(32, 3)]);
  expect(keys.read(subject, stranger.mint(subject, place))).toBeUndefined();
});

test("a ticket is of one lease id and one installation", () => {
  const ticket = keys.mint(subject, { order: 7, seenAt: 8 });
  const other = leaseIdOf(LICENSE, "AZD1_nwAegCAAAAAAAAAAw");
  expect(keys.read({ ...subject, id: other }, ticket)).toBeUndefined();
  expect(keys.read({ ...subject, installation: LICENSE }, ticket)).toBeUndefined();
});

test("no ticket that was changed in one byte, shortened or lengthened counts", () => {
  const ticket = keys.mint(subject, { order: 7, seenAt: 8 });
  for (let i = 0; i < ticket.length; i += 1) {
    const changed = Buffer.from(ticket);
    changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
    expect(keys.read(subject, changed)).toBeUndefined();
  }
  expect(keys.read(subject, ticket.subarray(0, -1))).toBeUndefined();
  expect(keys.read(subject, Buffer.concat([ticket, Buffer.alloc(1)]))).toBeUndefined();
  expect(keys.read(subject, Buffer.alloc(0))).toBeUndefined();
});
