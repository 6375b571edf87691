import { buildIfNeeded } from "./build";
import { runScript } from "./plain-error";

// Builds what is missing or older than its sources, and nothing else.
runScript(buildIfNeeded);
