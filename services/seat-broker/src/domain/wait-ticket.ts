import { MAC_LENGTH } from "./hmac-sha256.ts";
import { type LeaseSubject, subjectMacs } from "./subject-macs.ts";

/** A place in a pool's queue. */
export interface Place {
  /** Who has the smaller one comes first. A whole number below 2^53. */
  readonly order: number;
  /** When it was known to be so, in milliseconds of Redis' clock. */
  readonly seenAt: number;
}

/** Makes and checks tickets: what a waiter shows to keep its place. */
export interface TicketKeys {
  mint(subject: LeaseSubject, place: Place): Buffer;
  /** The place, if the ticket is of this lease id and this installation and not tampered with. */
  read(subject: LeaseSubject, ticket: Uint8Array): Place | undefined;
}

// version 1 | order 7 | seen at 6 | HMAC-SHA-256 32
const VERSION = 1;
const FACTS_LENGTH = 14;
const LENGTH = FACTS_LENGTH + MAC_LENGTH;
const DOMAIN = "leasehold/wait-ticket/v1\0";

/** @param secrets newest first: the first signs, all of them verify. */
export function ticketKeys(secrets: readonly [Uint8Array, ...Uint8Array[]]): TicketKeys {
  const macs = subjectMacs(DOMAIN, secrets);
  return {
    mint: (subject, { order, seenAt }) => {
      const ticket = Buffer.alloc(LENGTH);
      ticket.writeUInt8(VERSION, 0);
      ticket.writeUInt8(Math.floor(order / 2 ** 48), 1);
      ticket.writeUIntBE(order % 2 ** 48, 2, 6);
      ticket.writeUIntBE(seenAt, 8, 6);
      macs.sign(subject, ticket, { from: 0, to: FACTS_LENGTH });
      return ticket;
    },
    read: (subject, ticket) => {
      if (ticket.length !== LENGTH || ticket[0] !== VERSION) return undefined;
      if (!macs.isGenuine(subject, ticket)) return undefined;
      const facts = Buffer.from(ticket.subarray(0, FACTS_LENGTH));
      const order = facts.readUInt8(1) * 2 ** 48 + facts.readUIntBE(2, 6);
      return { order, seenAt: facts.readUIntBE(8, 6) };
    },
  };
}
