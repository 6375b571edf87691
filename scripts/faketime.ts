import { existsSync, readdirSync } from "node:fs";

const LIBRARIES = "/usr/lib";

/** Where Debian's package `faketime` has put its library (the one for programs with threads), or null. */
export function findFaketime(): string | null {
  const folders = existsSync(LIBRARIES) ? readdirSync(LIBRARIES) : [];
  const paths = folders.map((folder) => `${LIBRARIES}/${folder}/faketime/libfaketimeMT.so.1`);
  return paths.find((path) => existsSync(path)) ?? null;
}
