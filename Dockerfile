# One image a service:
#
#   docker build --target service --build-arg SERVICE=broker-service -t fleuve/broker-service .
#
# SERVICE is broker-service, gateway-service, alert-service or sensor-simulator. All four share every step but the last.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JRE_IMAGE=eclipse-temurin:25-jre

# The jars, with nothing but a JDK and the sources.
FROM ${JDK_IMAGE} AS build
WORKDIR /src
COPY . .
RUN ./mvnw --batch-mode --no-transfer-progress --quiet package -pl quickstart -am -DskipTests \
    && for service in broker-service gateway-service alert-service sensor-simulator quickstart; do \
        cp "$service"/target/"$service"-*-exec.jar "/tmp/$service.jar" \
        && java -Djarmode=tools -jar "/tmp/$service.jar" extract --layers --destination "/image/$service" \
        || exit 1; \
    done

# Each service is run once, with a real database and a broker beside it, so that its classes are loaded and linked ahead
# of time. On the very runtime that the image has: a cache is of no use to another one.
FROM ${JRE_IMAGE} AS train
COPY docker/train.sh docker/health.sh docker/jvm.options /opt/fleuve/
COPY --from=build /image /image
RUN /opt/fleuve/train.sh /image /caches

FROM ${JRE_IMAGE} AS service
ARG SERVICE
LABEL org.opencontainers.image.title="fleuve/${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN mkdir -p /data && chown 10001:10001 /data
COPY docker/health.sh docker/wait-for.sh docker/smoke.sh docker/jvm.options /opt/fleuve/
# What changes least comes first: a new version of the code is a layer of some hundred kilobytes, and its cache.
COPY --from=train /image/${SERVICE}/dependencies/ /opt/fleuve/
COPY --from=train /image/${SERVICE}/snapshot-dependencies/ /opt/fleuve/
COPY --from=train /image/${SERVICE}/application/ /opt/fleuve/
COPY --from=train /caches/${SERVICE}.aot /opt/fleuve/service.aot
WORKDIR /opt/fleuve
RUN ln -s "${SERVICE}.jar" service.jar
USER 10001:10001
VOLUME /data
# All interfaces of the container; who may reach them is the engine's to say.
ENV FLEUVE_DATA_DIR=/data \
    FLEUVE_HTTP_HOST=0.0.0.0 \
    FLEUVE_KAFKA_HOST=0.0.0.0 \
    FLEUVE_SERVICE=${SERVICE}
# A start that is slow because many containers start at a time is not a fault.
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=6 CMD ["/opt/fleuve/health.sh"]
ENTRYPOINT ["java", "@/opt/fleuve/jvm.options", "-XX:AOTCache=/opt/fleuve/service.aot", "-jar", "/opt/fleuve/service.jar"]
