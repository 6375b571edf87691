# One image for both processes: docker-compose.yml says which of the two a container runs.
ARG NODE_VERSION=22
FROM node:${NODE_VERSION}-bookworm-slim AS base
ENV NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1
WORKDIR /livehouse

# Everything that building needs.
FROM base AS build
COPY package.json package-lock.json .npmrc ./
COPY scripts/bootstrap.mjs scripts/
RUN node scripts/bootstrap.mjs --install
COPY . .
RUN node scripts/bootstrap.mjs scripts/run-build.ts

# Only what running needs.
FROM base AS packages
COPY package.json package-lock.json .npmrc ./
COPY scripts/bootstrap.mjs scripts/
RUN node scripts/bootstrap.mjs --install --production

FROM base AS run
ENV NODE_ENV=production DATA_DIR=/data
# A new volume takes over this directory's owner.
RUN install -d -o node -g node -m 0755 /data
COPY --from=packages /livehouse/node_modules node_modules
COPY --from=build /livehouse/package.json /livehouse/tsconfig.json /livehouse/next.config.js ./
COPY --from=build /livehouse/scripts scripts
COPY --from=build /livehouse/prisma prisma
COPY --from=build /livehouse/lib lib
COPY --from=build /livehouse/.next .next
COPY --from=build /livehouse/.build .build
USER node
VOLUME /data
EXPOSE 3000 8000 1935
CMD ["node", "--conditions=react-server", "--import", "tsx", "scripts/portal.ts"]
