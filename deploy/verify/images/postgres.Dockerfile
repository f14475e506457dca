# Stands in for docker.io/library/postgres where no registry can be reached: the same settings, the
# same paths, the real server. Context: a folder `server` with PostgreSQL's installation.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
RUN groupadd --gid 999 postgres \
    && useradd --uid 999 --gid 999 --no-create-home --home-dir /var/lib/postgresql postgres \
    && install -d -o 999 -g 999 /var/lib/postgresql /var/run/postgresql
COPY server /usr/lib/postgresql/server
COPY libs /usr/lib/postgresql/libs
COPY --chmod=755 postgres-entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/lib/postgresql/server/bin:/usr/local/bin:/usr/bin:/bin \
    PGDATA=/var/lib/postgresql/18/docker LC_ALL=C.UTF-8 LD_LIBRARY_PATH=/usr/lib/postgresql/libs
USER 999:999
VOLUME /var/lib/postgresql
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
