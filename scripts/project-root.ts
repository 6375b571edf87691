import { fileURLToPath } from "node:url";

/** The directory of package.json, without a trailing slash. */
export const PROJECT_ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
