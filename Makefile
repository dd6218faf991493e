.PHONY: all generate contract test lint audit demo

all: generate lint test

generate:
	go generate ./...

# The OpenAPI documents, unless they would break clients.
contract:
	audit/openapi/contract.sh

test:
	go test -race ./...

lint:
	gofmt -l .
	go vet ./...
	golangci-lint run

# The outside audits: npm packages and a running gateway.
audit:
	audit/run.sh

demo:
	go run . demo
