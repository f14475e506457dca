# Stands in for docker.io/grafana/otel-lgtm where no registry can be reached: its Prometheus, at
# its path and port. Grafana, Loki and Tempo are not in it.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends prometheus curl >/dev/null \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir -p /data
EXPOSE 9090
ENTRYPOINT ["prometheus", "--config.file=/otel-lgtm/prometheus.yaml", "--storage.tsdb.path=/data"]
