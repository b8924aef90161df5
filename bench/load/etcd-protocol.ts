/*
 * The few messages that leases of etcd take, as its API reference describes them:
 * LeaseGrantRequest { int64 TTL = 1; int64 ID = 2 }, LeaseGrantResponse { …; int64 ID = 2; int64 TTL = 3; string error = 4 },
 * LeaseKeepAliveRequest { int64 ID = 1 }, LeaseKeepAliveResponse { …; int64 ID = 2; int64 TTL = 3 }, whose TTL is 0 if the
 * lease is gone, LeaseRevokeRequest { int64 ID = 1 }.
 */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { grpcMessage } from "./frames.ts";
import type { BeatAnswer, Protocol } from "./protocol.ts";

const SERVICE = "/etcdserverpb.Lease";
const FIELD = { id: 2, ttl: 3, error: 4 } as const;

const RENEWED: BeatAnswer = { renewed: 1, lost: 0, undecided: 0 };
const LOST: BeatAnswer = { renewed: 0, lost: 1, undecided: 0 };

/** @param ttlSeconds of every lease */
export function etcdProtocol(ttlSeconds: number): Protocol {
  const grant = grpcMessage(new BinaryWriter().uint32(8).int64(ttlSeconds).finish());
  const withId = (id: Buffer) => {
    const writer = new BinaryWriter().uint32(8).int64(id.readBigInt64BE());
    return grpcMessage(writer.finish());
  };
  const answered = (body: Buffer) => (readLease(body).ttl > 0n ? RENEWED : LOST);
  return {
    paths: {
      acquire: `${SERVICE}/LeaseGrant`,
      renew: `${SERVICE}/LeaseKeepAlive`,
      release: `${SERVICE}/LeaseRevoke`,
      stream: `${SERVICE}/LeaseKeepAlive`,
    },
    opening: undefined,
    timeout: "2S",
    acquire: () => ({ id: Buffer.alloc(0), message: grant }),
    granted: (_call, body) => {
      const { id, ttl } = readLease(body);
      if (ttl <= 0n) throw new Error("etcd granted no lease");
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(id);
      return { id: bytes, token: Buffer.alloc(0) };
    },
    renew: ({ id }) => withId(id),
    renewed: answered,
    release: ({ id }) => withId(id),
    beats: ([lease, ...more]) => {
      if (lease === undefined || more.length > 0)
        throw new RangeError("a message of etcd renews one lease");
      return withId(lease.id);
    },
    answered,
  };
}

function readLease(body: Buffer): { readonly id: bigint; readonly ttl: bigint } {
  const reader = new BinaryReader(body);
  let [id, ttl] = [0n, 0n];
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === FIELD.error) throw new Error(`etcd: ${reader.string()}`);
    if (wire === WireType.Varint && field === FIELD.id) id = BigInt(reader.int64());
    else if (wire === WireType.Varint && field === FIELD.ttl) ttl = BigInt(reader.int64());
    else reader.skip(wire);
  }
  return { id, ttl };
}
