package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"
)

// The command prints the contract of the version asked for, in the format asked
// for, or writes it to a file.
func TestOpenapiCommand(t *testing.T) {
	for _, version := range []string{"v1", "v2"} {
		for format, read := range map[string]func([]byte, any) error{"json": json.Unmarshal, "yaml": yaml.Unmarshal} {
			var printed bytes.Buffer
			if err := (openapiCommand{Version: version, Format: format}).Run(&printed); err != nil {
				t.Fatal(err)
			}
			var document struct{ Info struct{ Version string } }
			if err := read(printed.Bytes(), &document); err != nil || document.Info.Version != version {
				t.Errorf("%s %s: %v %v", version, format, document, err)
			}
			file := filepath.Join(t.TempDir(), "document")
			if err := (openapiCommand{Version: version, Format: format, Output: file}).Run(nil); err != nil {
				t.Fatal(err)
			}
			if written, err := os.ReadFile(file); err != nil || !bytes.Equal(written, printed.Bytes()) {
				t.Errorf("%s %s: the file differs: %v", version, format, err)
			}
		}
	}
	if err := (openapiCommand{Version: "v9"}).Run(&bytes.Buffer{}); err == nil {
		t.Error("there is no v9")
	}
}
