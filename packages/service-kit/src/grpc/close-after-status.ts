import { constants, type ServerHttp2Stream } from "node:http2";

/** How long a caller may take to stop sending, and to read what was sent before its status, in milliseconds. */
const SENDING_MS = 1_000;
const READING_MS = 5_000;

/**
 * Closes the stream of a call that has its status. Callers that go on sending, or do not read what
 * is there for them, would keep it and all that it holds.
 */
export function closeAfterStatus(stream: ServerHttp2Stream): void {
  if (stream.closed || (stream.readableEnded && stream.writableLength === 0)) return;
  const ms = stream.writableLength > 0 ? READING_MS : SENDING_MS;
  const timer = setTimeout(() => {
    const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL } = constants;
    stream.close(stream.writableFinished ? NGHTTP2_NO_ERROR : NGHTTP2_CANCEL);
  }, ms).unref();
  stream.once("close", () => clearTimeout(timer));
}
