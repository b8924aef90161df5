import {
  create,
  createFileRegistry,
  type DescMessage,
  type DescService,
  fromBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import {
  activation,
  descriptorFiles,
  issuer,
  type MethodDefinition,
  methodRule,
  type MethodRule,
  seatBroker,
  type ServiceDefinition,
} from "@leasehold/contracts";

export type ServerName = "issuer" | "activation" | "seat-broker";

/** One method of the contract, with all that is known of it without asking anybody. */
export interface ContractMethod {
  readonly server: ServerName;
  readonly service: ServiceDefinition;
  /** As clients call it: `getLicense`. */
  readonly key: string;
  readonly definition: MethodDefinition;
  readonly rule: MethodRule;
  readonly input: DescMessage;
}

const CONTRACTS: Readonly<Record<ServerName, object>> = {
  issuer,
  activation,
  "seat-broker": seatBroker,
};

/**
 * Every method of the contract.
 * @throws Error if a service of the descriptors is not among them, or a method has no rule
 */
export async function contractMethods(): Promise<readonly ContractMethod[]> {
  const descriptors = await describedServices();
  const methods = Object.entries(CONTRACTS).flatMap(([server, contract]) =>
    servicesOf(contract).flatMap((service) =>
      methodsOf(server as ServerName, service, descriptors.get(service.fullName)),
    ),
  );
  const covered = new Set(methods.map(({ service }) => service.fullName));
  const missing = [...descriptors.keys()].filter((name) => !covered.has(name));
  if (missing.length > 0) throw new Error(`no server is known for ${missing.join(", ")}`);
  return methods;
}

function methodsOf(
  server: ServerName,
  service: ServiceDefinition,
  descriptor: DescService | undefined,
): readonly ContractMethod[] {
  return Object.entries(service.methods).map(([key, definition]) => {
    const rule = methodRule(definition);
    const input = descriptor?.method[key]?.input;
    if (!rule || !input) throw new Error(`${service.fullName}.${key} has no rule`);
    return { server, service, key, definition, rule, input };
  });
}

function servicesOf(contract: object): readonly ServiceDefinition[] {
  return Object.values(contract).flatMap((exported: object) =>
    "methods" in exported ? [exported as ServiceDefinition] : [],
  );
}

async function describedServices(): Promise<ReadonlyMap<string, DescService>> {
  const file = (await descriptorFiles()).map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  const services = new Map<string, DescService>();
  for (const type of createFileRegistry(create(FileDescriptorSetSchema, { file })))
    if (type.kind === "service" && type.typeName.startsWith("leasehold."))
      services.set(type.typeName, type);
  return services;
}
