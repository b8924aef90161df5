import { MessageReader } from "./frames.ts";

/** The connection of a call. */
interface Carrier {
  /** Sends what a call has, as far as the windows let it. */
  pump(call: LoadCall): void;
  cancel(call: LoadCall): void;
}

/** Who hears of a call. */
export interface CallListener {
  /** A message, without its prefix; a view that holds only until the return. */
  message(body: Buffer): void;
  /** With the status of gRPC, once. */
  ended(status: number): void;
}

const REOPEN_BYTES = 2 ** 30;

/** One call, of whatever kind: a stream of HTTP/2. */
export class LoadCall {
  readonly stream: number;
  readonly listener: CallListener;
  /** How many bytes the server takes. */
  window: number;
  readonly #connection: Carrier;
  readonly #messages = new MessageReader();
  #unsent: Buffer[] = [];
  #isClosing = false;
  #received = 0;

  constructor(connection: Carrier, stream: number, listener: CallListener, window: number) {
    this.#connection = connection;
    this.stream = stream;
    this.listener = listener;
    this.window = window;
  }

  /** @param message with its prefix. @param isLast whether the client's side is over then */
  send(message: Buffer, isLast: boolean): void {
    this.#unsent.push(message);
    this.#isClosing = isLast;
    this.#connection.pump(this);
  }

  cancel(): void {
    this.#connection.cancel(this);
  }

  get waits(): boolean {
    return this.#unsent.length > 0;
  }

  /** The next piece of what is to be sent, no longer than the room. */
  take(room: number): { readonly data: Buffer; readonly isLast: boolean } | undefined {
    const [first] = this.#unsent;
    if (first === undefined || room <= 0) return undefined;
    const data = first.length <= room ? first : first.subarray(0, room);
    if (data === first) this.#unsent.shift();
    else this.#unsent[0] = first.subarray(room);
    this.window -= data.length;
    return { data, isLast: this.#isClosing && this.#unsent.length === 0 };
  }

  /** @returns whether the window of the call is to be opened again */
  received(data: Buffer): boolean {
    this.#messages.read(data, (body) => this.listener.message(body));
    this.#received += data.length;
    if (this.#received < REOPEN_BYTES) return false;
    this.#received -= REOPEN_BYTES;
    return true;
  }
}
