import { type MachineSource, textOf } from "../machine-source.ts";

/** What the firmware says, by the file's name in /sys/class/dmi/id. */
export type Dmi = Readonly<Record<DmiField, string>>;

const FIELDS = [
  "sys_vendor",
  "product_name",
  "product_version",
  "board_vendor",
  "board_asset_tag",
  "bios_vendor",
  "bios_version",
  "chassis_asset_tag",
] as const;

type DmiField = (typeof FIELDS)[number];

const FOLDER = "/sys/class/dmi/id";

/** Where a field of the firmware's is. */
export function dmiPath(field: string): string {
  return `${FOLDER}/${field}`;
}

/** What the firmware says to anybody. A field that it does not say is empty. */
export async function readDmi(source: MachineSource): Promise<Dmi> {
  const texts = await Promise.all(FIELDS.map((field) => textOf(source, dmiPath(field))));
  return Object.fromEntries(FIELDS.map((field, index) => [field, texts[index] ?? ""])) as Dmi;
}
