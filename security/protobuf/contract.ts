import type { DescMessage } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import {
  activation,
  descriptorFiles,
  issuer,
  type MethodDefinition,
  seatBroker,
  type ServiceDefinition,
} from "@leasehold/contracts";

/** Which service process serves it. */
export type ServiceKind = "issuer" | "activation" | "seat-broker";

/** A method of the contract, and its request as a message that can be made. */
export interface ContractMethod {
  readonly kind: ServiceKind;
  readonly service: ServiceDefinition;
  /** As the client spells it: `issueLicense`. */
  readonly key: string;
  readonly method: MethodDefinition;
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly input: DescMessage;
}

const NAMESPACES = { issuer, activation, "seat-broker": seatBroker } as const;

/** Every method of every service of the contract. */
export async function contractMethods(): Promise<readonly ContractMethod[]> {
  const files = (await descriptorFiles()).map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files }));
  return Object.entries(NAMESPACES).flatMap(([kind, exported]) =>
    Object.values(exported)
      .filter((value): value is ServiceDefinition => isService(value))
      .flatMap((service) => {
        const described = registry.getService(service.fullName);
        return Object.entries(service.methods).map(([key, method]): ContractMethod => {
          const input = described?.methods.find(({ name }) => name === method.name)?.input;
          if (input === undefined) throw new Error(`${service.fullName} has no ${method.name}`);
          const path = `/${service.fullName}/${method.name}`;
          return { kind: kind as ServiceKind, service, key, method, path, input };
        });
      }),
  );
}

function isService(value: unknown): boolean {
  return typeof value === "object" && value !== null && "fullName" in value && "methods" in value;
}
