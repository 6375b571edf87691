import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./lib/i18n/request.ts");

/** @type {import("next").NextConfig} */
const nextConfig = {
  typedRoutes: true,
  // `npm run check` holds the types of the whole repository; an installation needs no second look, nor tests that compile.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  poweredByHeader: false,
  // Native or worker-threaded packages that a bundler would break.
  serverExternalPackages: ["@node-rs/argon2", "pg", "pino"],
  // The dev server is also opened by the machine's other names (a phone on the same network).
  allowedDevOrigins: ["127.0.0.1", "localhost", "*.local"],
  devIndicators: false,
};

export default withNextIntl(nextConfig);
