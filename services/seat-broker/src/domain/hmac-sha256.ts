import { hash } from "node:crypto";

/** How long a MAC is, in bytes. */
export const MAC_LENGTH = 32;

/** What SHA-256 takes at a time, in bytes. */
const BLOCK = 64;
/** Room for most messages, in bytes; it grows for longer ones. */
const ROOM = 1_024;

/**
 * HMAC-SHA-256 with one secret (RFC 2104), composed of two hashes. Node's own makes an object for each MAC, which takes
 * twice as long and is looked after by the collector. A message is put together between `begin` and `end`.
 */
export class HmacSha256 {
  readonly #outer = Buffer.alloc(BLOCK + MAC_LENGTH);
  /** Where each message begins, after the prefix. */
  readonly #begin: number;
  #inner = Buffer.alloc(BLOCK + ROOM);
  #end: number;
  /** What is hashed, as long as the last message was: most are of one length. */
  #message = Buffer.alloc(0);

  /** @param prefix what every message begins with, in ASCII */
  constructor(secret: Uint8Array, prefix = "") {
    const padded = Buffer.alloc(BLOCK);
    if (secret.length > BLOCK) padded.write(hash("sha256", secret, "binary"), "latin1");
    else padded.set(secret);
    this.#inner.set(padded.map((byte) => byte ^ 0x36));
    this.#outer.set(padded.map((byte) => byte ^ 0x5c));
    this.#end = BLOCK;
    this.text(prefix);
    this.#begin = this.#end;
  }

  begin(): this {
    this.#end = this.#begin;
    return this;
  }

  /** Goes on with text, a byte a character (`latin1`). */
  text(text: string): this {
    this.#reserve(text.length);
    this.#inner.write(text, this.#end, "latin1");
    this.#end += text.length;
    return this;
  }

  /** Goes on with bytes, from the first to before the last. */
  bytes(bytes: Uint8Array, from = 0, to = bytes.length): this {
    this.#reserve(to - from);
    const inner = this.#inner;
    let end = this.#end;
    // By hand: they are few, and a view of them would cost more than they do.
    for (let at = from; at < to; at += 1) inner[end++] = bytes[at] ?? 0;
    this.#end = end;
    return this;
  }

  /** @returns the MAC of the message, a byte a character (`latin1`) */
  end(): string {
    if (this.#message.length !== this.#end) this.#message = this.#inner.subarray(0, this.#end);
    this.#outer.write(hash("sha256", this.#message, "binary"), BLOCK, "latin1");
    return hash("sha256", this.#outer, "binary");
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#inner.length) return;
    const larger = Buffer.alloc(2 * (this.#end + length));
    larger.set(this.#inner.subarray(0, this.#end));
    this.#inner = larger;
    this.#message = Buffer.alloc(0);
  }
}
