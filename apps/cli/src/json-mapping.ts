import {
  create,
  createFileRegistry,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptorFiles } from "@leasehold/contracts";
import type { MethodPath } from "./command.ts";
import { withLongNames, withShortNames } from "./enum-names.ts";
import { isObject, type JsonObject } from "./json.ts";
import { serverOf, SERVERS } from "./servers.ts";
import { UsageError } from "./usage-error.ts";

/** The JSON mapping of protobuf, as the contract's descriptors have it; enums go by their short names. */
export class JsonMapping {
  readonly #registry: FileRegistry;

  private constructor(registry: FileRegistry) {
    this.#registry = registry;
  }

  static async open(): Promise<JsonMapping> {
    const file = (await descriptorFiles()).map((bytes) =>
      fromBinary(FileDescriptorProtoSchema, bytes),
    );
    return new JsonMapping(createFileRegistry(create(FileDescriptorSetSchema, { file })));
  }

  /** The descriptor of a method. */
  method(path: MethodPath): DescMethod {
    const [service = "", name = ""] = path.split(".");
    const { contract } = SERVERS[serverOf(path)];
    const found = this.#registry.getService(`${contract}.${service}`)?.method[name];
    if (!found) throw new RangeError(`the contract has no ${path}`);
    return found;
  }

  /**
   * A request on the wire.
   * @throws UsageError if the JSON is none of it.
   */
  encodeRequest(path: MethodPath, json: JsonObject): Uint8Array {
    const { input } = this.method(path);
    try {
      const message = fromJson(input, withLongNames(input, json) as JsonValue);
      return toBinary(input, message);
    } catch (thrown) {
      if (thrown instanceof UsageError) throw thrown;
      throw new UsageError(whatIsWrong(thrown));
    }
  }

  /** A response from the wire: every field that has a value or a default. */
  decodeResponse(path: MethodPath, bytes: Uint8Array): JsonObject {
    const { output } = this.method(path);
    const json = toJson(output, fromBinary(output, bytes), { alwaysEmitImplicit: true });
    const short = withShortNames(output, json);
    return isObject(short) ? short : {};
  }
}

/** In fewer words than the library has for it. */
function whatIsWrong(thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const [, field, why] = /field leasehold\.[\w.]*?\.?([\w]+) from JSON: (.*)$/.exec(said) ?? [];
  return field === undefined ? said : `${field} cannot be ${why}`;
}
