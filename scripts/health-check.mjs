// A container's health check: node scripts/health-check.mjs portal|media. Exit code 0 when that process says it is well.
const addresses = {
  portal: `http://127.0.0.1:${process.env.PORT || 3000}/api/health`,
  media: `http://127.0.0.1:${process.env.MEDIA_CONTROL_PORT || 8001}/healthz`,
};

try {
  const response = await fetch(addresses[process.argv[2]], { signal: AbortSignal.timeout(4000) });
  process.exit(response.ok ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
