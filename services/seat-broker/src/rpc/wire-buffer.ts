const ROOM = 16 * 1024;
/** Of a tag of one byte and a number of 64 bits. */
const MOST_OF_NUMBER = 11;

/** What a field of so many bytes takes, with its tag and its length; an empty one is left out. */
export function wireLength(bytes: number): number {
  return bytes === 0 ? 0 : 1 + numberLength(bytes) + bytes;
}

/** A protobuf message that is being written; its tags are of one byte. */
export class WireBuffer {
  #buffer = Buffer.allocUnsafeSlow(ROOM);
  #end = 0;

  get buffer(): Buffer {
    return this.#buffer;
  }

  begin(): void {
    this.#end = 0;
  }

  /** A field that is a number below 2^31, or the tag and the length of another one. */
  number(tag: number, value: number): void {
    this.#reserve(MOST_OF_NUMBER);
    const buffer = this.#buffer;
    let end = this.#end;
    buffer[end++] = tag;
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) buffer[end++] = (rest & 0x7f) | 0x80;
    buffer[end++] = rest;
    this.#end = end;
  }

  /** A field that is a number below 2^64. */
  bigNumber(tag: number, value: bigint): void {
    this.#reserve(MOST_OF_NUMBER);
    this.#buffer[this.#end++] = tag;
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#buffer[this.#end++] = Number(rest & 0x7fn) | 0x80;
    this.#buffer[this.#end++] = Number(rest);
  }

  /** A field of bytes; an empty one is left out. */
  bytes(tag: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.number(tag, bytes.length);
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /**
   * Keeps so many bytes free, for somebody else to write them.
   * @returns where in `buffer` they begin
   */
  take(length: number): number {
    this.#reserve(length);
    const at = this.#end;
    this.#end += length;
    return at;
  }

  /** @returns a copy of what was written since `begin` */
  end(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#end));
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#end + length));
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }
}

function numberLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) length += 1;
  return length;
}
