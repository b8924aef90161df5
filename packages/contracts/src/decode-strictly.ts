import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { MessageCodec } from "./definitions.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes a message of which nothing is known. Unlike a codec's own decoding it refuses text that
 * is not UTF-8, instead of putting other characters in its place: two texts must never become one.
 * @throws Error if the bytes are no message of the type
 */
export function decodeStrictly<Message>(codec: MessageCodec<Message>, bytes: Buffer): Message {
  const usual = codec.decodeUsual?.(bytes);
  if (usual !== undefined) return usual;
  return codec.decode(new BinaryReader(bytes, (text) => UTF8.decode(text)));
}
