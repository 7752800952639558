# The bot alone, run by a user without rights; its database lives in the volume /data.
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY cogs cogs
COPY migrations migrations
COPY sandbox sandbox
RUN python -m venv /opt/marginalia \
 && /opt/marginalia/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim
# So /tree writes Chinese, Japanese and Korean names, which matplotlib's own font lacks: 5 MB.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends fonts-wqy-microhei \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 1000 --create-home marginalia \
 && install --directory --owner marginalia --mode 0700 /data
COPY --from=build /opt/marginalia /opt/marginalia
# matplotlib, which draws /tree, writes down what it knows of fonts; only /tmp and /data take files.
ENV PATH=/opt/marginalia/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    MARGINALIA_DATABASE_PATH=/data/marginalia.sqlite3
USER marginalia
WORKDIR /data
VOLUME /data
# Sends SIGTERM on stop; the bot then commits what is on its way and leaves.
STOPSIGNAL SIGTERM
ENTRYPOINT ["marginalia"]
# --debug: the container's log tells what should not happen; a file in its /tmp ends with it.
CMD ["run", "--debug"]
