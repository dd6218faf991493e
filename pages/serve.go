package pages

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// policy lets the pages run their own scripts and talk to this server, no more.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// packed is a text as it is kept: compressed, as nearly everybody takes it.
type packed struct {
	zipped []byte
	tag    string
}

// serve answers with a text, which is made when somebody asks for it first. What
// fails then is a fault of the program.
func serve(media string, write func(io.Writer) error) http.Handler {
	once := sync.OnceValue(func() packed {
		text, err := pack(write)
		if err != nil {
			panic(err)
		}
		return text
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
			return
		}
		text := once()
		body, tag := text.zipped, text.tag+"-gzip"
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
		} else {
			body, tag = unpack(text.zipped), text.tag
		}
		h.Add("Vary", "Accept-Encoding")
		h.Set("Content-Security-Policy", policy)
		h.Set("Content-Type", media)
		h.Set("Cache-Control", "no-cache") // to be asked for again each time
		h.Set("ETag", `"`+tag+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

func pack(write func(io.Writer) error) (packed, error) {
	var zipped bytes.Buffer
	hash := sha256.New()
	zip, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return packed{}, err
	}
	if err := write(io.MultiWriter(zip, hash)); err != nil {
		return packed{}, err
	}
	if err := zip.Close(); err != nil {
		return packed{}, err
	}
	return packed{bytes.Clone(zipped.Bytes()), base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:12])}, nil
}

func unpack(zipped []byte) []byte {
	reader, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		panic(err) // it was packed here
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic(err)
	}
	return text
}
