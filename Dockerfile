# The program alone, in an empty image, as a user without rights:
#
#   docker build -t odoograph .
#   docker run --rm -p 8080:8080 -v odoograph:/data -e ODOO_URL=... -e ODOO_DB=... odoograph
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# .git is copied too, so that odoograph version knows the commit.
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=true -ldflags='-s -w' -o /odoograph . && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /odoograph /usr/bin/odoograph
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /data
VOLUME /data
# A container is reached from outside itself; who may reach it is up to its network.
ENV ODOOGRAPH_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/usr/bin/odoograph"]
CMD ["serve"]
