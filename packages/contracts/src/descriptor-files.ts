import { readFile } from "node:fs/promises";
import { BinaryReader } from "@bufbuild/protobuf/wire";

/**
 * The files of the contract and what they import, each an encoded
 * `google.protobuf.FileDescriptorProto`: what tools ask a server for.
 */
export async function descriptorFiles(): Promise<readonly Buffer[]> {
  const reader = new BinaryReader(await readFile(new URL("../contract.binpb", import.meta.url)));
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.tag(); // `file`, the only field of a descriptor set
    files.push(Buffer.from(reader.bytes()));
  }
  return files;
}
