import { runChecks } from "./checks/run-checks";
import { endCommandsOnSignals } from "./run-command";

endCommandsOnSignals();
const results = await runChecks();
const failed = results.filter(({ passed }) => !passed).length;
process.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
