import { randomBytes } from "node:crypto";
import { seatBroker } from "@leasehold/contracts";
import { type Uuid, uuidBytes } from "@leasehold/kernel";
import { grpcMessage } from "./frames.ts";
import type { BeatAnswer, HeldLease, Protocol } from "./protocol.ts";

const SERVICE = `/${seatBroker.SeatBrokerServiceDefinition.fullName}`;
/** Of the request's bytes: gRPC's prefix, then tag and length of the first field. */
const LEASE_ID_AT = 7;
const MEMBER_AT = LEASE_ID_AT + 16;
const LEASE_ID_BYTES = 32;
/** Tag, length and content of a renewal's lease id, then the tag of its outcome. */
const OUTCOME_AT = 35;
const RENEWALS_TAG = 0x12;
const UNARY_RENEWALS_TAG = 0x0a;
const SEQ_TAG = 0x08;

/** What a license's clients say to a seat-broker, and to whatever answers in its place. */
export function leaseholdProtocol(license: Uuid): Protocol {
  const template = grpcMessage(
    seatBroker.AcquireSeatRequest.encode({
      leaseId: Buffer.concat([uuidBytes(license), Buffer.alloc(16)]),
      holder: {
        installation: "",
        user: "ada.lovelace@engines.example",
        host: "difference-17.engines.example",
        process: "48213",
        applicationVersion: "4.2.1",
        serverVersion: "",
      },
      claim: undefined,
    }).finish(),
  );
  const own = randomBytes(16);
  let made = 0;
  const beat = ({ id, token }: HeldLease) => ({ leaseId: id, token });
  return {
    paths: {
      acquire: `${SERVICE}/AcquireSeat`,
      renew: `${SERVICE}/RenewSeats`,
      release: `${SERVICE}/ReleaseSeat`,
      stream: `${SERVICE}/KeepAlive`,
    },
    opening: grpcMessage(seatBroker.KeepAliveRequest.encode({ seq: 1n, heartbeats: [] }).finish()),
    timeout: "2S",
    acquire: () => {
      const message = Buffer.from(template);
      own.copy(message, MEMBER_AT);
      message.writeUInt32BE((made += 1), MEMBER_AT + 12);
      message[MEMBER_AT + 6] = 0x70 | ((message[MEMBER_AT + 6] ?? 0) & 0x0f);
      message[MEMBER_AT + 8] = 0x80 | ((message[MEMBER_AT + 8] ?? 0) & 0x3f);
      return { message, id: message.subarray(LEASE_ID_AT, LEASE_ID_AT + LEASE_ID_BYTES) };
    },
    granted: ({ id }, body) => {
      const { lease } = seatBroker.AcquireSeatResponse.decode(body);
      if (!lease) throw new Error("no lease was granted");
      // Copies: what was read and sent is not to be kept in memory for them.
      return { id: Buffer.from(id), token: Buffer.from(lease.token) };
    },
    renew: (lease) =>
      grpcMessage(seatBroker.RenewSeatsRequest.encode({ heartbeats: [beat(lease)] }).finish()),
    renewed: (body) => countOutcomes(body, 0, UNARY_RENEWALS_TAG),
    release: ({ id }) =>
      grpcMessage(seatBroker.ReleaseSeatRequest.encode({ leaseId: id }).finish()),
    beats: (leases) =>
      grpcMessage(
        seatBroker.KeepAliveRequest.encode({ seq: 1n, heartbeats: leases.map(beat) }).finish(),
      ),
    // Events have no number, and all answers have that of the prepared messages.
    answered: (body) => (body[0] === SEQ_TAG ? countOutcomes(body, 2, RENEWALS_TAG) : undefined),
  };
}

/** Looks at the outcome of each renewal, and at nothing else of it: reading all would cost more than sending. */
function countOutcomes(body: Buffer, from: number, tag: number): BeatAnswer {
  const counts = { renewed: 0, lost: 0, undecided: 0 };
  let at = from;
  while (at < body.length) {
    if (body[at] !== tag) throw new Error("an answer of another shape");
    let length = 0;
    let shift = 0;
    for (at += 1; ; at += 1, shift += 7) {
      const byte = body[at] ?? 0;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += 1;
    const outcome = body[at + OUTCOME_AT];
    if (outcome === seatBroker.RenewalOutcome.RENEWED) counts.renewed += 1;
    else if (outcome === seatBroker.RenewalOutcome.RETRY) counts.undecided += 1;
    else counts.lost += 1;
    at += length;
  }
  return counts;
}
