.PHONY: all generate test lint audit demo

all: generate lint test

generate:
	go generate ./...

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
