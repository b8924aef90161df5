import type { Readable } from "node:stream";

/** A message may come in as many frames, whatever is in them. */
const FREE_FRAMES = 256;
/** Beyond, they must have this many bytes on average: each takes some 300 bytes of memory besides. */
const LEAST_BYTES = 256;

/** Watches over the frames that a request comes in. */
export interface RequestFrames {
  /** A message is complete: those after it are counted anew. */
  complete(): void;
}

/**
 * Watches a stream of request bytes. Frames that are many and next to empty fill the memory with
 * what is kept about them, so that `absurd` is called, once, and nothing more is kept.
 */
export function watchRequestFrames(stream: Readable, absurd: () => void): RequestFrames {
  const push = stream.push.bind(stream);
  let frames = 0;
  let bytes = 0;
  let over = false;
  stream.push = (chunk: Buffer | null, encoding) => {
    if (chunk === null) return push(chunk, encoding);
    if (over) return true;
    frames += 1;
    bytes += chunk.length;
    if (frames <= FREE_FRAMES || bytes >= frames * LEAST_BYTES) return push(chunk, encoding);
    over = true;
    absurd();
    return true;
  };
  return {
    complete: () => {
      frames = 0;
      bytes = 0;
    },
  };
}
