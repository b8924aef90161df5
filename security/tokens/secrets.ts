import type { Uuid } from "@leasehold/kernel";
import { pageTokens } from "@leasehold/list-query";
import { formatChallenge, readChallenge } from "../../services/activation/src/domain/challenge.ts";
import { leaseIdOf } from "../../services/seat-broker/src/domain/lease-id.ts";
import { tokenKeys } from "../../services/seat-broker/src/domain/lease-token.ts";
import { pageTokens as seatPages } from "../../services/seat-broker/src/domain/page-token.ts";
import { ticketKeys } from "../../services/seat-broker/src/domain/wait-ticket.ts";
import type { Forged } from "./faults.ts";
import { NOW } from "./subject.ts";

/** Something that a server gave out and knows again, which is no token of the license format. */
export interface Secret {
  readonly kind: string;
  /** As text; bytes as one character each. */
  readonly token: string;
  readonly forged: readonly Forged[];
  accepts(text: string): Promise<boolean>;
}

const SECRET = Buffer.alloc(32, 7);
const OTHER_SECRET = Buffer.alloc(32, 8);
const LICENSE = "018f0000-0000-7000-8000-000000000001" as Uuid;
const INSTALLATION = "018f2222-2222-7222-8222-222222222222" as Uuid;
const STRANGER = "018f2222-2222-7222-8222-222222222223" as Uuid;
const ID = leaseIdOf(LICENSE, "AY8RERERcRGREREREREREQ");
const OTHER_ID = leaseIdOf(LICENSE, "AY8RERERcRGREREREREREA");
const FACTS = {
  fence: (7n << 32n) | 9n,
  epoch: 8,
  expiry: 1_900_000_000_123,
  claim: "2,,ops,dataflow",
};

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function bytes(told: string): Buffer {
  return Buffer.from(told, "latin1");
}

/** What the seat-broker and activation give out under keys that never leave them. */
export function macSecrets(): readonly Secret[] {
  const subject = { id: ID, installation: INSTALLATION };
  const others = [
    { id: OTHER_ID, installation: INSTALLATION },
    { id: ID, installation: STRANGER },
  ];
  const leases = tokenKeys([SECRET]);
  const tickets = ticketKeys([SECRET]);
  const place = { order: 12, seenAt: 1_900_000_000_000 };
  const challenge = { id: LICENSE, expireTime: NOW };
  return [
    {
      kind: "lease token",
      token: text(leases.mint(subject, FACTS)),
      forged: [
        ...others.map((other) => ({ fault: "ofAnother", token: text(leases.mint(other, FACTS)) })),
        { fault: "otherKey", token: text(tokenKeys([OTHER_SECRET]).mint(subject, FACTS)) },
        { fault: "ticket", token: text(tickets.mint(subject, place)) },
        { fault: "empty", token: "" },
        { fault: "giant", token: "\u0001".repeat(1_000_000) },
      ],
      accepts: async (told) => leases.read(subject, bytes(told)) !== undefined,
    },
    {
      kind: "wait ticket",
      token: text(tickets.mint(subject, place)),
      forged: [
        ...others.map((other) => ({ fault: "ofAnother", token: text(tickets.mint(other, place)) })),
        { fault: "otherKey", token: text(ticketKeys([OTHER_SECRET]).mint(subject, place)) },
        { fault: "leaseToken", token: text(leases.mint(subject, { ...FACTS, claim: "" })) },
      ],
      accepts: async (told) => tickets.read(subject, bytes(told)) !== undefined,
    },
    {
      kind: "challenge",
      token: text(formatChallenge([SECRET], challenge)),
      forged: [
        { fault: "otherKey", token: text(formatChallenge([OTHER_SECRET], challenge)) },
        { fault: "zeroes", token: "\0".repeat(57) },
      ],
      accepts: async (told) => readChallenge([SECRET], bytes(told)) !== undefined,
    },
    ...pages(),
  ];
}

function pages(): readonly Secret[] {
  const scope = { method: "ListLicenses", parent: `customers/${LICENSE}`, filter: "", order: "" };
  const lists = pageTokens(SECRET);
  const seats = seatPages(SECRET);
  const [name, other] = [`customers/a/licenses/${LICENSE}`, `customers/b/licenses/${LICENSE}`];
  const position = { expiry: 1_900_000_000_000, unit: "AY8RERERcRGREREREREREQ" };
  return [
    {
      kind: "page token",
      token: lists.write(scope, ["a", "b"]),
      forged: [
        { method: "ListCustomers" },
        { parent: `customers/${STRANGER}` },
        { filter: "state = ACTIVE" },
        { order: "name" },
      ].map((change) => ({
        fault: `other ${Object.keys(change).join()}`,
        token: lists.write({ ...scope, ...change }, ["a", "b"]),
      })),
      accepts: async (told) => lists.read(scope, told) !== undefined,
    },
    {
      kind: "page token of seats",
      token: seats.write(name, position),
      forged: [
        { fault: "ofAnother", token: seats.write(other, position) },
        { fault: "otherKey", token: seatPages(OTHER_SECRET).write(name, position) },
      ],
      accepts: async (told) => seats.read(name, told) !== undefined,
    },
  ];
}
