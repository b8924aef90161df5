import type { Client, Metadata } from "@grpc/grpc-js";
import type { MethodDefinition } from "@leasehold/contracts";
import type { CalledMethod } from "./call.ts";

/** A method of a service as the transport needs it. */
export interface Transport {
  readonly grpc: Client;
  readonly called: CalledMethod;
  readonly definition: MethodDefinition;
  /** `/package.Service/Method`. */
  readonly path: string;
  /** The contract's deadline in milliseconds; `undefined` for a stream. */
  readonly deadlineMs: number | undefined;
  readonly serialize: (message: unknown) => Buffer;
  readonly deserialize: (bytes: Buffer) => unknown;
  /** New headers for one call. */
  readonly metadata: () => Metadata | Promise<Metadata>;
}
