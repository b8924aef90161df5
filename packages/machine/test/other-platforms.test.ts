import { expect, test } from "vitest";
import { collectComponents, machineEvidence, type MachineSource } from "../src/index.ts";
import { machineKind } from "../src/rules/index.ts";

// What the programs print is taken from their documentation; nobody ran them for this.

function machineOf(
  platform: NodeJS.Platform,
  printed: (program: string, args: readonly string[]) => string | undefined,
): MachineSource {
  return {
    platform,
    environment: { SystemRoot: String.raw`C:\Windows` },
    hostname: "mill.local",
    addresses: ["a4:83:e7:01:02:03"],
    read: () => Promise.resolve({ kind: "absent" }),
    list: () => Promise.resolve([]),
    linkAt: () => Promise.resolve(undefined),
    run: (program, args) => Promise.resolve(printed(program, args)),
  };
}

const REGISTRY = `+-o J314cAP  <class IOPlatformExpertDevice, id 0x100000227>
    {
      "manufacturer" = <"Apple Inc.">
      "model" = <"MacBookPro18,3">
      "IOPlatformSerialNumber" = "C02ABC123DEF"
      "IOPlatformUUID" = "0E5D3C7B-5A3F-5B1E-8F7C-1A2B3C4D5E6F"
    }`;

function mac(virtual: boolean, registry = REGISTRY): MachineSource {
  return machineOf("darwin", (program, args) => {
    if (program === "/usr/sbin/ioreg") return registry;
    if (program === "/usr/sbin/diskutil")
      return "   Device Node: /dev/disk3s1\n   Volume UUID:  9A6B1B5C-0F2D-4B7E-8C1D-2E3F4A5B6C7D\n";
    return args.includes("kern.hv_vmm_present") ? (virtual ? "1" : "0") : "Apple M1 Pro";
  });
}

test("a Mac is told by its registry, its volume and its card", async () => {
  const { found } = await collectComponents(mac(false));
  expect(Object.fromEntries(found.map(({ name, value }) => [name, value]))).toEqual({
    "product-uuid": "0E5D3C7B-5A3F-5B1E-8F7C-1A2B3C4D5E6F",
    "board-serial": "C02ABC123DEF",
    "root-disk": "9A6B1B5C-0F2D-4B7E-8C1D-2E3F4A5B6C7D",
    mac: "a4:83:e7:01:02:03",
    cpu: "Apple M1 Pro",
    hostname: "mill.local",
  });
  expect(await machineEvidence(mac(false))).toMatchObject({
    vendor: "Apple Inc.",
    model: "MacBookPro18,3",
    hypervisor: "",
    hypervisorBit: false,
  });
});

test("a Mac in a monitor is virtual, whoever the monitor is", async () => {
  const evidence = await machineEvidence(mac(true));
  expect(evidence).toMatchObject({ hypervisor: "vm-other", hypervisorBit: true });
  expect(machineKind(evidence)).toBe("virtual");
  const apple = await machineEvidence(
    mac(true, REGISTRY.replace("MacBookPro18,3", "VirtualMac2,1")),
  );
  expect(apple.hypervisor).toBe("apple");
});

function windows(values: Readonly<Record<string, string>>): MachineSource {
  return machineOf("win32", (program, [verb, key, flag, name = ""]) => {
    expect([program, verb, flag]).toEqual([String.raw`C:\Windows\System32\reg.exe`, "query", "/v"]);
    const value = values[name];
    return value === undefined ? "" : `\r\n${key}\r\n    ${name}    REG_SZ    ${value}\r\n\r\n`;
  });
}

const PC = {
  MachineGuid: "6a3b1c2d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
  LastConfig: "{0e5d3c7b-5a3f-5b1e-8f7c-1a2b3c4d5e6f}",
  "0": String.raw`SCSI\Disk&Ven_NVMe&Prod_Samsung_SSD_980\5&1a2b3c4d&0&000000`,
  ProcessorNameString: "AMD Ryzen 9 7950X 16-Core Processor",
  SystemManufacturer: "Microsoft Corporation",
  SystemProductName: "Surface Laptop 5",
};

test("a Windows machine is told by its registry", async () => {
  const { found } = await collectComponents(windows(PC));
  expect(found.map(({ name }) => name)).toEqual([
    "machine-id",
    "product-uuid",
    "root-disk",
    "mac",
    "cpu",
    "hostname",
  ]);
  expect(found[0]?.value).toBe(PC.MachineGuid);
});

test("Microsoft's own machines are no virtual ones, those of Hyper-V are", async () => {
  expect(machineKind(await machineEvidence(windows(PC)))).toBe("physical");
  const guest = windows({ ...PC, SystemProductName: "Virtual Machine" });
  expect(await machineEvidence(guest)).toMatchObject({ hypervisor: "microsoft" });
});

test("where the programs of the system are not there nothing is found, and nothing fails", async () => {
  for (const platform of ["darwin", "win32"] as const) {
    const source = machineOf(platform, () => undefined);
    const { found } = await collectComponents({ ...source, hostname: "localhost", addresses: [] });
    expect(found).toEqual([]);
    expect(machineKind(await machineEvidence(source))).toBe("physical");
  }
});
