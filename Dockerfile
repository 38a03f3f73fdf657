# The image that examples/kubernetes/ names. It runs as an ordinary user and writes nothing but the folder given with -o (and /tmp, where a zip inside of a
# stream is laid down): a read-only root file system with both mounted is enough.
#   docker build -t oom-report .
#   docker run --rm --network none --read-only --tmpfs /tmp -v "$PWD/bundles:/bundles:ro" -v "$PWD/fleet:/fleet" oom-report batch /bundles -o /fleet
FROM node:22-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm pack --ignore-scripts --pack-destination /

FROM node:22-slim
ENV NODE_ENV=production
COPY --from=build /oom-report-*.tgz /tmp/
RUN npm install --global --omit=dev --ignore-scripts /tmp/oom-report-*.tgz && rm -rf /tmp/oom-report-*.tgz /root/.npm
USER 1000:1000
WORKDIR /tmp
ENTRYPOINT ["oom-report"]
CMD ["--help"]
