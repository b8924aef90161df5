import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";

/** A file of settings whose content anybody on the machine may choose. */
export class WritableByAnybody extends Error {
  override readonly name = "WritableByAnybody";
}

const OTHERS_WRITE = 0o002;

/**
 * The text of a file that a setting names. Who may read it is not looked at: what Kubernetes mounts is
 * readable by everybody in a container where there is nobody else.
 * @throws WritableByAnybody; Error of the file system
 */
export function readSettingFile(path: string): string {
  const file = openSync(path, "r");
  try {
    // Windows has no such bits, and tells of files that may be written as if all of them were set.
    const isOpen = process.platform !== "win32" && (fstatSync(file).mode & OTHERS_WRITE) !== 0;
    if (isOpen) throw new WritableByAnybody();
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
