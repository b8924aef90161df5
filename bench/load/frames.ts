/** Kinds of frames (RFC 9113, 6). */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const Flag = { END_STREAM: 1, ACK: 1, END_HEADERS: 4, PADDED: 8, PRIORITY: 32 } as const;

export const Setting = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
} as const;

/** What a client says first. */
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
/** A frame is no longer, unless the receiver says otherwise. */
export const FRAME_BYTES = 16_384;
const HEAD_BYTES = 9;
/** In front of a message of gRPC: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;

/** One frame, whose payload is a view of what was read. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, HEAD_BYTES);
  return bytes;
}

export function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * settings.length);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, 6 * index);
    payload.writeUInt32BE(value, 6 * index + 2);
  }
  return frame(FrameType.SETTINGS, 0, 0, payload);
}

export function readSettings({ payload }: Frame): ReadonlyMap<number, number> {
  const settings = new Map<number, number>();
  for (let at = 0; at + 6 <= payload.length; at += 6)
    settings.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
  return settings;
}

export function windowFrame(stream: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frame(FrameType.WINDOW_UPDATE, 0, stream, payload);
}

/** What of a frame is its content, without padding and priority. */
export function contentOf({ flags, payload }: Frame, hasPriority: boolean): Buffer {
  const padding = flags & Flag.PADDED ? (payload[0] ?? 0) : 0;
  const from = (flags & Flag.PADDED ? 1 : 0) + (hasPriority && flags & Flag.PRIORITY ? 5 : 0);
  return payload.subarray(from, payload.length - padding);
}

/** Cuts what a connection brings into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  read(chunk: Buffer, take: (frame: Frame) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= HEAD_BYTES) {
      const end = at + HEAD_BYTES + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      const type = bytes[at + 3] ?? 0;
      const flags = bytes[at + 4] ?? 0;
      const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
      take({ type, flags, stream, payload: bytes.subarray(at + HEAD_BYTES, end) });
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** A message as gRPC sends it. */
export function grpcMessage(body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + body.length);
  bytes[0] = 0;
  bytes.writeUInt32BE(body.length, 1);
  bytes.set(body, PREFIX_BYTES);
  return bytes;
}

/** Cuts the data of a stream into messages of gRPC. */
export class MessageReader {
  #rest: Buffer | undefined;

  read(data: Buffer, take: (body: Buffer) => void): void {
    const bytes = this.#rest === undefined ? data : Buffer.concat([this.#rest, data]);
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const end = at + PREFIX_BYTES + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] !== 0) throw new Error("a compressed message");
      take(bytes.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    this.#rest = at === bytes.length ? undefined : bytes.subarray(at);
  }
}
