import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { callHeaders, FLAG, FRAME, frame, hpack, PREFACE, settings } from "./frames.ts";

/** How a flood goes. All of it is bounded: connections, and steps of each. */
export interface Flood {
  readonly links: number;
  /** At most so many steps on one connection; once they are made, the connection stays open and silent. */
  readonly steps: number;
  /** Whether connections that were closed are made anew. */
  readonly returns?: boolean;
  /** Without transport security, even if the listener has it. */
  readonly bare?: boolean;
  /** What is sent at first. */
  readonly opening: (path: string) => Buffer;
  /** What is sent in each step, by its number. @returns `undefined` for a pause */
  readonly step: (number: number, path: string) => Buffer | undefined;
  /** What steps are counted as: frames unless told. */
  readonly unit?: string;
}

const BEGIN = Buffer.concat([PREFACE, settings()]);
const NOTHING = Buffer.alloc(0);
/** How long streams of one connection are numbered: odd, and never again. */
const stream = (number: number) => 2 * number + 1;

function headers(number: number, path: string, flags: number, more = {}): Buffer {
  return frame(FRAME.headers, flags, stream(number), callHeaders(path, more));
}

const begin = () => BEGIN;
const { endHeaders, endStream } = FLAG;
const BIG_VALUE = "x".repeat(12 * 1024);
const ZEROES = gzipSync(Buffer.alloc(48 * 1024 * 1024));
const BOMB = Buffer.concat([Buffer.of(1), lengthOf(ZEROES.length), ZEROES]);

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes >>> 0);
  return length;
}

/** A message of a request in DATA frames of a size that everybody takes. */
function data(number: number, bytes: Buffer, last: boolean): Buffer {
  const frames: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += 16_384) {
    const end = last && from + 16_384 >= bytes.length;
    frames.push(
      frame(FRAME.data, end ? endStream : 0, stream(number), bytes.subarray(from, from + 16_384)),
    );
  }
  return Buffer.concat(frames);
}

