import { describe, expect, it } from "vitest";
import { type Header, HeaderEncoder, readHeaders, writeInteger } from "./hpack.ts";
import { readHuffman } from "./hpack-huffman.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

// The examples are those of RFC 7541, appendix C.
describe("integers of HPACK", () => {
  it.each([
    [10, 5, [0x0a]],
    [1_337, 5, [0x1f, 0x9a, 0x0a]],
    [42, 8, [0x2a]],
  ])("are written as the standard's examples are: %i", (value, bits, bytes) => {
    const out: number[] = [];
    writeInteger(out, 0, bits, value);
    expect(out).toEqual(bytes);
  });
});

describe("the Huffman code", () => {
  it.each([
    ["f1e3 c2e5 f23a 6ba0 ab90 f4ff", "www.example.com"],
    ["a8eb 1064 9cbf", "no-cache"],
    ["25a8 49e9 5ba9 7d7f", "custom-key"],
    ["25a8 49e9 5bb8 e8b4 bf", "custom-value"],
    ["d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff", "Mon, 21 Oct 2013 20:13:21 GMT"],
  ])("reads the standard's example %s", (code, text) => {
    expect(readHuffman(hex(code))).toBe(text);
  });

  it("does not guess at symbols that it does not know", () => {
    expect(readHuffman(hex("ff ff ff ff"))).toBeUndefined();
  });
});

describe("headers that are read", () => {
  it("come plain, by Huffman's code, and beside entries of the static table", () => {
    const status = Buffer.from([0x00, 11, ...Buffer.from("grpc-status"), 1, ...Buffer.from("0")]);
    const huffman = Buffer.concat([hex("00 88 25a8 49e9 5ba9 7d7f 89 25a8 49e9 5bb8 e8b4 bf")]);
    const headers = readHeaders(Buffer.concat([hex("20 88"), status, huffman]));
    expect(headers.get(":status")).toBe("200");
    expect(headers.get("grpc-status")).toBe("0");
    expect(headers.get("custom-key")).toBe("custom-value");
  });

  it("may not refer to a table that was forbidden", () => {
    expect(() => readHeaders(hex("be"))).toThrow("should not be");
  });

  it("must be there in full", () => {
    expect(() => readHeaders(hex("7f"))).toThrow("too early");
  });
});

describe("headers that are written", () => {
  const headers: readonly Header[] = [
    [":method", "POST"],
    [":path", "/leasehold.seatbroker.v1.SeatBrokerService/AcquireSeat"],
    ["lh-proof", "x".repeat(500)],
  ];

  it("are sent in full once, and by their places afterwards", () => {
    const encoder = new HeaderEncoder();
    expect(encoder.encode(headers).length).toBeGreaterThan(550);
    expect([...encoder.encode(headers)]).toEqual([0x83, 0x80 | 63, 0x80 | 62]);
    expect(encoder.encode(headers)).toBe(encoder.encode(headers));
  });

  it("keep their right places when others come in between", () => {
    const encoder = new HeaderEncoder();
    encoder.encode(headers);
    encoder.encode(headers);
    encoder.encode([["lh-proof", "another"]]);
    expect([...encoder.encode(headers)]).toEqual([0x83, 0x80 | 64, 0x80 | 63]);
  });

  it("are sent in full again once the table has dropped them", () => {
    const encoder = new HeaderEncoder();
    encoder.encode(headers);
    encoder.encode([["filler", "y".repeat(3_900)]]);
    expect(encoder.encode(headers).length).toBeGreaterThan(550);
  });
});
