import type { ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";

/** How often connections are looked at, in milliseconds: one that stalls is found out after two to three times as long. */
const LOOK_MS = 2_000;

interface Watched {
  readonly session: ServerHttp2Session;
  readonly stream: Socket;
  readonly stalled: () => void;
  /** As of the last look: bytes that went either way, and whether more were to be sent. */
  moved: number;
  waited: boolean;
}

/**
 * Finds connections that have something to send, and neither send nor receive. Their peers read nothing, or are gone
 * without Node's having noticed: HTTP/2 stops to read while it writes, and where TLS is below, a peer that leaves at
 * that moment stops both for ever. The session cannot be closed or destroyed then, only its socket.
 */
export class StallWatch implements Disposable {
  readonly #watched = new Set<Watched>();
  readonly #timer = setInterval(() => this.#look(), LOOK_MS).unref();

  /** @param stream what the session reads from and writes to; @param stalled is to destroy it */
  watch(session: ServerHttp2Session, stream: Socket, stalled: () => void): void {
    const watched = { session, stream, stalled, moved: 0, waited: false };
    this.#watched.add(watched);
    stream.once("close", () => this.#watched.delete(watched));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const watched of this.#watched) {
      const { session, stream } = watched;
      const moved = stream.bytesRead + stream.bytesWritten;
      const waits = session.destroyed || (session.state.outboundQueueSize ?? 0) > 0;
      if (waits && watched.waited && moved === watched.moved) watched.stalled();
      watched.moved = moved;
      watched.waited = waits;
    }
  }
}
