import { describe, expect, it } from "vitest";
import {
  contentOf,
  Flag,
  type Frame,
  frame,
  FrameReader,
  FrameType,
  grpcMessage,
  MessageReader,
  readSettings,
  Setting,
  settingsFrame,
  windowFrame,
} from "./frames.ts";

/** What a reader makes of chunks; copied, since payloads are views. */
function readAll(chunks: readonly Buffer[]): readonly Frame[] {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const chunk of chunks)
    reader.read(chunk, (one) => frames.push({ ...one, payload: Buffer.from(one.payload) }));
  return frames;
}

const data = frame(FrameType.DATA, Flag.END_STREAM, 7, Buffer.from("seat"));

describe("frames", () => {
  it("are read as they were written, however the bytes are cut", () => {
    const bytes = Buffer.concat([data, windowFrame(0, 65_535), data]);
    const whole = readAll([bytes]);
    expect(whole).toHaveLength(3);
    expect(whole[0]).toEqual({
      type: FrameType.DATA,
      flags: Flag.END_STREAM,
      stream: 7,
      payload: Buffer.from("seat"),
    });
    for (let cut = 1; cut < bytes.length; cut += 1)
      expect(readAll([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
  });

  it("are not told of before they are there in full", () => {
    expect(readAll([data.subarray(0, data.length - 1)])).toEqual([]);
  });

  it("carry settings", () => {
    const [read] = readAll([settingsFrame([[Setting.INITIAL_WINDOW_SIZE, 1_000_000]])]);
    expect(readSettings(read!)).toEqual(new Map([[Setting.INITIAL_WINDOW_SIZE, 1_000_000]]));
  });

  it("may be padded and have a priority", () => {
    const payload = Buffer.from([2, 0, 0, 0, 0, 9, 1, 2, 3, 0, 0]);
    const padded = {
      type: FrameType.HEADERS,
      flags: Flag.PADDED | Flag.PRIORITY,
      stream: 1,
      payload,
    };
    expect([...contentOf(padded, true)]).toEqual([1, 2, 3]);
  });
});

describe("messages of gRPC", () => {
  it("are read as they were written, however the data is cut", () => {
    const bytes = Buffer.concat(["one", "", "three"].map((text) => grpcMessage(Buffer.from(text))));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new MessageReader();
      const texts: string[] = [];
      for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)])
        reader.read(part, (body) => texts.push(body.toString()));
      expect(texts).toEqual(["one", "", "three"]);
    }
  });

  it("are not expected to be compressed", () => {
    const bytes = grpcMessage(Buffer.from("x"));
    bytes[0] = 1;
    expect(() => new MessageReader().read(bytes, () => {})).toThrow("compressed");
  });
});
