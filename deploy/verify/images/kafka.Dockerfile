# Stands in for docker.io/apache/kafka where no registry can be reached: the same settings from
# KAFKA_*, the same paths, the real broker. Context: `java` (a runtime) and `jars`.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN groupadd --gid 1000 appuser \
    && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /nonexistent appuser \
    && install -d -o 1000 -g 1000 /var/lib/kafka/data /opt/kafka/config
COPY java /opt/java
COPY jars /opt/kafka/libs
COPY --chmod=755 kafka-entrypoint /opt/kafka/bin/start
COPY --chmod=755 kafka-broker-api-versions.sh /opt/kafka/bin/kafka-broker-api-versions.sh
ENV PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin
USER 1000:1000
VOLUME /var/lib/kafka/data
EXPOSE 9092
ENTRYPOINT ["/opt/kafka/bin/start"]
