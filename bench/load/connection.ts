import type { Socket } from "node:net";
import { type Endpoint, openSocket } from "./endpoint.ts";
import {
  contentOf,
  Flag,
  type Frame,
  frame,
  FRAME_BYTES,
  FrameReader,
  FrameType,
  PREFACE,
  readSettings,
  Setting,
  settingsFrame,
  windowFrame,
} from "./frames.ts";
import { type Header, HeaderEncoder, readHeaders } from "./hpack.ts";
import { LoadCall, type CallListener } from "./load-call.ts";

/** Receive windows are opened so wide that the generator never makes a server wait. */
const WIDE = 2 ** 31 - 1;
const FIRST_WINDOW = 65_535;
/** The connection's window is opened again after so many bytes. */
const REOPEN_BYTES = 2 ** 30;
const UNAVAILABLE = 14;
const CANCELLED = 1;
const UNKNOWN = 2;

/** One connection of HTTP/2 that does what calling servers of gRPC needs, and nothing else. */
export class Connection {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #headers = new HeaderEncoder();
  readonly #calls = new Map<number, LoadCall>();
  /** Calls whose data waits for a window. */
  readonly #blocked = new Set<LoadCall>();
  #outgoing: Buffer[] = [];
  #nextStream = 1;
  #window = FIRST_WINDOW;
  #callWindow = FIRST_WINDOW;
  #received = 0;
  #ended = false;
  /** Trailers of calls that went well are the same bytes again and again. */
  readonly #statuses = new Map<string, number>();
  #unfinished:
    | { readonly stream: number; readonly flags: number; readonly parts: Buffer[] }
    | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#reader.read(chunk, (one) => this.#take(one)));
    socket.on("error", () => {}); // its end is told as well
    socket.on("close", () => this.#end());
  }

