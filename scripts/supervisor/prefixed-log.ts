const WIDTH = 8;

/** Prints lines of one process with its name before them, as they come. */
export function prefixedLog(name: string): (line: string) => void {
  const prefix = `${name.padEnd(WIDTH)} | `;
  return (line) => {
    if (line.trim()) process.stdout.write(`${prefix}${line}\n`);
  };
}
