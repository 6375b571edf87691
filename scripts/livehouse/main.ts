import { isAppError } from "@/lib/app-error";
import { connectEnvironment } from "../connect-environment";
import { type Command, CommandError, type Words } from "./command";
import { helpText } from "./help";
import { keyCommands } from "./key";
import { liveCommands } from "./live";
import { failureOf } from "./outcome";
import { answerAsText } from "./print-answer";
import { readCall } from "./read-words";
import { userCommands } from "./user";

const commands = [...userCommands, ...keyCommands, ...liveCommands];
const subjects: Record<string, string> = { HANDLE: "user", ID: "stream key", LIVE_SESSION_ID: "open live session" };

async function runCommand(command: Command, words: Words) {
  await connectEnvironment();
  const { closeDatabase } = await import("@/lib/db");
  try {
    return await command.run(words);
  } catch (error) {
    const [name] = command.positionals;
    if (!name || !isAppError(error, "not-found")) throw error;
    throw new CommandError(`There is no ${subjects[name]} "${words[name]}".`);
  } finally {
    await closeDatabase();
  }
}

try {
  const call = readCall(process.argv.slice(2), commands);
  if (call.kind === "help") {
    process.stdout.write(`${helpText(call.about, commands)}\n`);
  } else {
    const answer = await runCommand(call.command, call.words);
    process.stdout.write(`${call.json ? JSON.stringify(answer) : answerAsText(answer)}\n`);
  }
} catch (error) {
  const { sentence, exitCode } = failureOf(error);
  process.stderr.write(`${sentence}${exitCode === 2 ? " See --help." : ""}\n`);
  process.exitCode = exitCode;
}