  /** @throws Error if nobody answers */
  static async open(endpoint: Endpoint): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = openSocket(endpoint, resolve);
    socket.once("error", reject);
    await promise;
    const connection = new Connection(socket);
    const settings = settingsFrame([
      [Setting.HEADER_TABLE_SIZE, 0],
      [Setting.ENABLE_PUSH, 0],
      [Setting.INITIAL_WINDOW_SIZE, WIDE],
    ]);
    connection.#send(PREFACE, settings, windowFrame(0, WIDE - FIRST_WINDOW));
    return connection;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Begins a call. Its status is always told, once. */
  begin(headers: readonly Header[], listener: CallListener): LoadCall {
    const stream = this.#nextStream;
    this.#nextStream += 2;
    const call = new LoadCall(this, stream, listener, this.#callWindow);
    if (this.#ended) {
      queueMicrotask(() => listener.ended(UNAVAILABLE));
      return call;
    }
    this.#calls.set(stream, call);
    this.#send(frame(FrameType.HEADERS, Flag.END_HEADERS, stream, this.#headers.encode(headers)));
    return call;
  }

  /** Sends what a call has, as far as the windows let it. */
  pump(call: LoadCall): void {
    if (this.#ended || !this.#calls.has(call.stream)) return;
    for (;;) {
      const room = Math.min(FRAME_BYTES, this.#window, call.window);
      const next = call.take(room);
      if (next === undefined) break;
      this.#window -= next.data.length;
      this.#send(frame(FrameType.DATA, next.isLast ? Flag.END_STREAM : 0, call.stream, next.data));
    }
    if (call.waits) this.#blocked.add(call);
    else this.#blocked.delete(call);
  }

  cancel(call: LoadCall): void {
    if (!this.#calls.delete(call.stream)) return;
    this.#send(frame(FrameType.RST_STREAM, 0, call.stream, Buffer.from([0, 0, 0, 8])));
    call.listener.ended(CANCELLED);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** All that one turn of the event loop brings goes in one write. */
  #send(...frames: readonly Buffer[]): void {
    if (this.#outgoing.length === 0) setImmediate(() => this.#flush());
    this.#outgoing.push(...frames);
  }

  #flush(): void {
    const [first, ...more] = this.#outgoing;
    if (first === undefined) return;
    this.#socket.write(more.length === 0 ? first : Buffer.concat(this.#outgoing));
    this.#outgoing = [];
  }

  #take(one: Frame): void {
    switch (one.type) {
      case FrameType.DATA:
        return this.#takeData(one);
      case FrameType.HEADERS:
      case FrameType.CONTINUATION:
        return this.#takeHeaders(one);
      case FrameType.RST_STREAM:
        return this.#finish(one.stream, UNKNOWN);
      case FrameType.SETTINGS:
        return this.#takeSettings(one);
      case FrameType.PING:
        if (!(one.flags & Flag.ACK))
          this.#send(frame(FrameType.PING, Flag.ACK, 0, Buffer.from(one.payload)));
        return;
      case FrameType.WINDOW_UPDATE:
        return this.#takeWindow(one);
      default: // GOAWAY lets the calls go on that are open, and is followed by the end
    }
  }

  #takeData(one: Frame): void {
    this.#received += one.payload.length;
    if (this.#received >= REOPEN_BYTES) {
      this.#send(windowFrame(0, this.#received));
      this.#received = 0;
    }
    const call = this.#calls.get(one.stream);
    if (call === undefined) return;
    if (call.received(contentOf(one, false))) this.#send(windowFrame(one.stream, REOPEN_BYTES));
    if (one.flags & Flag.END_STREAM) this.#finish(one.stream, UNKNOWN); // no status came
  }

  #takeHeaders(one: Frame): void {
    const part = one.type === FrameType.HEADERS ? contentOf(one, true) : one.payload;
    const begun = this.#unfinished ?? { stream: one.stream, flags: one.flags, parts: [] };
    begun.parts.push(part);
    this.#unfinished = one.flags & Flag.END_HEADERS ? undefined : begun;
    // The headers before the messages tell nothing that the trailers do not.
    if (this.#unfinished || !(begun.flags & Flag.END_STREAM)) return;
    this.#finish(one.stream, this.#statusIn(Buffer.concat(begun.parts)));
  }

  #statusIn(block: Buffer): number {
    const key = block.toString("latin1");
    const known = this.#statuses.get(key);
    if (known !== undefined) return known;
    const told = readHeaders(block).get("grpc-status");
    const status = told === undefined ? UNKNOWN : Number(told);
    if (this.#statuses.size < 100) this.#statuses.set(key, status);
    return status;
  }

  #takeSettings(one: Frame): void {
    if (one.flags & Flag.ACK) return;
    this.#send(frame(FrameType.SETTINGS, Flag.ACK, 0, Buffer.alloc(0)));
    const size = readSettings(one).get(Setting.INITIAL_WINDOW_SIZE);
    if (size === undefined) return;
    for (const call of this.#calls.values()) call.window += size - this.#callWindow;
    this.#callWindow = size;
    this.#pumpBlocked();
  }

  #takeWindow({ stream, payload }: Frame): void {
    const bytes = payload.readUInt32BE() & 0x7fffffff;
    if (stream === 0) {
      this.#window += bytes;
      this.#pumpBlocked();
      return;
    }
    const call = this.#calls.get(stream);
    if (call === undefined) return;
    call.window += bytes;
    if (call.waits) this.pump(call);
  }

  #pumpBlocked(): void {
    // One that still waits is put at the end again, and must not be met twice.
    for (const call of Array.from(this.#blocked)) this.pump(call);
  }

  #finish(stream: number, status: number): void {
    const call = this.#calls.get(stream);
    if (call === undefined) return;
    this.#calls.delete(stream);
    this.#blocked.delete(call);
    call.listener.ended(status);
  }

  #end(): void {
    this.#ended = true;
    for (const stream of this.#calls.keys()) this.#finish(stream, UNAVAILABLE);
  }
}
