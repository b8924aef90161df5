import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { MessageCodec } from "./definitions.ts";

// One for all, which keeps the memory of the largest message: a new one grows from nothing for each.
let writer = new BinaryWriter();

/**
 * Encodes a message.
 * @throws Error if a number is out of the range of its type
 */
export function encodeMessage<Message>(
  codec: Pick<MessageCodec<Message>, "encode">,
  message: Message,
): Uint8Array {
  try {
    return codec.encode(message, writer).finish();
  } catch (error) {
    // What was written of it must not go in front of the next one.
    writer = new BinaryWriter();
    throw error;
  }
}
