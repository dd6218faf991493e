package asset

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"sync"
)

// Made serves a text that is made when somebody asks for it first, and kept
// compressed. What fails then is a fault of the program. The policy is its
// Content-Security-Policy.
func Made(media, policy string, write func(io.Writer) error) http.Handler {
	file := sync.OnceValue(func() *File {
		zipped, err := pack(write)
		if err != nil {
			panic(err)
		}
		open := func() io.ReadSeeker { return bytes.NewReader(zipped) }
		return &File{media: media, tag: tag(open()), open: open, zipped: true}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isRead(w, r) {
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		file().serve(w, r)
	})
}

func pack(write func(io.Writer) error) ([]byte, error) {
	var zipped bytes.Buffer
	zip, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := write(zip); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(zipped.Bytes()), nil // without the room to grow
}

// isRead refuses what does not read a page.
func isRead(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
	return false
}
