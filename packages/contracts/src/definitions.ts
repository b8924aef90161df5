import type { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { DeepPartial } from "./gen/google/protobuf/duration.ts";

/** Makes, encodes and decodes one message type; what the generator makes of a `message`. */
export interface MessageCodec<T> {
  encode(message: T, writer?: BinaryWriter): BinaryWriter;
  decode(input: BinaryReader | Uint8Array, length?: number): T;
  /** Decodes a message that is written as usual, and has no text; `undefined` for any other, which is then left to `decode`. */
  decodeUsual?(bytes: Buffer): T | undefined;
  fromPartial(object: PartialMessage<T>): T;
}

/** A message of which fields may be left out, at any depth: they are as in an empty one. */
export type PartialMessage<T> = DeepPartial<T>;

/** One method of a service; what the generator makes of an `rpc`. */
export interface MethodDefinition<Request = unknown, Response = unknown> {
  readonly name: string;
  readonly requestType: MessageCodec<Request>;
  readonly requestStream: boolean;
  readonly responseType: MessageCodec<Response>;
  readonly responseStream: boolean;
  readonly options: {
    readonly idempotencyLevel?: "IDEMPOTENT" | "NO_SIDE_EFFECTS";
    /** Options that the generator does not know, by tag: the method's rule among them. */
    readonly _unknownFields?: { readonly [tag: number]: readonly Uint8Array[] };
  };
}

/** A service; what the generator makes of a `service`. */
export interface ServiceDefinition {
  readonly name: string;
  /** With its package, for example `leasehold.issuer.v1.IssuerService`. */
  readonly fullName: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a codec is invariant in its message, so only `any` admits every method
  readonly methods: { readonly [method: string]: MethodDefinition<any, any> };
}
