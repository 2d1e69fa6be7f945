ARG BUILD_IMAGE=golang:1.26
ARG BASE_IMAGE=gcr.io/distroless/static-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags=-s -o /out/tastetest ./cmd/tastetest
RUN mkdir /out/data

FROM ${BASE_IMAGE}
COPY --from=build /out/tastetest /tastetest
# A named volume takes its owner from the folder in the image.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV TASTETEST_CONFIG=/etc/tastetest/tastetest.yaml TASTETEST_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=6s --start-period=10s CMD ["/tastetest", "healthcheck"]
ENTRYPOINT ["/tastetest"]
CMD ["run"]
