// Package asset serves the files of the gateway's pages: from the program, as they
// are embedded there, and never twice to those who have them. It imports no other
// package of this module.
package asset

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// Folder is a page at a path, "/playground", with what it needs below it.
type Folder struct {
	At string
	// Policy is the Content-Security-Policy of all files.
	Policy string
	// Files are the files by name. The page itself is index.html.
	Files map[string]*File
}

// ServeHTTP implements http.Handler.
func (f *Folder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isRead(w, r) {
		return
	}
	if r.URL.Path == f.At { // relative, for a proxy may serve this elsewhere
		w.Header().Set("Location", path.Base(f.At)+"/")
		w.WriteHeader(http.StatusMovedPermanently)
		return
	}
	name, below := strings.CutPrefix(r.URL.Path, f.At+"/")
	if name == "" {
		name = "index.html"
	}
	file, ok := f.Files[name]
	if !ok || !below {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", f.Policy)
	file.serve(w, r)
}

// File is a file of a page.
type File struct {
	media, tag string
	// open returns the file, as it is embedded: zipped tells how.
	open   func() io.ReadSeeker
	zipped bool
	// lasting tells that the name changes with the text.
	lasting bool
}

// Text is a file that holds a text.
func Text(name string, text []byte) *File {
	open := func() io.ReadSeeker { return bytes.NewReader(text) }
	return &File{media: media(name), tag: tag(open()), open: open}
}

// Zipped is a file of which the program holds the gzip form. It stays where it is
// and is opened for each request: copied, it would be most of what lives in memory.
func Zipped(name string, open func() io.ReadSeeker) *File {
	return &File{media: media(name), tag: tag(open()), open: open, zipped: true}
}

// Lasting is a zipped file that never changes: another text would have another name.
// It is not even read before somebody asks for it.
func Lasting(name string, open func() io.ReadSeeker) *File {
	return &File{media: media(name), tag: name, open: open, zipped: true, lasting: true}
}

// medias are those of names that systems know differently or not at all.
var medias = map[string]string{".js": "text/javascript; charset=utf-8", ".ttf": "font/ttf", ".txt": "text/plain; charset=utf-8"}

func media(name string) string {
	if known, ok := medias[path.Ext(name)]; ok {
		return known
	}
	return mime.TypeByExtension(path.Ext(name))
}

func tag(text io.Reader) string {
	hash := sha256.New()
	if _, err := io.Copy(hash, text); err != nil {
		panic(err) // the file is part of the program
	}
	return base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:12])
}

// serve sends the file, compressed as it is embedded to those who take that.
func (f *File) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.media)
	h.Set("Cache-Control", "no-cache") // to be asked for again each time
	if f.lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", `"`+f.tag+`"`)
	text := f.open()
	if f.zipped {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", `"`+f.tag+`-gzip"`)
		} else {
			text = unzip(text)
		}
	}
	http.ServeContent(w, r, "", time.Time{}, text)
}

func unzip(zipped io.Reader) io.ReadSeeker {
	reader, err := gzip.NewReader(zipped)
	if err != nil {
		panic(err) // the file is part of the program
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		panic(err)
	}
	return bytes.NewReader(text)
}
