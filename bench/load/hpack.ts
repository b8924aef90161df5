import { readHuffman } from "./hpack-huffman.ts";

/** A header: lower-case name, value. */
export type Header = readonly [name: string, value: string];

/** The entries of HPACK's static table (RFC 7541, appendix A) that a call of gRPC has a use for. */
const STATIC: ReadonlyMap<string, number> = new Map([
  [":method POST", 3],
  [":path /", 4],
  [":scheme http", 6],
  [":scheme https", 7],
  [":status 200", 8],
]);
const STATIC_NAMES: ReadonlyMap<string, number> = new Map([
  [":authority", 1],
  [":path", 4],
  ["content-type", 31],
  ["user-agent", 58],
]);
const STATIC_STATUS = 8;
const LAST_STATIC = 61;
/** What the protocol gives a table unless it is told otherwise; an entry counts 32 bytes more than it has. */
const TABLE_BYTES = 4_096;
const ENTRY_BYTES = 32;

/** Writes an integer behind a prefix of so many bits (RFC 7541, 5.1). */
export function writeInteger(out: number[], pattern: number, bits: number, value: number): void {
  const most = 2 ** bits - 1;
  if (value < most) {
    out.push(pattern | value);
    return;
  }
  out.push(pattern | most);
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
}

function writeText(out: number[], text: string): void {
  writeInteger(out, 0, 7, text.length);
  for (const byte of Buffer.from(text, "latin1")) out.push(byte);
}

/**
 * Encodes the headers of one connection as a client does that calls again and again: a header is sent in
 * full once, and by its place in the table afterwards, so that a certificate of 700 bytes costs one.
 */
export class HeaderEncoder {
  /** Newest first. */
  readonly #table: string[] = [];
  #bytes = 0;
  #changes = 0;
  readonly #known = new Map<readonly Header[], { readonly at: number; readonly block: Buffer }>();

  /** The same list, as long as it is the same object, costs one look-up. */
  encode(headers: readonly Header[]): Buffer {
    const known = this.#known.get(headers);
    if (known?.at === this.#changes) return known.block;
    const before = this.#changes;
    const out: number[] = [];
    for (const header of headers) this.#write(out, header);
    const block = Buffer.from(out);
    if (before === this.#changes) this.#known.set(headers, { at: before, block });
    else this.#known.clear(); // places have moved
    return block;
  }

  #write(out: number[], [name, value]: Header): void {
    const entry = `${name} ${value}`;
    const fixed = STATIC.get(entry);
    if (fixed !== undefined) return writeInteger(out, 0x80, 7, fixed);
    const place = this.#table.indexOf(entry);
    if (place >= 0) return writeInteger(out, 0x80, 7, LAST_STATIC + 1 + place);
    const fixedName = STATIC_NAMES.get(name) ?? 0;
    writeInteger(out, 0x40, 6, fixedName);
    if (fixedName === 0) writeText(out, name);
    writeText(out, value);
    this.#remember(entry);
  }

  #remember(entry: string): void {
    // The separating blank does not count.
    const sizeOf = (one: string) => one.length - 1 + ENTRY_BYTES;
    this.#changes += 1;
    this.#bytes += sizeOf(entry);
    this.#table.unshift(entry);
    while (this.#bytes > TABLE_BYTES) this.#bytes -= sizeOf(this.#table.pop() ?? "");
  }
}

/**
 * Reads a block of headers of a server that was told to keep no table (SETTINGS_HEADER_TABLE_SIZE 0).
 * @returns the headers that came with their names; of the static table only `:status`
 * @throws Error if the server refers to a table after all
 */
export function readHeaders(block: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const reader = new BlockReader(block);
  while (!reader.over) {
    const first = reader.peek();
    if (first >= 0x80) {
      const index = reader.integer(7);
      if (index > LAST_STATIC) throw new Error("a header of a table that should not be");
      if (index === STATIC_STATUS) headers.set(":status", "200");
    } else if (first >= 0x20 && first < 0x40) {
      reader.integer(5); // a new size of the table
    } else {
      const index = reader.integer(first >= 0x40 ? 6 : 4);
      const name = index === 0 ? reader.text() : `static-${index}`;
      const value = reader.text();
      if (index >= STATIC_STATUS && index <= 14) headers.set(":status", value ?? "");
      else if (name !== undefined) headers.set(name, value ?? "");
    }
  }
  return headers;
}

class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get over(): boolean {
    return this.#at >= this.#block.length;
  }

  peek(): number {
    return this.#block[this.#at] ?? 0;
  }

  integer(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  text(): string | undefined {
    const isHuffman = this.peek() >= 0x80;
    const length = this.integer(7);
    const bytes = this.#block.subarray(this.#at, this.#at + length);
    this.#at += length;
    return isHuffman ? readHuffman(bytes) : bytes.toString("latin1");
  }

  #byte(): number {
    const byte = this.#block[this.#at];
    if (byte === undefined) throw new Error("a block of headers that ends too early");
    this.#at += 1;
    return byte;
  }
}
