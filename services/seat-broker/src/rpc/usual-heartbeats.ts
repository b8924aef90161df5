import { type MessageCodec, seatBroker } from "@leasehold/contracts";

// Tags of KeepAliveRequest and of its Heartbeat.
const SEQ = 0x08;
const HEARTBEATS = 0x12;
const LEASE_ID = 0x0a;
const TOKEN = 0x12;

/** Beyond this a number of 64 bits is left to the codec: so many bytes of 7 bits are a number of 28. */
const MOST_BYTES_OF_SEQ = 4;
/** Lengths are below 2^14: no heartbeat is as long. */
const LONG = 0x80;

/**
 * The codec of KeepAliveRequest, which reads a message at once where it is as clients write it: its number, then heartbeats,
 * each a lease id and a token. It is what a seat-broker reads most, and so it is read without a copy of any of it.
 */
export const KeepAliveRequest: MessageCodec<seatBroker.KeepAliveRequest> = {
  ...seatBroker.KeepAliveRequest,
  decodeUsual: (bytes) => new Reading(bytes).request(),
};

class Reading {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  request(): seatBroker.KeepAliveRequest | undefined {
    const seq = this.#next(SEQ) ? this.#seq() : 0;
    if (seq === undefined) return undefined;
    const heartbeats: seatBroker.Heartbeat[] = [];
    while (this.#at < this.#bytes.length) {
      const heartbeat = this.#next(HEARTBEATS) ? this.#heartbeat() : undefined;
      if (!heartbeat) return undefined;
      heartbeats.push(heartbeat);
    }
    return { seq: BigInt(seq), heartbeats };
  }

  #heartbeat(): seatBroker.Heartbeat | undefined {
    const length = this.#length();
    const end = length === undefined ? Number.POSITIVE_INFINITY : this.#at + length;
    if (end > this.#bytes.length) return undefined;
    const leaseId = this.#next(LEASE_ID) ? this.#part(end) : undefined;
    const token = leaseId && this.#next(TOKEN) ? this.#part(end) : undefined;
    return leaseId && token && this.#at === end ? { leaseId, token } : undefined;
  }

  /** Whether this tag is next: then it is passed. */
  #next(tag: number): boolean {
    if (this.#bytes[this.#at] !== tag) return false;
    this.#at += 1;
    return true;
  }

  #seq(): number | undefined {
    let seq = 0;
    for (let index = 0; index < MOST_BYTES_OF_SEQ; index += 1) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) return undefined;
      seq |= (byte & 0x7f) << (7 * index);
      if (byte < LONG) return seq;
    }
    return undefined;
  }

  #length(): number | undefined {
    const first = this.#bytes[this.#at++];
    if (first === undefined || first < LONG) return first;
    const second = this.#bytes[this.#at++];
    if (second === undefined || second >= LONG) return undefined;
    return (first & 0x7f) | (second << 7);
  }

  /** Bytes behind their length, which must be over by `end`. */
  #part(end: number): Buffer | undefined {
    const length = this.#length();
    if (length === undefined || this.#at + length > end) return undefined;
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }
}
