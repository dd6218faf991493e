package auth

import (
	"bytes"
	"io"
	"regexp"
)

// written is a key as somebody may write it into anything, or the beginning of one.
var written = regexp.MustCompile(`(` + Prefix + `[0-9A-Za-z]{10})_[0-9A-Za-z]+`)

// Redacting returns a writer for a log, which strikes out the secrets of API keys
// that clients wrote where the log tells of it: into a path, the id of a request, the
// name of an operation. The ids are left. Each Write must hold whole lines, as those
// of log/slog do. Keys that were imported have no form to know them by.
func Redacting(w io.Writer) io.Writer { return redacting{w} }

type redacting struct{ to io.Writer }

// Write implements io.Writer.
func (r redacting) Write(line []byte) (int, error) {
	if !bytes.Contains(line, []byte(Prefix)) {
		return r.to.Write(line)
	}
	if _, err := r.to.Write(written.ReplaceAll(line, []byte("${1}_[redacted]"))); err != nil {
		return 0, err
	}
	return len(line), nil
}