/** Floods by name. */
export const FLOODS: Readonly<Record<string, Flood>> = {
  rapidReset: {
    links: 20,
    steps: 4_000,
    returns: true,
    opening: begin,
    step: (at, path) =>
      Buffer.concat([
        headers(at, path, endHeaders),
        frame(FRAME.reset, 0, stream(at), lengthOf(8)),
      ]),
  },
  oneByteData: {
    links: 10,
    steps: 60_000,
    opening: (path) =>
      Buffer.concat([
        BEGIN,
        headers(0, path, endHeaders),
        frame(FRAME.data, 0, 1, Buffer.concat([Buffer.of(0), lengthOf(60_000)])),
      ]),
    step: () => frame(FRAME.data, 0, 1, Buffer.of(10)),
  },
  emptyData: {
    links: 10,
    steps: 40_000,
    returns: true,
    opening: (path) => Buffer.concat([BEGIN, headers(0, path, endHeaders)]),
    step: () => frame(FRAME.data, 0, 1),
  },
  streamsWithoutBody: {
    links: 30,
    steps: 250,
    opening: begin,
    step: (at, path) => headers(at, path, endHeaders),
  },
  streamsBeyondTheLimit: {
    links: 10,
    steps: 3_000,
    returns: true,
    opening: begin,
    step: (at, path) => headers(at, path, endHeaders),
  },
  hugeLengthPrefix: {
    links: 20,
    steps: 200,
    opening: begin,
    step: (at, path) =>
      Buffer.concat([
        headers(at, path, endHeaders),
        frame(FRAME.data, 0, stream(at), Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])),
      ]),
  },
  largeHeaders: {
    links: 20,
    steps: 500,
    returns: true,
    opening: begin,
    step: (at, path) => headers(at, path, endHeaders | endStream, { "x-large": BIG_VALUE }),
  },
  manyHeaders: {
    links: 20,
    steps: 500,
    returns: true,
    opening: begin,
    step: (at, path) => headers(at, path, endHeaders | endStream, MANY),
  },
  continuation: {
    links: 10,
    steps: 5_000,
    returns: true,
    opening: (path) => Buffer.concat([BEGIN, headers(0, path, 0)]),
    step: (at) => frame(FRAME.continuation, 0, 1, hpack({ [`x-${at}`]: "y".repeat(1_000) })),
  },
  settings: {
    links: 10,
    steps: 30_000,
    returns: true,
    opening: begin,
    step: (at) => settings([4, 65_535 + (at % 100)]),
  },
  ping: {
    links: 10,
    steps: 30_000,
    returns: true,
    opening: begin,
    step: () => frame(FRAME.ping, 0, 0, Buffer.alloc(8)),
  },
  windowUpdate: {
    links: 10,
    steps: 30_000,
    returns: true,
    opening: begin,
    step: () => frame(FRAME.windowUpdate, 0, 0, lengthOf(1)),
  },
  priority: {
    links: 10,
    steps: 30_000,
    returns: true,
    opening: begin,
    step: (at) =>
      frame(FRAME.priority, 0, stream(at), Buffer.concat([lengthOf(0), Buffer.of(255)])),
  },
  unknownFrames: {
    links: 10,
    steps: 20_000,
    returns: true,
    opening: begin,
    step: () => frame(0xee, 0xff, 0, Buffer.alloc(64)),
  },
  slowBodies: {
    links: 40,
    steps: 600,
    opening: (path) =>
      Buffer.concat([
        BEGIN,
        ...Array.from({ length: 50 }, (_, at) => headers(at, path, endHeaders)),
      ]),
    // A byte now and then, on each of the streams in turn.
    step: (at) =>
      at % 2 === 0 ? frame(FRAME.data, 0, stream((at / 2) % 50), Buffer.of(0)) : undefined,
  },
  readersWithoutWindow: {
    links: 20,
    steps: 100,
    opening: () => Buffer.concat([PREFACE, settings([4, 0])]),
    step: (at, path) =>
      Buffer.concat([
        headers(at, path, endHeaders),
        frame(FRAME.data, endStream, stream(at), Buffer.alloc(5)),
      ]),
  },
  gzipBombs: {
    links: 4,
    steps: 40,
    returns: true,
    opening: () => Buffer.concat([BEGIN, frame(FRAME.windowUpdate, 0, 0, lengthOf(1_000_000))]),
    step: (at, path) =>
      Buffer.concat([
        headers(at, path, endHeaders, { "grpc-encoding": "gzip" }),
        data(at, BOMB, true),
      ]),
  },
  calls: {
    links: 10,
    steps: 2_000,
    returns: true,
    opening: begin,
    step: (at, path) =>
      Buffer.concat([
        headers(at, path, endHeaders),
        frame(FRAME.data, endStream, stream(at), Buffer.alloc(5)),
      ]),
  },
  silentSockets: {
    links: 300,
    steps: 0,
    bare: true,
    opening: () => NOTHING,
    step: () => undefined,
    unit: "sockets",
  },
  halfPrefaces: {
    links: 300,
    steps: 0,
    opening: () => PREFACE.subarray(0, 10),
    step: () => undefined,
    unit: "sockets",
  },
  connections: {
    links: 20,
    steps: 1,
    returns: true,
    opening: begin,
    step: () => frame(FRAME.goaway, 0, 0, Buffer.alloc(8)),
  },
  noise: {
    links: 20,
    steps: 200,
    returns: true,
    opening: () => NOTHING,
    step: () => randomBytes(512),
  },
  noiseInFrames: {
    links: 20,
    steps: 500,
    returns: true,
    opening: begin,
    step: (at) => frame(at % 10, randomBytes(1)[0] ?? 0, stream(at % 50), randomBytes(at % 200)),
  },
};

const MANY = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`x-${at}`, "y"]));
