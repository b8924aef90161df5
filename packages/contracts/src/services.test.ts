import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { descriptorFiles } from "./descriptor-files.ts";
import { SERVICES } from "./services.ts";

test("every service of the contract is among the services, once", async () => {
  const files = await descriptorFiles();
  expect(SERVICES.map(({ fullName }) => fullName).toSorted()).toEqual(
    files.flatMap(servicesIn).toSorted(),
  );
});

/** Full names of the services of a `FileDescriptorProto`. */
function servicesIn(file: Uint8Array): readonly string[] {
  const [, packageName = [], , , , services = []] = fields(file);
  return services.map((service) => {
    const [name = []] = fields(service);
    return `${text(packageName[0])}.${text(name[0])}`;
  });
}

/** The length-delimited fields of a message, by number from 1. */
function fields(message: Uint8Array): readonly (readonly Uint8Array[] | undefined)[] {
  const found: Uint8Array[][] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === WireType.LengthDelimited) (found[number - 1] ??= []).push(reader.bytes());
    else reader.skip(type);
  }
  return found;
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
