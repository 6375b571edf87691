import { Client } from "pg";

/**
 * Every row of every table as text, one a line, but of the tables named.
 * @param databaseUrl of a running Postgres
 */
export async function databaseText(databaseUrl: string, without: string[] = []): Promise<string> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    );
    const lines: string[] = [];
    for (const { name } of tables.rows) {
      if (without.includes(name)) continue;
      const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t ORDER BY 1`);
      lines.push(...rows.map(({ text }) => `${name} ${text}`));
    }
    return lines.join("\n");
  } finally {
    await client.end();
  }
}
