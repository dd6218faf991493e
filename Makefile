.PHONY: all generate test lint demo

all: generate lint test

generate:
	go generate ./...

test:
	go test -race ./...

lint:
	gofmt -l .
	go vet ./...
	golangci-lint run

demo:
	go run . demo
