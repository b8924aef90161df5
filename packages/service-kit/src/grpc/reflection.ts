import type { Server } from "@grpc/grpc-js";
import { descriptorFiles } from "@leasehold/contracts";

/**
 * Adds `grpc.reflection.v1` and `v1alpha`, so that tools can ask a server what it serves.
 * @param services full names of the services to tell of
 */
export async function addReflection(server: Server, services: readonly string[]): Promise<void> {
  const { ReflectionService } = await import("@grpc/reflection"); // a development tool: not loaded otherwise
  const fileDescriptorProtos = [...(await descriptorFiles())];
  // The service reads the files alone; an entry of any kind carries them.
  const format = "Protocol Buffer 3 EnumDescriptorProto";
  const contract = { format, type: {}, fileDescriptorProtos } as const;
  new ReflectionService({ contract }, { services: [...services] }).addToServer(server);
}
