import { expect, test } from "vitest";
import { type MachineEvidence, machineKind, NO_EVIDENCE } from "../src/rules/index.ts";

test("a machine that tells nothing is unknown, one that looked and found nothing is physical", () => {
  expect(machineKind(undefined)).toBe("unknown");
  expect(machineKind(NO_EVIDENCE)).toBe("physical");
});

test.each<[string, Partial<MachineEvidence>]>([
  ["a monitor by name", { hypervisor: "kvm", vendor: "Dell Inc." }],
  ["QEMU's firmware", { vendor: "QEMU", model: "Standard PC (Q35 + ICH9, 2009)" }],
  ["VMware's firmware", { vendor: "VMware, Inc.", model: "VMware7,1" }],
  ["Hyper-V's firmware", { vendor: "Microsoft Corporation", model: "Virtual Machine" }],
  ["VirtualBox' firmware", { vendor: "innotek GmbH", model: "VirtualBox" }],
  ["a cloud's firmware", { vendor: "Google", model: "Google Compute Engine" }],
  ["EC2's firmware", { vendor: "Amazon EC2", model: "m7i.large" }],
  ["the processor's bit, and no firmware", { hypervisorBit: true }],
])("%s makes a machine virtual", (_, signs) => {
  expect(machineKind({ ...NO_EVIDENCE, ...signs })).toBe("virtual");
});

test.each<[string, Partial<MachineEvidence>]>([
  ["a maker's firmware", { vendor: "LENOVO", model: "21HM" }],
  ["a container", { container: "docker", vendor: "Dell Inc.", model: "PowerEdge R740" }],
  ["a cloud's bare metal", { cloud: "aws", vendor: "Amazon EC2", model: "m7i.metal-24xl" }],
  [
    "a machine that runs a hypervisor itself",
    { hypervisorBit: true, vendor: "LENOVO", model: "21HM" },
  ],
  [
    "a laptop of who makes a hypervisor, too",
    { vendor: "Microsoft Corporation", model: "Surface" },
  ],
])("%s is not virtual", (_, signs) => {
  expect(machineKind({ ...NO_EVIDENCE, ...signs })).toBe("physical");
});
