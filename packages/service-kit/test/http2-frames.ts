import { once } from "node:events";
import { connect, type Socket } from "node:net";

// HTTP/2 as no library would send it: frames by hand (RFC 9113), headers without compression (RFC 7541, 6.2.2).

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
const SETTINGS = 4;
export const PING = 6;
export const CONTINUATION = 9;

export const END_STREAM = 1;
export const END_HEADERS = 4;

/** One frame. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A block of headers, each as it is, its bytes one a character. */
export function headerBlock(headers: readonly (readonly [name: string, value: string])[]): Buffer {
  const literal = (text: string) => Buffer.concat([lengthOf(text), Buffer.from(text, "latin1")]);
  return Buffer.concat(
    headers.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]),
  );
}

/** An integer with a prefix of seven bits. */
function lengthOf({ length }: string): Buffer {
  if (length < 127) return Buffer.of(length);
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest = rest >>> 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The headers of a call of gRPC. */
export function callHeaders(
  path: string,
  others: Readonly<Record<string, string>> = {},
): readonly (readonly [string, string])[] {
  return [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "localhost"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
    ...Object.entries(others),
  ];
}

/** What is sent to begin a call without a body yet. */
export function beginCall(
  stream: number,
  path: string,
  others: Readonly<Record<string, string>> = {},
): Buffer {
  return frame(HEADERS, END_HEADERS, stream, headerBlock(callHeaders(path, others)));
}

/** Whether there is a frame for a stream in what was received: an answer, or the stream's end. */
export function answered(received: Buffer, stream: number): boolean {
  for (let at = 0; at + FRAME_HEAD <= received.length;) {
    if (received.readUInt32BE(at + 5) === stream) return true;
    at += FRAME_HEAD + received.readUIntBE(at, 3);
  }
  return false;
}

/** Bytes: length, type, flags, stream. */
const FRAME_HEAD = 9;

/** A setting: its number and its value. */
export type Setting = readonly [id: number, value: number];

/** A frame of settings. */
export function settings(...values: readonly Setting[]): Buffer {
  const payload = Buffer.alloc(values.length * 6);
  values.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  });
  return frame(SETTINGS, 0, 0, payload);
}

/** A connection of a caller who keeps to no rule. */
export interface RawConnection extends Disposable {
  /** Sends bytes, as fast as they are taken. Does nothing once the server has closed. */
  send(bytes: Uint8Array): Promise<void>;
  /** Whether the server has closed it. */
  readonly closed: boolean;
  /** All that the server has sent. */
  received(): Buffer;
}

/** Connects, with the preface and these settings. */
export async function rawConnection(
  address: string,
  ...given: readonly Setting[]
): Promise<RawConnection> {
  const [host = "", port = ""] = address.split(":");
  const socket = connect(Number(port), host);
  await once(socket, "connect");
  return overSocket(socket, settings(...given));
}

function overSocket(socket: Socket, first: Buffer): RawConnection {
  const got: Buffer[] = [];
  let closed = false;
  socket.on("data", (bytes: Buffer) => {
    if (got.length < 1_000) got.push(bytes);
  });
  socket.on("error", () => undefined);
  socket.on("close", () => (closed = true));
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(first);
  return {
    get closed() {
      return closed;
    },
    received: () => Buffer.concat(got),
    send: async (bytes) => {
      if (closed) return;
      await new Promise<void>((resolve) => {
        socket.once("close", resolve);
        socket.write(bytes, () => {
          socket.off("close", resolve);
          resolve();
        });
      });
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
