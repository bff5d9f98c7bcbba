FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY policies policies
COPY schemas schemas
RUN python -m pip install --no-cache-dir --prefix=/install .

FROM python:3.12-slim
COPY --from=build /install /usr/local
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tenantproof
USER 10001:10001
WORKDIR /data
ENTRYPOINT ["tenantproof"]
CMD ["--help"]
