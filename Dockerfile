# Holdfast as a container on the host's network; docs/install.md says how it is run.
#
# BUILD_IMAGE: whatever ./dev build can run in. It is left alone where agent/target/holdfast has been built already, so that an
#              engine without access to anything can make the image too.
# BASE_IMAGE:  whatever has a C library at least as new as the build's. No shell is needed, unless hooks are shell scripts.
ARG BUILD_IMAGE=debian:trixie
ARG BASE_IMAGE=debian:trixie-slim

FROM ${BUILD_IMAGE} AS build
COPY . /src
WORKDIR /src
RUN [ -x agent/target/holdfast/bin/holdfast ] || ./dev build \
 && mkdir -p /out/usr/lib /out/usr/bin /out/etc/holdfast /out/run/holdfast /out/var/lib/holdfast \
 && cp -a agent/target/holdfast /out/usr/lib/ \
 && cat agent/src/image/java.options deploy/container.options > /out/usr/lib/holdfast/lib/container.options \
 && ln -s ../lib/holdfast/bin/holdfast /out/usr/bin/holdfast

FROM ${BASE_IMAGE}
COPY --from=build /out /
# Java by itself, with the options of bin/holdfast, which is a shell script.
ENTRYPOINT ["/usr/lib/holdfast/runtime/bin/java", "@/usr/lib/holdfast/lib/container.options"]
CMD ["run", "-c", "/etc/holdfast/holdfast.conf"]
STOPSIGNAL SIGTERM
